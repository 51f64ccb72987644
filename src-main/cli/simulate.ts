import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { attacks } from '../simulate/attacks/schedule.ts';
import { forms } from '../simulate/lines.ts';
import { machinesOf, MOST_HOSTS } from '../simulate/machines.ts';
import { packs, simulate as simulateLines, type Label, type SimulateOptions } from '../simulate/simulate.ts';
import { MOST_USERS } from '../simulate/world.ts';
import { pauseFor } from '../system/pause-for.ts';
import { exitCodes, Failure } from './failure.ts';
import { writeAllRaw } from './output.ts';

export interface SimulateWords {
  readonly users: string;
  readonly days: string;
  readonly start: string;
  readonly seed: string;
  readonly pack: string;
  readonly form: string;
  readonly attacks: string;
  readonly speed: string;
  readonly audit?: boolean;
  readonly follow?: boolean;
  readonly out?: string;
  readonly labels?: string;
  readonly hosts?: string;
}

const MOST_DAYS = 3660;

/** `ubad simulate`: writes the log that users could have left, all at once or as it would have grown. */
export async function simulate(words: SimulateWords): Promise<void> {
  const options = optionsOf(words);
  if (words.hosts !== undefined) {
    writeMachines(words, options);
    return;
  }
  const speed = numberOf('speed', words.speed, Number.MIN_VALUE, Infinity);
  const out = words.out === undefined ? 1 : openSync(words.out, words.follow ? 'a' : 'w', 0o600);
  const stop = new AbortController();
  const onStop = (): void => {
    stop.abort();
  };
  process.on('SIGTERM', onStop).on('SIGINT', onStop);
  try {
    const labels = await write(options, out, words.follow ? speed : Infinity, stop.signal);
    if (words.labels !== undefined) writeFileSync(words.labels, labelText(labels), { mode: 0o600 });
  } finally {
    process.off('SIGTERM', onStop).off('SIGINT', onStop);
    if (out !== 1) closeSync(out);
  }
}

/** A log for each machine, in a folder. */
function writeMachines(words: SimulateWords, options: SimulateOptions): void {
  const hosts = numberOf('hosts', words.hosts!, 1, MOST_HOSTS, true);
  if (words.out === undefined || words.follow)
    throw new Failure('--hosts writes a log for each into the folder of --out, all at once.', exitCodes.usage);
  mkdirSync(words.out, { recursive: true, mode: 0o700 });
  const labels: Label[] = [];
  for (const { host, days } of machinesOf({ ...options, hosts })) {
    const file = openSync(join(words.out, `${host}.results.log`), 'w', 0o600);
    try {
      for (let day = days.next(); ; day = days.next()) {
        if (day.done) {
          labels.push(...day.value);
          break;
        }
        writeAllRaw(file, day.value.map(({ text }) => `${text}\n`).join(''));
      }
    } finally {
      closeSync(file);
    }
  }
  if (words.labels !== undefined) writeFileSync(words.labels, labelText(labels), { mode: 0o600 });
}

/** One JSON line a label. */
export const labelText = (labels: readonly Label[]): string =>
  labels.map((label) => `${JSON.stringify(label)}\n`).join('');

/** @param speed simulated seconds that pass in one; @returns the labels, none when it was stopped before the end */
async function write(options: SimulateOptions, out: number, speed: number, signal: AbortSignal): Promise<Label[]> {
  const days = simulateLines(options);
  const began = performance.now();
  for (;;) {
    const { done, value } = days.next();
    if (done) return value;
    let pending = '';
    for (const { text, time } of value) {
      const due = began + ((time - options.start) / speed) * 1000;
      const early = due - performance.now();
      if (early > 0) {
        writeAllRaw(out, pending);
        pending = '';
        await pauseFor(early, signal);
        if (signal.aborted) return [];
      }
      pending += `${text}\n`;
    }
    writeAllRaw(out, pending);
    if (signal.aborted) return [];
  }
}

function optionsOf(words: SimulateWords): SimulateOptions {
  const { start, pack, form, audit = false, attacks: wanted } = words;
  if (audit && (pack !== 'modern' || form === 'snapshot')) {
    throw new Failure(
      '--audit goes with --pack modern and --form event or batch: nothing else has audit rows.',
      exitCodes.usage,
    );
  }
  const midnight = Date.parse(`${start}T00:00:00Z`) / 1000;
  if (!/^\d{4}-\d\d-\d\d$/.test(start) || !Number.isFinite(midnight)) {
    throw new Failure(`--start «${start}»: use a day like 2026-04-20.`, exitCodes.usage);
  }
  return {
    users: numberOf('users', words.users, 1, MOST_USERS, true),
    days: numberOf('days', words.days, 1, MOST_DAYS, true),
    seed: numberOf('seed', words.seed, 0, 0xffffffff, true),
    start: midnight,
    pack: oneOf('pack', pack, packs),
    form: oneOf('form', form, forms),
    audit,
    attacks: attacksOf(wanted),
  };
}

function attacksOf(wanted: string): string[] {
  const all = attacks.map(({ id }) => id);
  if (wanted === 'all') return all;
  if (wanted === 'none') return [];
  return wanted.split(',').map((id) => oneOf('attacks', id, all));
}

function oneOf<T extends string>(option: string, text: string, all: readonly T[]): T {
  const found = all.find((one) => one === text);
  if (found === undefined) {
    throw new Failure(`--${option} «${text}»: use one of ${all.join(', ')}.`, exitCodes.usage);
  }
  return found;
}

function numberOf(option: string, text: string, least: number, most: number, whole = false): number {
  const number = Number(text);
  if (text === '' || !(number >= least && number <= most) || (whole && !Number.isInteger(number))) {
    const range = most === Infinity ? 'above 0' : `from ${least} to ${most}`;
    throw new Failure(`--${option} «${text}»: use a ${whole ? 'whole ' : ''}number ${range}.`, exitCodes.usage);
  }
  return number;
}
