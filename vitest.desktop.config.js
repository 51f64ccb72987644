import { setPriority } from 'node:os';
import { defineConfig } from 'vitest/config';

// Whoever works beside the tests goes first; browsers and desktops inherit it.
setPriority(10);

/** Suites on a real desktop: one at a time, for each of them takes a browser and waits for what may not come. */
export default defineConfig({
  test: {
    include: ['test/desktop/**/*.test.ts'],
    // Proves the bench, not the program: vitest.mistakes.config.js.
    exclude: ['test/desktop/mistakes.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});
