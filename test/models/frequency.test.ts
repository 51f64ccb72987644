import { expect, it } from 'vitest';

import type { Action, QueryLearning } from '../../models/action.ts';
import { Encoder } from '../../models/features/encode.ts';
import { COMMON, Family } from '../../models/frequency/family.ts';
import { frequency } from '../../models/frequency/frequency.ts';
import { fusedEngine } from '../../models/fused.ts';
import { novelty } from '../../models/novelty/novelty.ts';
import { Window } from '../../models/window.ts';
import { ordinary, stranger } from './ordinary.ts';

const options = { seed: 1, windowLength: 100, math: fusedEngine() };

/** The anomaly score of a stranger's programs, by how important programs are. */
function anomalyScore(kind: typeof frequency, importance: number): number {
  const columns = { name: 'word', path: 'path', remote_address: 'address', remote_port: 'port' } as const;
  const learning = (query: string): [string, QueryLearning] => [
    query,
    { query, label: query, importance: query === 'programs' ? importance : 5, columns },
  ];
  const encoder = new Encoder(new Map(['programs', 'connections'].map(learning)));
  const past = ordinary(800).map((action) => encoder.encode(action));
  const training = kind.train(past, options);
  let step = training.next();
  while (!step.done) step = training.next();
  const [watch, window] = [step.value.watch(), new Window(100)];
  let last = NaN;
  for (const action of stranger(100).filter(({ query }) => query === 'programs')) {
    window.push(encoder.encode(action));
    last = watch.see(window).window;
  }
  return last;
}

it.each([frequency, novelty])('$name weighs what is unusual by the importance of its query', (kind) => {
  const [none, low, middling, high] = [0, 1, 5, 10].map((importance) => anomalyScore(kind, importance));
  expect(none).toBe(0);
  expect(low!).toBeGreaterThan(0);
  expect(middling!).toBeGreaterThan(low!);
  expect(high!).toBeGreaterThan(middling!);
});

/** How strange the frequency finds what comes after a past of one program that talks to another address every time. */
function mostAnomalous(...later: Action[]): number[] {
  const columns = { path: 'path', remote_address: 'address' } as const;
  const encoder = new Encoder(new Map([['connections', { query: 'connections', label: '', importance: 5, columns }]]));
  const past = Array.from({ length: 400 }, (_, i) =>
    encoder.encode(connection('/opt/browser/run', `198.51.${i >> 8}.${i % 256}`)),
  );
  const training = frequency.train(past, options);
  let step = training.next();
  while (!step.done) step = training.next();
  const [watch, window] = [step.value.watch(), new Window(100)];
  return later.map((action) => {
    window.push(encoder.encode(action));
    return watch.see(window).action!;
  });
}

const connection = (path: string, remote_address: string): Action => ({
  query: 'connections',
  change: 'added',
  time: 1_750_000_000,
  columns: { path, remote_address },
});

it('finds one more new address of many hardly strange, and a new program very strange', () => {
  const [address, program, type] = mostAnomalous(
    connection('/opt/browser/run', '198.51.9.9'),
    connection('/tmp/x/run', '198.51.0.1'),
    { ...connection('/opt/browser/run', '198.51.0.1'), change: 'removed' },
  );
  expect(address).toBeLessThan(0.1);
  expect(program).toBeGreaterThan(2);
  expect(type).toBeGreaterThan(2);
});

it('tells how rare it is to be rare, each thing left out of the count when it is looked at', () => {
  const family = new Family();
  expect(family.chance(0)).toBe(0.5);
  // Things seen once, twice and three times, and one so often that it is common.
  for (const times of [1, 2, 3, 50]) for (let before = 0; before < times; before++) family.see(before);
  expect(family.chance(0)).toBeCloseTo(1.5 / 57);
  expect(family.chance(1)).toBeCloseTo(3.5 / 57);
  expect(family.chance(2)).toBeCloseTo(6.5 / 57);
  expect(family.chance(COMMON)).toBe(1);
  expect(new Family(...family.save()).save()).toEqual([[1, 1, 1], 56]);
});
