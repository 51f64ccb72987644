import { expect, it } from 'vitest';

import type { QueryLearning } from '../../models/action.ts';
import { Encoder } from '../../models/features/encode.ts';
import { frequency } from '../../models/frequency/frequency.ts';
import { fusedEngine } from '../../models/fused.ts';
import { novelty } from '../../models/novelty/novelty.ts';
import { Window } from '../../models/window.ts';
import { ordinary, stranger } from './ordinary.ts';

const options = { seed: 1, windowLength: 100, math: fusedEngine() };

/** The strangeness of a stranger's programs, by how important programs are. */
function strangeness(kind: typeof frequency, importance: number): number {
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
  const [none, low, middling, high] = [0, 1, 5, 10].map((importance) => strangeness(kind, importance));
  expect(none).toBe(0);
  expect(low!).toBeGreaterThan(0);
  expect(middling!).toBeGreaterThan(low!);
  expect(high!).toBeGreaterThan(middling!);
});
