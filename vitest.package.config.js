import { defineConfig } from 'vitest/config';

/** The packages are made once, then looked at, installed and driven, one after the other. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    globalSetup: ['test/package/make.ts'],
    testTimeout: 240_000,
    hookTimeout: 180_000,
    maxWorkers: 1,
    fileParallelism: false,
  },
});
