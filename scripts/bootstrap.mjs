/**
 * `node scripts/bootstrap.mjs start|test [arguments]`: makes a fresh clone ready, then does the task on the pinned Node.
 * Runs on Node 20 with nothing installed, so it and scripts/bootstrap/ are plain JavaScript without dependencies.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtProgram, isBuildFresh } from './bootstrap/build-stamp.mjs';
import { canShowWindows, electronProgram } from './bootstrap/electron.mjs';
import { ensureInstalled, InstallFailed } from './bootstrap/install.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { howToGetNode, pinnedNode, runInPlace } from './bootstrap/pinned-node.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @type {Record<string, (node: string, args: string[]) => Promise<number>>} */
const tasks = {
  async start(node, args) {
    const built = await ensureBuilt(node);
    if (built !== 0) return built;
    // Words are for the command line. Without Electron or a screen the same window is in a browser.
    const electron = args.length === 0 ? electronProgram(root, process.env) : undefined;
    if (electron !== undefined && canShowWindows(process.env, process.getuid?.())) return runInPlace(electron, [root]);
    const words = args.length > 0 ? ['start', ...args] : ['serve', '--open', '--or-example'];
    return runInPlace(node, [builtProgram(root), ...words]);
  },
  test: (node, args) => runInPlace(node, [join(root, 'scripts', 'test.ts'), ...args], { cwd: root }),
};

/** @returns {Promise<number>} exit code of the build; 0 when there was nothing to build */
async function ensureBuilt(/** @type {string} */ node) {
  if (isBuildFresh(root)) return 0;
  const onWait = (/** @type {number} */ pid) => console.error(`Waiting for process ${pid}, which is building…`);
  return withLock(join(root, '.cache', 'build.lock'), onWait, async () => {
    if (isBuildFresh(root)) return 0; // the one we waited for did it
    console.error('Building…');
    return runInPlace(node, [join(root, 'scripts', 'build.mjs')], { cwd: root });
  });
}

/** @returns {Promise<number>} exit code */
async function main(/** @type {string} */ name, /** @type {string[]} */ args) {
  const task = tasks[name];
  if (!task) {
    console.error(`Unknown task "${name}": node scripts/bootstrap.mjs ${Object.keys(tasks).join('|')} [arguments]`);
    return 2;
  }
  const refuse = (/** @type {string} */ why) => {
    console.error(why);
    if (name === 'test') console.log('0 passed, 1 failed, 0 skipped');
    return 1;
  };
  try {
    await ensureInstalled(root);
  } catch (error) {
    if (error instanceof InstallFailed) return refuse(error.message);
    throw error;
  }
  const node = pinnedNode(root);
  return node === undefined ? refuse(howToGetNode()) : task(node, args);
}

const [name = '', ...args] = process.argv.slice(2);
process.exitCode = await main(name, args);
