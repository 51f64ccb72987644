import { join } from 'node:path';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Batch, Checkpoint } from '../../src-main/contract/batch.ts';
import { follow } from '../../src-main/source/follow.ts';
import { scratch } from '../scratch.ts';
import { LogWriter, rotations, type Rotation } from './writer.ts';

/** A consumer that takes a batch only when it is told to: what happens to the log meanwhile happens between two batches. */
class Consumer {
  readonly texts: string[] = [];
  readonly gaps: string[] = [];
  readonly #log: string;
  #at: Checkpoint | undefined;
  #stop = new AbortController();
  #source: AsyncGenerator<Batch>;

  constructor(log: string) {
    this.#log = log;
    this.#source = this.#follow();
  }

  /** Takes batches until this many lines have come. */
  async until(count: number): Promise<void> {
    const late = setTimeout(() => {
      this.#stop.abort();
    }, 6000);
    while (this.texts.length < count) {
      const next = await this.#source.next();
      if (next.done) throw new Error(`${this.texts.length} of ${count} lines came`);
      this.texts.push(...next.value.lines.map(({ text }) => text));
      this.#at = next.value.checkpoint;
    }
    clearTimeout(late);
  }

  async restart(): Promise<void> {
    await this.stop();
    this.#stop = new AbortController();
    this.#source = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#source.return(undefined);
  }

  #follow(): AsyncGenerator<Batch> {
    return follow(this.#log, {
      signal: this.#stop.signal,
      startAt: 'beginning',
      pollMs: 10,
      maxBatchLines: 1,
      onGap: (gap: string) => this.gaps.push(gap),
      ...(this.#at && { from: this.#at }),
    });
  }
}

type Step =
  | { readonly do: 'write'; readonly lines: number; readonly cut: number }
  | { readonly do: 'rotate'; readonly how: Rotation }
  | { readonly do: 'read'; readonly lines: number }
  | { readonly do: 'restart' }
  /** Of a log of which every line was read: nothing of it is lost. */
  | { readonly do: 'delete' };

const doing = <T extends Step['do']>(what: T): fc.Arbitrary<T> => fc.constant(what);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: doing('write'), lines: fc.integer({ min: 1, max: 2 }), cut: fc.nat() }),
  },
  { weight: 3, arbitrary: fc.record({ do: doing('rotate'), how: fc.constantFrom(...rotations) }) },
  { weight: 3, arbitrary: fc.record({ do: doing('read'), lines: fc.integer({ min: 1, max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: doing('restart') }) },
  { weight: 1, arbitrary: fc.record({ do: doing('delete') }) },
);

/** Found by this law: the copy was made while the consumer had the last line of the file before it. */
const found: Step[] = [
  { do: 'write', lines: 1, cut: 0 },
  { do: 'rotate', how: 'copytruncate' },
  { do: 'read', lines: 1 },
  { do: 'write', lines: 1, cut: 0 },
  { do: 'rotate', how: 'copytruncate' },
];

/** The successor of a deleted log is rotated before anybody looks, and what was read long ago gets a new archive. */
const skipped: Step[] = [
  { do: 'rotate', how: 'as osquery does' },
  { do: 'write', lines: 1, cut: 0 },
  { do: 'delete' },
  { do: 'write', lines: 2, cut: 0 },
  { do: 'rotate', how: 'as osquery does' },
];

it('whatever happens between which two batches, every line comes once, in order, without waiting for the next', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 20 }), async (steps) => {
      const writer = new LogWriter(join(scratch(), 'results.log'));
      const consumer = new Consumer(writer.log);
      try {
        // What was never met cannot be found again: the law holds from the first batch on.
        writer.write(1);
        await consumer.until(1);
        for (const what of steps) {
          if (what.do === 'write') writer.write(what.lines, what.cut);
          else if (what.do === 'rotate') writer.rotate(what.how);
          else if (what.do === 'restart') await consumer.restart();
          else if (what.do === 'delete') {
            await consumer.until(writer.written.length);
            writer.remove();
          } else await consumer.until(Math.min(consumer.texts.length + what.lines, writer.written.length));
        }
        await consumer.until(writer.written.length);
        expect(consumer.texts).toEqual(writer.written);
        // Who was not there cannot know that nothing was left in what was deleted.
        const mayTell =
          steps.some(({ do: what }) => what === 'delete') && steps.some(({ do: what }) => what === 'restart');
        if (!mayTell) expect(consumer.gaps).toEqual([]);
      } finally {
        writer.reopen();
        await consumer.stop();
      }
    }),
    { numRuns: 300, examples: [[found], [skipped]] },
  );
}, 120_000);
