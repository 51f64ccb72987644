import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { quoted } from './shell.ts';
import type { Finding } from './finding.ts';

const fine = { remedy: null, command: null };
/** So much of the log's end is looked at. */
const TAIL = 256 * 1024;
const MINUTE = 60;
/** Heartbeats come every five minutes. */
const FRESH = 15 * MINUTE;
const STALE = 24 * 60 * MINUTE;

export interface LookedAt {
  readonly readable: Finding;
  readonly arriving: Finding;
  /** Names of the results among the last lines. */
  readonly queries: readonly string[];
}

/** The log and its last lines. @param now Unix seconds */
export async function lookAtLog({ log, user, now }: { log: string; user: string; now: number }): Promise<LookedAt> {
  const readable = await readability(log, user);
  if (readable.state !== 'pass') {
    const arriving: Finding = { state: 'unknown', why: 'That shows once the log can be read.', ...fine };
    return { readable, arriving, queries: [] };
  }
  const lines = (await tailOf(log)).split('\n').filter((line) => line.startsWith('{'));
  const queries = [...new Set(lines.flatMap((line) => /"name":\s*"([^"]{1,200})"/.exec(line)?.[1] ?? []))];
  const times = lines.flatMap((line) => /"unixTime":\s*"?(\d{1,12})\b/.exec(line)?.[1] ?? []).map(Number);
  return { readable, queries, arriving: arrivingOf(times.at(-1), now) };
}

async function readability(log: string, user: string): Promise<Finding> {
  try {
    await access(log, constants.R_OK);
    if (!(await stat(log)).isDirectory()) return { state: 'pass', why: `${log} can be read.`, ...fine };
    return {
      state: 'fail',
      why: `${log} is a folder.`,
      remedy: 'Name the file of results in the settings.',
      command: null,
    };
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const folder = dirname(log);
    if (code === 'ENOENT') {
      return {
        ...{
          state: 'fail',
          why: `${log} does not exist${(await exists(folder)) ? '' : `, nor does its folder ${folder}`}.`,
        },
        remedy: 'osquery makes it with its first result: install and start it, or name another log in the settings.',
        command: null,
      };
    }
    const of = await ownerOf(log, folder);
    return {
      ...{ state: 'fail', why: `${user} may not read ${log}${of} (${code}).` },
      remedy:
        'Let this user read it with an access list (package acl), which lasts when osquery makes the file anew; then test again.',
      command: [
        ...(await closedAbove(folder)).map((above) => `sudo setfacl -m u:${quoted(user)}:x ${quoted(above)}`),
        `sudo setfacl -m u:${quoted(user)}:rx ${quoted(folder)}`,
        `sudo setfacl -d -m u:${quoted(user)}:r ${quoted(folder)}`,
        `sudo setfacl -m u:${quoted(user)}:r ${quoted(log)}`,
      ].join(' && '),
    };
  }
}

/** Folders above one that this user cannot pass, the outermost first. */
async function closedAbove(folder: string): Promise<string[]> {
  const closed: string[] = [];
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    const isOpen = await access(above, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isOpen) break;
    closed.unshift(above);
  }
  return closed;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** ", which uid 0 owns with mode 0640": of the log, or of the folder that hides it. */
async function ownerOf(log: string, folder: string): Promise<string> {
  for (const path of [log, folder]) {
    const found = await stat(path).catch(() => undefined);
    if (!found) continue;
    const mode = (found.mode & 0o7777).toString(8).padStart(4, '0');
    return `: ${path === log ? 'it' : folder} belongs to uid ${found.uid} and has mode ${mode}`;
  }
  return '';
}

async function tailOf(log: string): Promise<string> {
  const file = await open(log, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function arrivingOf(last: number | undefined, now: number): Finding {
  const command = 'sudo journalctl -u osqueryd -n 50 --no-pager';
  if (last === undefined) {
    return {
      state: 'fail',
      why: 'The log has no result yet.',
      remedy: 'Wait five minutes; then see what osquery says.',
      command,
    };
  }
  const age = Math.max(0, now - last);
  const why = `The last result is ${spoken(age)} old.`;
  if (age <= FRESH) return { state: 'pass', why, ...fine };
  const remedy = 'With the pack something comes every five minutes: see what osquery says.';
  return { state: age <= STALE ? 'warn' : 'fail', why, remedy, command };
}

function spoken(seconds: number): string {
  if (seconds < 2 * MINUTE) return `${Math.round(seconds)} seconds`;
  if (seconds < 120 * MINUTE) return `${Math.round(seconds / MINUTE)} minutes`;
  return seconds < 2 * STALE ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / STALE)} days`;
}
