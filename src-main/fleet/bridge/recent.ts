import { createHash } from 'node:crypto';

/** Lines of a host that are remembered: what Fleet publishes again is among them. */
export const REMEMBERED = 4096;

/** 48 bits of a line's SHA-256. The line holds its query's name, epoch and counter: two that differ in any of them differ. */
const hashOf = (line: string): number => createHash('sha256').update(line).digest().readUIntBE(0, 6);

/** A host's last lines, by what tells them apart: 32 kB a host at most. */
export class RecentLines {
  #hashes = new Float64Array(64);
  #count = 0;

  /** Remembers a line. @returns whether it was among the last ones: it then stays where it is */
  isRepeat(line: string): boolean {
    const hash = hashOf(line);
    const known = this.#hashes.subarray(0, Math.min(this.#count, this.#hashes.length));
    if (known.includes(hash)) return true;
    if (this.#count === this.#hashes.length && this.#count < REMEMBERED) {
      const wider = new Float64Array(2 * this.#count);
      wider.set(this.#hashes);
      this.#hashes = wider;
    }
    this.#hashes[this.#count++ % REMEMBERED] = hash;
    return false;
  }
}
