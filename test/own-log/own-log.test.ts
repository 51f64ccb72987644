import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { kinds, type LogEvent } from '../../src-main/contract/log-events.ts';
import { OwnLog } from '../../src-main/own-log/own-log.ts';
import type { Bounds } from '../../src-main/own-log/rotating-file.ts';
import { tailOf } from '../../src-main/own-log/tail.ts';
import { hostile } from '../fuzz/mutate.ts';
import { scratch } from '../scratch.ts';

/** A log in a folder of its own, with a clock of its own. */
class Bench {
  readonly folder: string;
  readonly log: OwnLog;
  now = Date.UTC(2026, 10, 27, 9);

  constructor(bounds?: Bounds, folder = join(scratch(), 'state')) {
    this.folder = folder;
    this.log = new OwnLog({ folder, from: 'watch', now: () => this.now, ...(bounds && { bounds }) });
  }

  get path(): string {
    return join(this.folder, 'ubad.log');
  }

  read(path = this.path): Record<string, unknown>[] {
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const trained = (seconds: number): LogEvent => ({ what: 'trained', seconds });
/** So long that each is told by itself. */
const MINUTE = 60_000;

describe('the own log', () => {
  it('is JSON lines in a private file, with level, time and who writes', () => {
    const bench = new Bench();
    bench.log.logEvent({ what: 'not-stored', why: 'full' });
    bench.log.logEvent({ what: 'alert-opened', alert: 7, band: 'high' });
    const head = { at: '2026-11-27T09:00:00.000Z', from: 'watch', pid: process.pid };
    expect(bench.read()).toEqual([
      { ...head, level: 'error', what: 'not-stored', why: 'full' },
      { ...head, level: 'notice', what: 'alert-opened', alert: 7, band: 'high' },
    ]);
    expect([mode(bench.folder), mode(bench.path)]).toEqual(['700', '600']);
    chmodSync(bench.path, 0o644);
    bench.log.logEvent({ what: 'stopped' });
    expect(mode(bench.path)).toBe('600');
  });

  it('never takes more of the disk than its bounds, and puts the oldest away first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 3000 }), fc.integer({ min: 1, max: 6 }), (bytes, files) => {
        const bench = new Bench({ bytes, files });
        for (let i = 0; i < 120; i++) {
          bench.now += MINUTE;
          bench.log.logEvent(trained(i));
        }
        const names = readdirSync(bench.folder).sort();
        expect(names.length).toBeLessThanOrEqual(files);
        for (const name of names) {
          expect(statSync(join(bench.folder, name)).size).toBeLessThanOrEqual(bytes);
          expect(mode(join(bench.folder, name))).toBe('600');
        }
        const kept = names
          .reverse()
          .flatMap((name) => bench.read(join(bench.folder, name)).map(({ seconds }) => seconds));
        // Whole and in order up to the last one, whatever was put away; no file was put away half empty.
        expect(kept).toEqual(Array.from(kept, (_, k) => 120 - kept.length + k));
        if (kept.length < 120) expect(names).toHaveLength(files);
      }),
      { numRuns: 40 },
    );
  });

  it('is written by several processes at once, and no line is cut', () => {
    const folder = join(scratch(), 'state');
    const [one, other] = [new Bench({ bytes: 2000, files: 3 }, folder), new Bench({ bytes: 2000, files: 3 }, folder)];
    for (let i = 0; i < 100; i++) {
      const bench = i % 3 === 0 ? one : other;
      bench.now += MINUTE;
      bench.log.logEvent(trained(i));
    }
    const kept = [2, 1, 0].flatMap((back) => one.read(`${one.path}${back > 0 ? `.${back}` : ''}`));
    expect(kept.map(({ seconds }) => seconds)).toEqual(kept.map((_, k) => 100 - kept.length + k));
  });

  it('counts what comes again within a minute instead of writing it, also in turns', () => {
    const bench = new Bench();
    for (let i = 0; i < 1000; i++) {
      bench.log.logEvent({ what: 'not-stored', why: 'full' });
      bench.log.logEvent(trained(i));
    }
    expect(bench.read()).toHaveLength(2);
    bench.now += MINUTE;
    bench.log.logEvent({ what: 'stopped' });
    const [, , full, last, stopped] = bench.read();
    expect(full).toMatchObject({ what: 'not-stored', why: 'full', times: 999 });
    expect(last).toMatchObject({ what: 'trained', seconds: 999, times: 999 });
    expect(stopped).not.toHaveProperty('times');
    bench.log.logEvent({ what: 'not-stored', why: 'full' });
    bench.log.logEvent({ what: 'not-stored', why: 'full' });
    bench.log.close();
    expect(bench.read().slice(5)).toMatchObject([{ what: 'not-stored' }, { what: 'not-stored' }]);
  });

  it('tells the end of a burst though nothing else comes, and of one whose clock was put back', () => {
    const bench = new Bench();
    for (let i = 0; i < 3; i++) bench.log.logEvent({ what: 'log-gap' });
    bench.now -= 10 * MINUTE;
    bench.log.logEvent({ what: 'log-gap' });
    expect(bench.read()).toMatchObject([{ what: 'log-gap' }, { what: 'log-gap', times: 2 }, { what: 'log-gap' }]);
  });

  it('harms nobody while it cannot be written, and tells later what is missing', () => {
    const bench = new Bench();
    // As root a missing right hinders nobody: a folder in its place does.
    mkdirSync(bench.path, { recursive: true, mode: 0o700 });
    chmodSync(bench.folder, 0o700);
    for (let i = 0; i < 80; i++) {
      bench.now += MINUTE;
      bench.log.logEvent(trained(i));
    }
    bench.log.failed(new Error('x'));
    rmSync(bench.path, { recursive: true });
    bench.log.logEvent({ what: 'stopped' });
    const entries = bench.read();
    expect(entries.slice(0, 50).map(({ seconds }) => seconds)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(entries.at(-1)).toMatchObject({ level: 'warning', what: 'not-written', entries: 32 });
    bench.now += MINUTE;
    bench.log.logEvent(trained(1));
    expect(bench.read().at(-1)).toMatchObject({ what: 'trained', seconds: 1 });
  });

  it('follows no link, waits for no pipe, and leaves a folder alone that others can write in', () => {
    const victim = join(scratch(), 'victim');
    writeFileSync(victim, 'as it was');
    for (const make of [
      (path: string) => {
        symlinkSync(victim, path);
      },
      (path: string) => execFileSync('mkfifo', [path]),
    ]) {
      const bench = new Bench();
      mkdirSync(bench.folder, { mode: 0o700, recursive: true });
      make(bench.path);
      bench.log.logEvent({ what: 'stopped' });
      expect(readFileSync(victim, 'utf8')).toBe('as it was');
    }
    const open = new Bench();
    mkdirSync(open.folder);
    chmodSync(open.folder, 0o777);
    open.log.logEvent({ what: 'stopped' });
    expect(existsSync(open.path)).toBe(false);
  });
});

const MARK = 'quokka';
/** Anything, with a mark in each text. */
const marked = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => `${text}${MARK}`),
  fc.constantFrom(...hostile.filter((one) => typeof one === 'string')).map((text) => `${MARK}${text}`),
  fc.object({ key: fc.constantFrom('what', MARK), values: [fc.constant(MARK)] }),
);
const names = [...new Set(Object.values(kinds).flatMap(([, fields]) => Object.keys(fields)))];

describe('what is written', () => {
  it('has no field in the place of its time, level, process or kind', () => {
    for (const taken of ['at', 'level', 'from', 'pid', 'what', 'times']) expect(names).not.toContain(taken);
  });

  it('has nothing but what the list allows, whatever is noted', () => {
    const fields = fc.dictionary(fc.constantFrom(...names, MARK, '__proto__'), marked);
    const what = fc.constantFrom(...Object.keys(kinds));
    fc.assert(
      fc.property(what, fields, marked, (kind, given, message) => {
        const bench = new Bench();
        bench.log.logEvent({ ...given, what: kind } as unknown as LogEvent);
        const error = Object.assign(
          new Error(`${typeof message === 'string' ? message : MARK}\n    at ${MARK} (/home/${MARK}/x.ts:1:1)`),
          {
            name: message,
            code: message,
            path: message,
          },
        );
        bench.log.failed(error);
        bench.log.failed(message);
        const text = readFileSync(bench.path, 'utf8');
        expect(text).not.toContain(MARK);
        expect(text).toMatch(/^[\x20-\x7e\n]+$/);
        // Of a failure the places in the program are told.
        expect(text).toContain('own-log.test.ts:');
      }),
    );
  });

  it('is looked at again when it is read, whoever wrote it', () => {
    const bench = new Bench();
    bench.log.logEvent({ what: 'alert-opened', alert: 7, band: 'high' });
    const [good] = bench.read();
    const lines = [
      { ...good, at: MARK },
      { ...good, from: MARK },
      { ...good, what: MARK },
      { ...good, what: '__proto__' },
      { ...good, level: MARK, pid: MARK, times: MARK, band: MARK, more: MARK },
      MARK,
      null,
      [good],
    ].map((line) => JSON.stringify(line));
    writeFileSync(bench.path, `${[...lines, `{"${MARK}`, JSON.stringify(good)].join('\n')}\n`);
    const { at, level, from, what } = good!;
    expect(tailOf(bench.folder, 10)).toEqual([{ at, level, from, what, alert: 7 }, good]);
    expect(tailOf(bench.folder, 1)).toEqual([good]);
    expect(tailOf(join(bench.folder, 'nothing'), 10)).toEqual([]);
  });

  it('is read across its files, the newest entries', () => {
    const bench = new Bench({ bytes: 1000, files: 4 });
    for (let i = 0; i < 30; i++) {
      bench.now += MINUTE;
      bench.log.logEvent(trained(i));
    }
    expect(tailOf(bench.folder, 12).map(({ seconds }) => seconds)).toEqual(
      Array.from({ length: 12 }, (_, i) => 18 + i),
    );
  });
});
