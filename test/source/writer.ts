import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';

export const rotations = [
  'rename and create',
  'rename, created with the next line',
  'rename under an open writer',
  'copytruncate',
  'rename and gzip',
  'rename and zstd',
  'as osquery does',
] as const;
export type Rotation = (typeof rotations)[number];

/**
 * Writes lines to a log and rotates it, as osqueryd, rsyslog and logrotate do. Rotated files are numbered: `.1` is the
 * newest, the older ones move up.
 */
export class LogWriter {
  readonly log: string;
  /** Every line that was written, in order. */
  readonly written: string[] = [];
  readonly #lineOf: (n: number) => string;
  /** A writer that keeps the file open writes on into what was renamed, until it opens the log again. */
  #held: number | undefined;

  /** @param lineOf what the nth line is, from 0; long enough that its beginning tells two logs apart */
  constructor(log: string, lineOf = numbered) {
    this.log = log;
    this.#lineOf = lineOf;
    writeFileSync(log, '');
  }

  /** Appends numbered lines, in two writes that are cut at `cut` modulo their length: in a line or in a character. */
  write(count: number, cut = 0): void {
    const fresh = Array.from({ length: count }, (_, i) => this.#lineOf(this.written.length + i));
    this.written.push(...fresh);
    const bytes = Buffer.from(fresh.map((line) => `${line}\n`).join(''));
    this.append(bytes.subarray(0, cut % bytes.length));
    this.append(bytes.subarray(cut % bytes.length));
  }

  append(bytes: Buffer): void {
    if (this.#held === undefined) appendFileSync(this.log, bytes);
    else writeSync(this.#held, bytes);
  }

  /** What a signal to the writer does after rotation. */
  reopen(): void {
    if (this.#held === undefined) return;
    closeSync(this.#held);
    this.#held = undefined;
  }

  /** An empty or missing log is not rotated. @returns whether it was */
  rotate(how: Rotation): boolean {
    this.reopen();
    if (!existsSync(this.log) || statSync(this.log).size === 0) return false;
    if (how === 'as osquery does') this.#shift(2);
    else this.#shift(1);
    const to = `${this.log}.1`;
    switch (how) {
      case 'rename and create':
        renameSync(this.log, to);
        writeFileSync(this.log, '');
        break;
      case 'rename, created with the next line':
        renameSync(this.log, to);
        break;
      case 'rename under an open writer':
        this.#held = openSync(this.log, 'a');
        renameSync(this.log, to);
        writeFileSync(this.log, '');
        break;
      case 'copytruncate':
        copyFileSync(this.log, to);
        truncateSync(this.log, 0);
        break;
      case 'rename and gzip':
        renameSync(this.log, to);
        writeFileSync(`${to}.gz`, gzipSync(readFileSync(to)));
        rmSync(to);
        break;
      case 'rename and zstd':
        renameSync(this.log, to);
        writeFileSync(`${to}.zst`, zstdCompressSync(readFileSync(to)));
        rmSync(to);
        break;
      case 'as osquery does':
        if (existsSync(to)) {
          writeFileSync(`${this.log}.2.zst`, zstdCompressSync(readFileSync(to)));
          rmSync(to);
        } else if (existsSync(`${to}.zst`)) renameSync(`${to}.zst`, `${this.log}.2.zst`);
        else if (existsSync(`${to}.gz`)) renameSync(`${to}.gz`, `${this.log}.2.gz`);
        renameSync(this.log, to);
        break;
    }
    return true;
  }

  /** Deletes the log, which its writer creates again with the next line. */
  remove(): void {
    this.reopen();
    rmSync(this.log, { force: true });
  }

  /** Deletes the oldest rotated files, as rotation does. @param kept how many stay */
  forget(kept: number): void {
    for (let n = kept + 1; this.#namesOf(n).some((name) => existsSync(name)); n++)
      for (const name of this.#namesOf(n)) rmSync(name, { force: true });
  }

  /** `.N` becomes `.N+1`, from the oldest to `least`, whatever it was compressed with. */
  #shift(least: number): void {
    let last = least;
    while (this.#namesOf(last).some((name) => existsSync(name))) last++;
    for (let n = last - 1; n >= least; n--) {
      for (const [k, name] of this.#namesOf(n).entries())
        if (existsSync(name)) renameSync(name, this.#namesOf(n + 1)[k]!);
    }
  }

  #namesOf(n: number): string[] {
    return ['', '.gz', '.zst'].map((packed) => `${this.log}.${n}${packed}`);
  }
}

/** With characters that take more than one byte. */
const numbered = (n: number): string => `{"n":${n},"text":"${'é€😀'.repeat(8)}"}`;

/**
 * Writes and rotates by a seeded schedule until `count` lines are written: for tests that stop or kill the reader.
 * @param next uniform in 0…1; @param pause is called between the steps, and its promise is waited for
 */
export async function writeAtRandom(
  writer: LogWriter,
  count: number,
  next: () => number,
  pause: () => Promise<void>,
): Promise<void> {
  const end = writer.written.length + count;
  while (writer.written.length < end) {
    const lines = Math.min(1 + Math.floor(next() * 12), end - writer.written.length);
    writer.write(lines, Math.floor(next() * 1e6));
    if (next() < 0.2) writer.rotate(rotations[Math.floor(next() * rotations.length)]!);
    if (next() < 0.5) writer.reopen();
    await pause();
  }
  writer.reopen();
}
