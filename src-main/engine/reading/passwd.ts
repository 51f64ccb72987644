import { readFileSync, statSync } from 'node:fs';

const RECHECK_SECONDS = 60;

/** /etc/passwd's names, read again when the file has changed, looked at once a minute at most of the log's own time. */
export class Passwd {
  readonly #path: string;
  #names = new Map<string, string>();
  #uids = new Map<string, string>();
  #changed = -1;
  #looked = -Infinity;

  constructor(path: string) {
    this.#path = path;
  }

  name(uid: string, now: number): string | undefined {
    this.#look(now);
    return this.#names.get(uid);
  }

  uid(name: string, now: number): string | undefined {
    this.#look(now);
    return this.#uids.get(name);
  }

  #look(now: number): void {
    if (Math.abs(now - this.#looked) < RECHECK_SECONDS) return;
    this.#looked = now;
    this.#read();
  }

  #read(): void {
    try {
      const { mtimeMs } = statSync(this.#path);
      if (mtimeMs === this.#changed) return;
      const rows = readFileSync(this.#path, 'utf8')
        .split('\n')
        .map((row) => row.split(':'))
        .filter((row) => row.length >= 3);
      this.#uids = new Map(rows.map((row) => [row[0]!, row[2]!]));
      // Backwards: of several names of one uid the system itself takes the first.
      this.#names = new Map(rows.reverse().map((row) => [row[2]!, row[0]!]));
      this.#changed = mtimeMs;
    } catch {
      // No readable passwd: uids stay numbers.
    }
  }
}
