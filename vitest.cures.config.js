import { defineConfig } from 'vitest/config';

/** Every cure that the program advises is carried out, and has to end the trouble. */
export default defineConfig({
  test: { include: ['test/cures/**/*.test.ts'], testTimeout: 120_000, maxWorkers: 2 },
});
