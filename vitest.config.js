import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**', 'test/desktop/**', 'node_modules/**'],
    testTimeout: 180_000,
    maxWorkers: 2,
  },
});
