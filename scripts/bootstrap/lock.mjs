import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does `work` while no other process of this machine does work under the same lock. A lock whose holder has died is taken over.
 *
 * @template T
 * @param {string} path the lock: a file that holds its owner's pid
 * @param {(holder: number) => void} onWait called once when somebody else holds the lock
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !tryTake(path); await sleep(200)) {
    const holder = holderOf(path);
    if (holder !== undefined && !isAlive(holder)) removeStale(path, holder);
    else if (holder !== undefined && !told) {
      told = true;
      onWait(holder);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** A link appears whole or not at all: nobody ever sees a lock without its owner's pid. */
function tryTake(/** @type {string} */ path) {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

function holderOf(/** @type {string} */ path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined; // released meanwhile
    throw error;
  }
}

/** Moved aside before it is deleted: if another process took the lock since we looked, we have moved its lock and put it back. */
function removeStale(/** @type {string} */ path, /** @type {number} */ deadHolder) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    if (holderOf(aside) !== deadHolder) linkSync(aside, path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM'; // somebody else's, but alive
  }
}

function codeOf(/** @type {unknown} */ error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
