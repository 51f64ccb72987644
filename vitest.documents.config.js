import { defineConfig } from 'vitest/config';

/** Every command that a document prints is run as written. */
export default defineConfig({
  test: { include: ['test/documents/**/*.test.ts'], testTimeout: 900_000, hookTimeout: 120_000, maxWorkers: 2 },
});
