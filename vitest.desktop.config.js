import { defineConfig } from 'vitest/config';

/** Suites on a real desktop: one at a time, for each has a screen, a mouse and a bus to itself. */
export default defineConfig({
  test: {
    include: ['test/desktop/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});
