import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import type { Batch } from '../../src-main/contract/batch.ts';
import { parseLabels } from '../../src-main/example/labels.ts';
import { daysUntil, EXAMPLE_ENDS, exampleLabels, replay, type ReplayOptions } from '../../src-main/example/source.ts';

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

  it('moves all its times by whole days: hours stay, nothing else changes', async () => {
    const [plain] = await all(example());
    const moved = await example({ days: 17 }).next();
    const shift = 17 * 86_400;
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

  it('has its last day today where it is moved so, and every attack behind it', () => {
    const attacks = parseLabels(readFileSync(exampleLabels('.'), 'utf8'));
    const lastAttack = Math.max(...attacks.map(({ to }) => to));
    for (const now of [EXAMPLE_ENDS, EXAMPLE_ENDS + 86_400 * 100 + 4 * 3600, 1_795_608_000, 1_795_651_199]) {
      const shift = daysUntil(now) * 86_400;
      expect(lastAttack + shift).toBeLessThanOrEqual(now);
      expect(EXAMPLE_ENDS + shift - now).toBeGreaterThan(-4 * 3600 - 1);
      expect(EXAMPLE_ENDS + shift - now).toBeLessThanOrEqual(86_400);
    }
  });

  it('tells up to now at once, says so once, and goes on line by line as the clock does', async () => {
    const whole = await all(example());
    const times = linesOf(whole).map((line) => (JSON.parse(line) as { unixTime: number }).unixTime);
    // Two logs are in it, so that times go back a little: a line that is later than all before it.
    const last = times.findIndex((_, at) => at >= 700 && times[at + 1]! > Math.max(...times.slice(0, at + 1)));
    const now = Math.max(...times.slice(0, last + 1));
    let reached = 0;
    const stop = new AbortController();
    const source = example({ now: () => now, reached: () => (reached += 1), signal: stop.signal });
    const told: Batch[] = [];
    for (let count = 0; reached === 0;) {
      const { value } = (await source.next()) as { value: Batch };
      told.push(value);
      count += value.lines.length;
      expect(times[count - 1]!).toBeLessThanOrEqual(now);
    }
    while (linesOf(told).length <= last) told.push((await source.next()).value as Batch);
    expect(linesOf(told)).toEqual(linesOf(whole).slice(0, last + 1));
    // Whoever stops here reads on with the next line.
    const { value } = (await example({ from: told.at(-1)!.checkpoint }).next()) as { value: Batch };
    expect(value.lines[0]!.text).toBe(linesOf(whole)[last + 1]);
    const next = source.next();
    const isThere = await Promise.race([next.then(() => true), pause(50).then(() => false)]);
    expect(isThere).toBe(false);
    stop.abort();
    await next;
    expect(reached).toBe(1);
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
