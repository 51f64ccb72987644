import fc from 'fast-check';
import { expect, it } from 'vitest';

import { HostStream } from '../../src-main/fleet/gateway/host-stream.ts';
import { knownOf } from '../../src-main/fleet/gateway/overlap.ts';
import type { Last, Publishing, Published } from '../../src-main/fleet/wire/exact-publisher.ts';

/** A stream's subject in memory, whose server takes a message and loses the answer now and then. */
class FakeSubject {
  readonly messages: { headers: Record<string, string>; body: string }[] = [];
  /** What happens to the next publishings: true: stored, and the publisher gives up waiting. */
  faults: ('stored' | 'lost' | undefined)[] = [];

  last(): Promise<Last> {
    const message = this.messages.at(-1);
    return Promise.resolve({
      seq: this.messages.length,
      headers: new Map(Object.entries(message?.headers ?? {})),
      body: message?.body ?? '',
    });
  }

  async publish({ body, headers = {}, after }: Publishing): Promise<Published> {
    const fault = this.faults.shift();
    if (fault === 'lost') throw new Error('it did not come through');
    if (after !== this.messages.length) return { ok: false, last: await this.last() };
    this.messages.push({ headers, body });
    if (fault === 'stored') throw new Error('the answer was lost');
    return { ok: true, seq: this.messages.length };
  }

  get lines(): string[] {
    return this.messages.flatMap(({ body }) => body.split('\n'));
  }
}

/** osquery's logger: keeps what was not acknowledged, up to a most, and sends the oldest first. */
class ModelOsquery {
  readonly #buffer: string[] = [];
  readonly dropped: string[] = [];
  #made = 0;

  make(count: number, most: number): void {
    for (let l = 0; l < count; l++) this.#buffer.push(`line ${this.#made++}`);
    this.dropped.push(...this.#buffer.splice(0, Math.max(0, this.#buffer.length - most)));
  }

  post(most: number): string[] {
    return this.#buffer.slice(0, most);
  }

  acknowledged(post: readonly string[]): void {
    this.#buffer.splice(0, post.length);
  }

  get made(): number {
    return this.#made;
  }
}

const round = fc.record({
  made: fc.integer({ min: 0, max: 12 }),
  gateway: fc.integer({ min: 0, max: 1 }),
  /** The gateway is another process now: it remembers nothing. */
  isNew: fc.boolean(),
  faults: fc.array(fc.constantFrom('stored' as const, 'lost' as const, undefined, undefined), { maxLength: 3 }),
  /** The answer to osquery is lost. */
  isUnheard: fc.boolean(),
});

it('publishes each line once and in order, whatever answers are lost and whichever gateway is asked', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(round, { minLength: 1, maxLength: 14 }),
      fc.integer({ min: 1, max: 20 }),
      async (rounds, most) => {
        const subject = new FakeSubject();
        const osquery = new ModelOsquery();
        const gateways = [new HostStream(subject, 's'), new HostStream(subject, 's')];
        const post = async (gateway: HostStream, isUnheard: boolean): Promise<void> => {
          const lines = osquery.post(most);
          if (lines.length === 0) return;
          try {
            await gateway.take(lines, new AbortController().signal);
          } catch {
            return;
          }
          if (!isUnheard) osquery.acknowledged(lines);
        };
        for (const { made, gateway, isNew, faults, isUnheard } of rounds) {
          osquery.make(made, Infinity);
          if (isNew) gateways[gateway] = new HostStream(subject, 's');
          subject.faults = [...faults];
          await post(gateways[gateway]!, isUnheard);
        }
        subject.faults = [];
        for (let left = 0; osquery.post(1).length > 0 && left < 500; left++) await post(gateways[left % 2]!, false);
        expect(subject.lines.filter((line) => line !== '')).toEqual(
          Array.from({ length: osquery.made }, (_, l) => `line ${l}`),
        );
      },
    ),
    { numRuns: 8000 },
  );
});

it('doubles nothing where osquery drops its oldest lines, and loses only those', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 14 }), async (rounds) => {
      const subject = new FakeSubject();
      const osquery = new ModelOsquery();
      for (const { made, faults, isUnheard } of rounds) {
        osquery.make(made, 10);
        subject.faults = [...faults];
        const lines = osquery.post(8);
        if (lines.length === 0) continue;
        const stream = new HostStream(subject, 's');
        const taken = await stream.take(lines, new AbortController().signal).then(
          () => true,
          () => false,
        );
        if (taken && !isUnheard) osquery.acknowledged(lines);
      }
      const { lines } = subject;
      expect(new Set(lines).size).toBe(lines.length);
      const missing = Array.from({ length: osquery.made }, (_, l) => `line ${l}`).filter(
        (line) => !lines.includes(line),
      );
      const waiting = osquery.post(Infinity);
      expect(missing.filter((line) => !osquery.dropped.includes(line) && !waiting.includes(line))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ['nothing was published', [], ['a'], 0],
  ['the answer was lost', ['a', 'b'], ['a', 'b'], 2],
  ['the answer was lost and more came', ['a', 'b'], ['a', 'b', 'c'], 2],
  ['half of the POST was published', ['a'], ['a', 'b', 'c'], 1],
  ['another gateway has published more', ['a', 'b', 'c'], ['a', 'b'], 2],
  ['the oldest was dropped', ['a', 'b', 'c'], ['b', 'c', 'd'], 2],
  ['all is new', ['a', 'b'], ['c', 'd'], 0],
  ['one line is there twice', ['a', 'b', 'a'], ['a', 'c'], 1],
])('%s: how many lines are known', (_, published, post, known) => {
  expect(knownOf(published, post)).toBe(known);
});
