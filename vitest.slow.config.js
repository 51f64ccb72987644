import { defineConfig } from 'vitest/config';

/** Suites that kill real processes: minutes, not milliseconds. */
export default defineConfig({
  test: { include: ['test/slow/**/*.test.ts'], testTimeout: 1_200_000, maxWorkers: 1 },
});
