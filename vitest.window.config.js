import { defineConfig } from 'vitest/config';

import desktop from './vitest.desktop.config.js';

/** The built window in a real browser, over a real engine: as polite as the suite on the desktop, and one file at a time. */
export default defineConfig({
  test: { ...desktop.test, include: ['test/window/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
});
