import { defineConfig } from 'vitest/config';

/** A fleet over a real nats-server; what of it needs the server is skipped aloud where there is none. */
export default defineConfig({
  test: { include: ['test/fleet/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 60_000, maxWorkers: 1 },
});
