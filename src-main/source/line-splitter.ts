import type { SourceLine, SourceRefusal } from '../contract/batch.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const NUL = 0x00;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Bytes in, whole lines out. A half line waits for its rest, wherever it was cut, also inside a character; one that
 * grows past the cap is skipped to its end and refused, in bounded memory. Bytes that are no UTF-8 become U+FFFD: the
 * line is still a line. CR before the newline, a byte order mark at the start and leading NULs are dropped: the last
 * are what copytruncate leaves where the writer's position was, and do not count towards the cap.
 */
export class LineSplitter {
  readonly #mostBytes: number;
  #half: Buffer[] = [];
  #halfBytes = 0;
  #skipping = false;
  #number: number;
  #offset: number;
  #consumed: number;

  /** @param offset of the first byte that will be fed, at the start of a line; `number` of the line before it */
  constructor(mostBytes: number, offset = 0, number = 0) {
    this.#mostBytes = mostBytes;
    this.#offset = offset;
    this.#consumed = offset;
    this.#number = number;
  }

  /** Byte after the last whole line. */
  get offset(): number {
    return this.#offset;
  }

  /** Number of the last whole line. */
  get number(): number {
    return this.#number;
  }

  feed(chunk: Buffer, lines: SourceLine[], refused: SourceRefusal[]): void {
    for (let start = 0; start < chunk.length;) {
      const end = chunk.indexOf(NEWLINE, start);
      this.#keep(chunk.subarray(start, end < 0 ? chunk.length : end));
      if (end < 0) break;
      start = end + 1;
      this.#finish(this.#consumed + start, lines, refused);
    }
    this.#consumed += chunk.length;
  }

  /** The file will not grow any more: what waits is its last line. */
  end(lines: SourceLine[], refused: SourceRefusal[]): void {
    if (this.#halfBytes > 0 || this.#skipping) this.#finish(this.#consumed, lines, refused);
  }

  #keep(bytes: Buffer): void {
    if (this.#skipping) return;
    const piece = this.#halfBytes === 0 ? withoutNuls(bytes) : bytes;
    if (piece.length === 0) return;
    if (this.#halfBytes + piece.length > this.#mostBytes) {
      this.#skipping = true;
      this.#half = [];
      this.#halfBytes = 0;
      return;
    }
    // A copy: the chunk is the reader's buffer, which the next read overwrites.
    this.#half.push(Buffer.from(piece));
    this.#halfBytes += piece.length;
  }

  #finish(offset: number, lines: SourceLine[], refused: SourceRefusal[]): void {
    this.#number++;
    const first = this.#offset === 0;
    this.#offset = offset;
    if (this.#skipping) refused.push({ number: this.#number, reason: 'too-long' });
    else lines.push({ number: this.#number, text: textOf(this.#half, first) });
    this.#skipping = false;
    this.#half = [];
    this.#halfBytes = 0;
  }
}

function withoutNuls(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === NUL) start++;
  return start === 0 ? bytes : bytes.subarray(start);
}

function textOf(pieces: readonly Buffer[], first: boolean): string {
  const line = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  const start = first && line.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0;
  const end = line.at(-1) === RETURN ? line.length - 1 : line.length;
  return line.toString('utf8', start, Math.max(start, end));
}
