import { defineConfig } from 'vitest/config';

// Electron's package looks for its program when it is imported, and would download it: nothing here runs it.
process.env.ELECTRON_OVERRIDE_DIST_PATH ??= '/nonexistent';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/slow/**',
      'test/fleet/**',
      'test/desktop/**',
      'test/window/**',
      'test/cures/**',
      'test/documents/**',
      'test/package/**',
      'node_modules/**',
    ],
    testTimeout: 180_000,
    maxWorkers: 2,
    // Else its import of Electron would not be the one that a test puts in its place.
    server: { deps: { inline: ['electron-store'] } },
  },
});
