import type { Action } from '../models/action.ts';
import { random } from '../models/random.ts';

/** A stranger who takes over by and by: his share of the actions grows from nothing to all. */
export function slowDrift(own: readonly Action[], anomalous: readonly Action[], seed: number): Action[] {
  const next = random(seed);
  return own.map((action, a) => (next() < a / own.length ? at(anomalous[a % anomalous.length]!, action.time) : action));
}

/** The user's own actions, with `k` of a stranger's among every `length` of them. */
export function mimic(own: readonly Action[], anomalous: readonly Action[], k: number, length: number): Action[] {
  const every = Math.floor(length / k);
  let used = 0;
  return own.map((action, a) =>
    a % every === every - 1 ? at(anomalous[used++ % anomalous.length]!, action.time) : action,
  );
}

/** Programs that were never seen and never come again. */
export function flood(count: number, begin = 1_770_000_000): Action[] {
  return Array.from({ length: count }, (_, i) => ({
    query: 'programs',
    change: 'added',
    time: begin + i,
    columns: { name: `x${i}`, path: `/tmp/x${i}`, uid: '1000' },
  }));
}

const at = (action: Action, time: number): Action => ({ ...action, time });
