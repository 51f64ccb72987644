import { describe, expect, it } from 'vitest';

import type { Batch } from '../../src-main/contract/batch.ts';
import { EXAMPLE_ENDS, replay, weeksUntil, type ReplayOptions } from '../../src-main/example/source.ts';

const example = (options: Partial<ReplayOptions> = {}) => replay({ root: '.', part: 'week', ...options });

async function all(source: AsyncGenerator<Batch>): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of source) batches.push(batch);
  return batches;
}

const linesOf = (batches: readonly Batch[]): string[] => batches.flatMap(({ lines }) => lines.map(({ text }) => text));

describe('the example as a log that grows', () => {
  it('reads on after what is committed: nothing twice, nothing left out', async () => {
    const whole = await all(example());
    for (const stop of [0, 7, whole.length - 1]) {
      const rest = await all(example({ from: whole[stop]!.checkpoint }));
      expect(linesOf([...whole.slice(0, stop + 1), ...rest])).toEqual(linesOf(whole));
    }
  });

  it('moves all its times by whole weeks: hours and weekdays stay, nothing else changes', async () => {
    const [plain] = await all(example());
    const moved = await example({ weeks: 3 }).next();
    const shift = 3 * 7 * 86_400;
    (moved.value as Batch).lines.forEach(({ text }, l) => {
      const [before, after] = [plain!.lines[l]!.text, text].map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(after!.unixTime).toBe((before!.unixTime as number) + shift);
      const columns = (row: typeof before) => row!.columns as Record<string, string>;
      for (const [name, value] of Object.entries(columns(before))) {
        const isTime = ['time', 'start_time', 'mtime'].includes(name);
        expect(columns(after)[name]).toBe(isTime ? String(Number(value) + shift) : value);
      }
    });
  });

  it('ends about now where it is moved so', () => {
    for (const now of [EXAMPLE_ENDS, EXAMPLE_ENDS + 86_400 * 100, 1_795_608_000]) {
      const end = EXAMPLE_ENDS + weeksUntil(now) * 7 * 86_400;
      expect(end).toBeLessThanOrEqual(now);
      expect(now - end).toBeLessThan(7 * 86_400);
    }
  });

  it('stops with the signal, also while it waits for a time to come', async () => {
    const stop = new AbortController();
    const source = example({ speed: 1, signal: stop.signal });
    const first = source.next();
    stop.abort();
    expect(await first).toEqual({ done: true, value: undefined });
  });

  it('lets time pass at the speed that it is told', async () => {
    // The first 500 lines are of some hours: at this speed some tenths of a second.
    const began = performance.now();
    const batch = (await example({ speed: 40_000 }).next()).value as Batch;
    const times = batch.lines.map(({ text }) => (JSON.parse(text) as { unixTime: number }).unixTime);
    expect(performance.now() - began).toBeGreaterThanOrEqual(((times.at(-1)! - times[0]!) / 40_000) * 1000 - 5);
  });
});
