import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { look, type LookedAt as LookedAtLine } from '../../line-forms/look.ts';
import { seemingOf } from '../../line-forms/sentences.ts';
import { quoted } from './shell.ts';
import type { Phrase } from '../../contract/story/story.ts';
import { found, sentence, type Finding } from './finding.ts';

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
    const arriving = found('unknown', [sentence('log.later')]);
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
  const seeming = seemingOf(counts) ?? 'not-json';
  const why = [sentence('log.foreign', { log }), sentence(`seems.${seeming}`)];
  return found('fail', why, [sentence(`seems.${seeming}.do`)]);
}

/** What was odd about the lines. */
function formsOf(looks: readonly LookedAtLine[]): Phrase[] {
  const form = looks.findLast((one) => one.form !== undefined)?.form;
  return form === undefined ? [] : [sentence(`odd.${form}`)];
}

async function readability(log: string, user: string): Promise<Finding> {
  try {
    await access(log, constants.R_OK);
    if (!(await stat(log)).isDirectory()) return found('pass', [sentence('log.pass', { log })]);
    return found('fail', [sentence('log.folder', { log })], [sentence('log.folder.do')]);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const folder = dirname(log);
    if (code === 'ENOENT') {
      const isThere = await exists(folder);
      const why = isThere ? sentence('log.missing', { log }) : sentence('log.missing.folder', { log, folder });
      return found('fail', [why], [sentence('log.missing.do')]);
    }
    const command = [
      ...(await closedAbove(folder)).map((above) => `sudo setfacl -m u:${quoted(user)}:x ${quoted(above)}`),
      `sudo setfacl -m u:${quoted(user)}:rx ${quoted(folder)}`,
      `sudo setfacl -d -m u:${quoted(user)}:r ${quoted(folder)}`,
      `sudo setfacl -m u:${quoted(user)}:r ${quoted(log)}`,
    ].join(' && ');
    return found('fail', [await denied(log, folder, user, code)], [sentence('log.denied.do')], command);
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

/** Who owns the log, or the folder that hides it. */
async function denied(log: string, folder: string, user: string, code: string): Promise<Phrase> {
  for (const path of [log, folder]) {
    const owned = await stat(path).catch(() => undefined);
    if (!owned) continue;
    const mode = (owned.mode & 0o7777).toString(8).padStart(4, '0');
    const values = { user, log, code, folder, uid: owned.uid, mode };
    return sentence(path === log ? 'log.denied.owner' : 'log.denied.folder', values);
  }
  return sentence('log.denied', { user, log, code });
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

function arrivingOf(results: LookedAtLine['results'], forms: readonly Phrase[], now: number): Finding {
  const command = 'sudo journalctl -u osqueryd -n 50 --no-pager';
  const times = results.flatMap(({ time }) => time ?? []);
  const sane = times.filter((time) => time <= now + AHEAD);
  const last = sane.at(-1);
  if (last === undefined && times.length > 0) {
    const [unit, n] = spoken(times.at(-1)! - now);
    return found('warn', [sentence(`future.${unit}`, { n }), ...forms], [sentence('future.do')], 'timedatectl');
  }
  if (last === undefined) return found('fail', [sentence('empty')], [sentence('empty.do')], command);
  const age = Math.max(0, now - last);
  const ahead = times.length - sane.length;
  const [unit, n] = spoken(age);
  const future = ahead > 0 ? [sentence('last.future', { n: ahead, all: times.length })] : [];
  const why = [sentence(`last.${unit}`, { n }), ...future, ...forms];
  if (age <= FRESH) return found('pass', why);
  return found(age <= STALE ? 'warn' : 'fail', why, [sentence('last.old.do')], command);
}

function spoken(seconds: number): [unit: 'seconds' | 'minutes' | 'hours' | 'days', n: number] {
  if (seconds < 2 * MINUTE) return ['seconds', Math.round(seconds)];
  if (seconds < 120 * MINUTE) return ['minutes', Math.round(seconds / MINUTE)];
  return seconds < 2 * STALE ? ['hours', Math.round(seconds / 3600)] : ['days', Math.round(seconds / STALE)];
}
