import type { StrangeAction } from '../explain.ts';

/** Who does nothing for longer has gone. Seconds. */
const PAUSE = 1800;

/** The first action after the last pause: what was done before it is another matter. */
export function beginOf(actions: readonly StrangeAction[]): number {
  const at = actions.findLastIndex(({ time }, a) => a > 0 && time - actions[a - 1]!.time > PAUSE);
  return actions[Math.max(0, at)]!.id;
}
