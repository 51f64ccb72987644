import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Electron's package looks for its program when it is imported, and would download it: nothing here runs it.
process.env.ELECTRON_OVERRIDE_DIST_PATH ??= '/nonexistent';

// Hundreds of processes start the program from its sources: what Node made of them once is made once.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '.cache', 'compiled');

const MINUTE = 60_000;

/** Unit tests that train, start the program many times or try many schedules: `npm run check` leaves them to `npm test`. */
const long = 'test/**/*.long.test.ts';

/** In folders of their own: they start processes, browsers or desktops. */
const apart = ['cures', 'desktop', 'documents', 'fleet', 'package', 'slow', 'window'];
const notHere = [...apart.map((folder) => `test/${folder}/**`), 'node_modules/**'];

/** Temporary files in memory, where there is room and programs may be run: thousands of stores wait for no disk to sync. */
const inMemory = { env: { TMPDIR: fitsInMemory('/dev/shm') ? '/dev/shm' : tmpdir() } };

/** @param {string} folder */
function fitsInMemory(folder) {
  try {
    accessSync(folder, constants.W_OK);
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .find(([, at]) => at === folder);
    const { bavail, bsize } = statfsSync(folder);
    return mount !== undefined && !mount[3].split(',').includes('noexec') && bavail * bsize > 4 * 1024 ** 3;
  } catch {
    return false; // no such folder: not Linux, or a small container
  }
}

/** What is waited for comes, on a busy machine later: how fast it is, a bench says. */
const longPolls = { expect: { poll: { timeout: 20_000 } } };

/** What they run is built once, before them. */
const built = { globalSetup: ['test/build-first.ts'] };

/** One file at a time: each takes all of a server or of the machine, or is as much as it bears. */
const alone = { maxWorkers: 1 };

const projects = [
  {
    name: 'unit',
    include: ['test/**/*.test.ts'],
    exclude: [...notHere, long],
    testTimeout: 3 * MINUTE,
    maxWorkers: 2,
    ...inMemory,
  },
  {
    name: 'long',
    include: [long],
    exclude: notHere,
    testTimeout: 3 * MINUTE,
    // Some train before their tests.
    hookTimeout: 3 * MINUTE,
    maxWorkers: 2,
    ...inMemory,
  },
  // Every cure that the program advises is carried out, and has to end the problem.
  { name: 'cures', include: ['test/cures/**/*.test.ts'], testTimeout: 2 * MINUTE, maxWorkers: 2, ...inMemory },
  // Every command that a document prints is run as written.
  {
    name: 'documents',
    include: ['test/documents/**/*.test.ts'],
    testTimeout: 15 * MINUTE,
    hookTimeout: 2 * MINUTE,
    maxWorkers: 2,
    ...built,
  },
  // A fleet over a real nats-server; what of it needs the server is skipped aloud where there is none.
  {
    name: 'fleet',
    include: ['test/fleet/**/*.test.ts'],
    testTimeout: 2 * MINUTE,
    hookTimeout: MINUTE,
    ...alone,
    ...inMemory,
    ...built,
  },
  // Real processes that are killed.
  { name: 'kill', include: ['test/slow/**/*.test.ts'], testTimeout: 20 * MINUTE, ...alone, ...inMemory },
  // The built window in a real browser, over a real engine.
  {
    name: 'window',
    include: ['test/window/**/*.test.ts'],
    testTimeout: 5 * MINUTE,
    hookTimeout: 5 * MINUTE,
    maxWorkers: 2,
    ...built,
  },
  // The application on real Xfce desktops, which know nothing of each other.
  {
    name: 'desktop',
    include: ['test/desktop/**/*.test.ts'],
    exclude: ['test/desktop/mistakes.test.ts'],
    testTimeout: MINUTE,
    hookTimeout: MINUTE,
    maxWorkers: 2,
    ...built,
  },
  // Proves the desktop's checks, for who changes them: deliberate mistakes, each of which one has to notice.
  {
    name: 'mistakes',
    include: ['test/desktop/mistakes.test.ts'],
    testTimeout: MINUTE,
    hookTimeout: MINUTE,
    ...alone,
    ...built,
  },
  // The packages are made once, then looked at, installed and driven.
  {
    name: 'package',
    include: ['test/package/**/*.test.ts'],
    globalSetup: ['test/package/make.ts'],
    testTimeout: 4 * MINUTE,
    hookTimeout: 3 * MINUTE,
    ...alone,
  },
];

export default defineConfig({
  test: {
    projects: projects.map((project, at) => ({
      test: {
        ...project,
        ...longPolls,
        // Projects of unlike numbers of workers cannot run together.
        sequence: { groupOrder: at },
        // Else its import of Electron would not be the one that a test puts in its place.
        server: { deps: { inline: ['electron-store'] } },
      },
    })),
  },
});
