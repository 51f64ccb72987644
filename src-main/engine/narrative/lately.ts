import { TOGETHER } from '../../../models/facts/facts.ts';
import type { AnomalousAction } from '../explanation/explain.ts';

/** Who does nothing for longer has gone. Seconds. */
const PAUSE = 1800;

/** The first action after the last pause: what was done before it is another matter. */
export function beginOf(actions: readonly AnomalousAction[]): number {
  const at = actions.findLastIndex(({ time }, a) => a > 0 && time - actions[a - 1]!.time > PAUSE);
  return actions[Math.max(0, at)]!.id;
}

/** Of the last actions those whose new facts are looked at together, by id. @param actions at least one */
export function newFactsOf(actions: readonly AnomalousAction[]): ReadonlySet<number> {
  const from = actions.at(-1)!.time - TOGETHER;
  return new Set(actions.filter(({ newFacts, time }) => newFacts !== undefined && time >= from).map(({ id }) => id));
}
