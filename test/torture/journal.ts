import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { LogWriter } from '../source/writer.ts';
import type { garbage, Step } from './schedule.ts';

/** The reader of a schedule refuses longer lines. */
export const MOST_LINE_BYTES = 4096;

const habits = ordinary(400);
const NUMBER = /"number":"(\d+)"/g;

/** A log whose lines are numbered, and what is known of where they are. */
export class Journal {
  readonly log: string;
  /** Lines whose bytes are no longer in any file: they may be lost, if they were not stored. */
  readonly gone = new Set<number>();
  /** Lines that were stored once: when they are lost, that is to be told. What nobody saw nobody can tell. */
  readonly known = new Set<number>();
  wasRemoved = false;
  /** Lines that are no results, and those of them that may be lost. */
  nonsense = 0;
  nonsenseGone = 0;
  readonly #writer: LogWriter;
  #rest: Buffer | undefined;
  #shift = 0;

  constructor(folder: string) {
    mkdirSync(folder);
    this.log = join(folder, 'results.log');
    this.#writer = new LogWriter(this.log, (n) => this.#line(n));
  }

  /** Lines written so far. */
  get count(): number {
    return this.#writer.written.length;
  }

  /** The clock of whoever writes the lines jumps. */
  jump(seconds: number): void {
    this.#shift += seconds;
  }

  write(lines: number): void {
    this.complete();
    this.#writer.write(lines);
  }

  half(bytes: number): void {
    this.complete();
    const line = Buffer.from(`${this.#line(this.count)}\n`);
    this.#writer.written.push('');
    this.#rest = line.subarray(Math.min(bytes, line.length - 1));
    this.#writer.append(line.subarray(0, line.length - this.#rest.length));
  }

  garbage(what: (typeof garbage)[number]): void {
    this.complete();
    // Each another one, and long: a file of next to nothing is not known again once it is packed.
    const own = `"nonsense ${this.nonsense} of ${this.count}${'.'.repeat(80)}"`;
    const texts: Record<typeof what, string | Buffer> = {
      'not JSON': `{"name":${own}`,
      'too long': own.padEnd(MOST_LINE_BYTES + 1, 'x'),
      'no name': `{"unixTime":1750000000,"columns":{"path":${own}},"action":"added"}`,
      'no time': `{"name":"x","columns":{"path":${own}},"action":"added"}`,
      nulls: `\0\0\0{${own}`,
      binary: Buffer.concat([Buffer.from(own), Buffer.from([0x7f, 0xff, 0xfe, 0x1b, 0x80])]),
    };
    this.#writer.append(Buffer.concat([Buffer.from(texts[what]), Buffer.from('\n')]));
    this.nonsense++;
  }

  rotate({ how, again }: Extract<Step, { do: 'rotate' }>): void {
    this.complete();
    this.#losing(() => {
      this.#writer.rotate(how);
      // In the same second, with next to nothing in between.
      if (!again) return;
      this.#writer.write(1);
      this.#writer.rotate(how);
    });
  }

  truncate(): void {
    this.complete();
    this.#writer.reopen();
    this.#losing(() => {
      if (existsSync(this.log)) truncateSync(this.log, 0);
    });
  }

  remove(): void {
    this.complete();
    this.wasRemoved = true;
    this.#losing(() => {
      this.#writer.remove();
    });
  }

  forget(kept: number): void {
    // What is written to a file without a name nobody can be asked for.
    this.complete();
    this.#writer.reopen();
    this.#losing(() => {
      this.#writer.forget(kept);
    });
  }

  /** A folder in the log's place, until what it returns is called. */
  folderForLog(): () => void {
    this.complete();
    this.#writer.reopen();
    const aside = `${this.log}~`;
    const was = existsSync(this.log);
    if (was) renameSync(this.log, aside);
    mkdirSync(this.log);
    return () => {
      rmSync(this.log, { recursive: true });
      if (was) renameSync(aside, this.log);
    };
  }

  /** The writer has signed off: nothing is half written any more. */
  finish(): void {
    this.complete();
    this.#writer.reopen();
    this.#writer.write(1);
  }

  /** Of what was stored, only so much is left: the rest is gone as if it had never been written. */
  knowOnly(stored: readonly number[]): void {
    const left = new Set(stored);
    for (const n of this.known) if (!left.has(n)) this.known.delete(n);
  }

  /** What was stored is not believed any more: only what is in the files can be known again. */
  forgetStored(stored: readonly number[]): void {
    for (const n of stored) this.known.add(n);
    const there = this.#inFiles();
    for (let n = 0; n < this.count; n++) if (!there.has(n)) this.gone.add(n);
    this.nonsenseGone = this.nonsense;
  }

  /** Writes the rest of a line that was begun. */
  complete(): void {
    if (this.#rest) this.#writer.append(this.#rest);
    this.#rest = undefined;
  }

  #losing(work: () => void): void {
    const before = this.#inFiles();
    work();
    const after = this.#inFiles();
    for (const n of before) if (!after.has(n)) this.gone.add(n);
    if (before.size + this.nonsense > 0) this.nonsenseGone = this.nonsense;
  }

  /** Numbers of all lines that can be read in the log and what was rotated. */
  #inFiles(): Set<number> {
    const numbers = new Set<number>();
    for (const path of globSync(`${this.log}*`).filter((one) => statSync(one).isFile())) {
      const bytes = readFileSync(path);
      const content = path.endsWith('.gz')
        ? gunzipSync(bytes)
        : path.endsWith('.zst')
          ? zstdDecompressSync(bytes)
          : bytes;
      for (const [, number] of content.toString('latin1').matchAll(NUMBER)) numbers.add(Number(number));
    }
    return numbers;
  }

  #line(n: number): string {
    const habit = habits[n % habits.length]!;
    const time = 1_750_000_000 + n * 5 + this.#shift;
    return lineOf({ ...habit, time, columns: { ...habit.columns, number: String(n) } });
  }
}
