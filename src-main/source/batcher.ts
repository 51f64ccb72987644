import type { Batch, Checkpoint, SourceLine, SourceRefusal } from '../contract/batch.ts';
import { LineSplitter } from './line-splitter.ts';

export interface BatchLimits {
  /** A batch is handed on when it has this many lines … (what one read gave is never cut for it) */
  readonly maxBatchLines?: number;
  /** … or this many bytes. */
  readonly maxBatchBytes?: number;
  /** A longer line is refused and skipped. */
  readonly maxLineBytes?: number;
}

/** Where to read on in a file: this many bytes and lines were read already. */
export type Place = Pick<Checkpoint, 'offset' | 'line'>;

const MAX_LINE_BYTES = 1024 * 1024;
const MAX_BATCH_LINES = 2000;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Collects the lines of one file into batches with the place after each. */
export class Batcher {
  readonly #maxLines: number;
  readonly #maxBytes: number;
  readonly #splitter: LineSplitter;
  #start: number;
  #lines: SourceLine[] = [];
  #refused: SourceRefusal[] = [];

  constructor({ offset, line }: Place, limits: BatchLimits) {
    this.#maxLines = limits.maxBatchLines ?? MAX_BATCH_LINES;
    this.#maxBytes = limits.maxBatchBytes ?? MAX_BATCH_BYTES;
    this.#splitter = new LineSplitter(limits.maxLineBytes ?? MAX_LINE_BYTES, offset, line);
    this.#start = offset;
  }

  get isEmpty(): boolean {
    return this.#lines.length + this.#refused.length === 0;
  }

  get isFull(): boolean {
    const count = this.#lines.length + this.#refused.length;
    return count >= this.#maxLines || this.#splitter.offset - this.#start >= this.#maxBytes;
  }

  feed(chunk: Buffer): void {
    this.#splitter.feed(chunk, this.#lines, this.#refused);
  }

  /** The file will not grow any more: a half line is its last one. */
  end(): void {
    this.#splitter.end(this.#lines, this.#refused);
  }

  /** What came since the last batch. @param file whose place the checkpoint tells */
  take(file: Omit<Checkpoint, keyof Place>): Batch {
    const { offset, number: line } = this.#splitter;
    const checkpoint = { ...file, offset, line };
    const batch = { lines: this.#lines, refused: this.#refused, checkpoint };
    [this.#lines, this.#refused, this.#start] = [[], [], offset];
    return batch;
  }
}
