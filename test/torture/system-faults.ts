import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/** System calls that can be made to fail; the numbers of faults.c. */
const operations = { write: 1, sync: 2, open: 4, rename: 8, watch: 16, read: 32, mkdir: 64, truncate: 128 };
export type Operation = keyof typeof operations;
export const errors = ['ENOSPC', 'EIO', 'EMFILE', 'EROFS', 'EDQUOT', 'EACCES'] as const;

export interface Fault {
  readonly of: readonly Operation[];
  readonly error: (typeof errors)[number];
  /** This many such calls succeed first, and this many fail then. */
  readonly after: number;
  readonly times: number;
}

const SIZE = 256;
const PATH_AT = 24;

/** Makes real system calls fail: see faults.c. Absent where there is no C compiler. */
export class SystemFaults {
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #file: number;

  private constructor(folder: string, library: string, control: string) {
    this.#folder = folder;
    this.#file = openSync(control, 'r+');
    this.environment = { LD_PRELOAD: library, UBAD_FAULTS: control };
  }

  static build(): SystemFaults | undefined {
    const folder = mkdtempSync(join(tmpdir(), 'ubad-faults-'));
    const library = join(folder, 'faults.so');
    const source = join(import.meta.dirname, 'faults.c');
    const built = spawnSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], { encoding: 'utf8' });
    if (built.status !== 0) {
      rmSync(folder, { recursive: true });
      return undefined;
    }
    const control = join(folder, 'control');
    writeFileSync(control, Buffer.alloc(SIZE));
    return new SystemFaults(folder, library, control);
  }

  /** Those of this process, where it was started with them. */
  static own(): SystemFaults | undefined {
    const { UBAD_FAULTS: control, LD_PRELOAD: library } = process.env;
    if (control === undefined || library === undefined) return undefined;
    return new SystemFaults('', library, control);
  }

  /** @param below the path below which calls fail */
  arm({ of, error, after, times }: Fault, below: string): void {
    const control = Buffer.alloc(SIZE);
    const which = of.reduce((sum, operation) => sum | operations[operation], 0);
    [which, after, times, constants.errno[error]].forEach((value, at) => control.writeInt32LE(value, 4 * at));
    control.writeInt32LE(this.hits, 16);
    control.write(below, PATH_AT, SIZE - PATH_AT - 1);
    this.#write(control);
  }

  /** Nothing fails meanwhile; what was armed goes on afterwards. */
  pausing<T>(work: () => T): T {
    const before = Buffer.alloc(4);
    readSync(this.#file, before, 0, 4, 0);
    this.heal();
    try {
      return work();
    } finally {
      writeSync(this.#file, before, 0, 4, 0);
    }
  }

  /** Calls that were made to fail so far. */
  get hits(): number {
    const hits = Buffer.alloc(4);
    readSync(this.#file, hits, 0, 4, 16);
    return hits.readInt32LE(0);
  }

  close(): void {
    closeSync(this.#file);
    if (this.#folder !== '') rmSync(this.#folder, { recursive: true, force: true });
  }

  heal(): void {
    this.#write(Buffer.alloc(4));
  }

  #write(bytes: Buffer): void {
    writeSync(this.#file, bytes, 0, bytes.length, 0);
  }
}
