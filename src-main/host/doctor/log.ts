import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { look, type LookedAt as LookedAtLine } from '../../line-forms/look.ts';
import { oddTexts, seemingOf, seemings } from '../../line-forms/sentences.ts';
import { quoted } from './shell.ts';
import type { Finding } from './finding.ts';

const fine = { remedy: null, command: null };
/** So much of the log's end is looked at. */
const TAIL = 256 * 1024;
const MINUTE = 60;
/** Heartbeats come every five minutes. */
const FRESH = 15 * MINUTE;
const STALE = 24 * 60 * MINUTE;
/** Clocks differ by less. */
const AHEAD = 10 * MINUTE;
const NAME_LENGTH = 200;

export interface LookedAt {
  readonly readable: Finding;
  readonly arriving: Finding;
  /** None of the last lines is a result. */
  readonly isForeign: boolean;
  /** It holds no line yet. */
  readonly isEmpty: boolean;
  /** Names of the results among the last lines. */
  readonly queries: readonly string[];
}

/** The log and its last lines. @param now Unix seconds */
export async function lookAtLog({ log, user, now }: { log: string; user: string; now: number }): Promise<LookedAt> {
  const readable = await readability(log, user);
  if (readable.state !== 'pass') {
    const arriving: Finding = { state: 'unknown', why: 'That shows once the log can be read.', ...fine };
    return { readable, arriving, isForeign: false, isEmpty: false, queries: [] };
  }
  const lines = await tailOf(log);
  const looks = lines.map((line) => look(line));
  const results = looks.flatMap((one) => one.results);
  const queries = [...new Set(results.map(({ name }) => name.slice(0, NAME_LENGTH)))];
  const isForeign = results.length === 0 && lines.length > 0;
  const isEmpty = lines.length === 0;
  if (isForeign) return { readable, queries, isForeign, isEmpty, arriving: foreign(log, looks) };
  return { readable, queries, isForeign, isEmpty, arriving: arrivingOf(results, formsOf(looks), now) };
}

/** None of the last lines is a result: waiting would not help. */
function foreign(log: string, looks: readonly LookedAtLine[]): Finding {
  const counts = new Map<string, number>();
  for (const { reason = 'not-json' } of looks) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const { seems, remedy } = seemings[seemingOf(counts) ?? 'not-json'];
  return { state: 'fail', why: `${log} holds no result of osquery. ${seems}`, remedy, command: null };
}

/** ", of lines that …" */
function formsOf(looks: readonly LookedAtLine[]): string {
  const form = looks.findLast((one) => one.form !== undefined)?.form;
  return form === undefined ? '' : ` Lines ${oddTexts[form]}.`;
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
        state: 'fail',
        why: `${log} does not exist${(await exists(folder)) ? '' : `, nor does its folder ${folder}`}.`,
        remedy: 'osquery makes it with its first result: install and start it, or name another log in the settings.',
        command: null,
      };
    }
    const of = await ownerOf(log, folder);
    return {
      state: 'fail',
      why: `${user} may not read ${log}${of} (${code}).`,
      remedy:
        'Let this user read it with an access list (package acl), which lasts when osquery makes the file again; then test again.',
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

/** The last whole lines that are not empty; the first of them where it is the log's first. */
async function tailOf(log: string): Promise<string[]> {
  const file = await open(log, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    return lines.slice(length < size ? 1 : 0).filter((line) => line.trim() !== '');
  } finally {
    await file.close();
  }
}

function arrivingOf(results: LookedAtLine['results'], forms: string, now: number): Finding {
  const command = 'sudo journalctl -u osqueryd -n 50 --no-pager';
  const times = results.flatMap(({ time }) => time ?? []);
  const sane = times.filter((time) => time <= now + AHEAD);
  const last = sane.at(-1);
  if (last === undefined && times.length > 0) {
    return {
      state: 'warn',
      why: `The last results claim a time in the future, by ${spoken(times.at(-1)! - now)}.${forms}`,
      remedy: 'Look at the clock of this machine, and of the one that writes the log.',
      command: 'timedatectl',
    };
  }
  if (last === undefined) {
    return {
      state: 'fail',
      why: 'The log has no result yet.',
      remedy: 'Wait five minutes; then see what osquery says.',
      command,
    };
  }
  const age = Math.max(0, now - last);
  const ahead = times.length - sane.length;
  const future = ahead > 0 ? ` ${ahead} of the last ${times.length} claim a time in the future.` : '';
  const why = `The last result is ${spoken(age)} old.${future}${forms}`;
  if (age <= FRESH) return { state: 'pass', why, ...fine };
  const remedy = 'With the pack something comes every five minutes: see what osquery says.';
  return { state: age <= STALE ? 'warn' : 'fail', why, remedy, command };
}

function spoken(seconds: number): string {
  if (seconds < 2 * MINUTE) return `${Math.round(seconds)} seconds`;
  if (seconds < 120 * MINUTE) return `${Math.round(seconds / MINUTE)} minutes`;
  return seconds < 2 * STALE ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / STALE)} days`;
}
