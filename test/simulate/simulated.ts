import { attacks } from '../../src-main/simulate/attacks/schedule.ts';
import type { Line } from '../../src-main/simulate/lines.ts';
import { simulate, type Label, type SimulateOptions } from '../../src-main/simulate/simulate.ts';

export const everything: SimulateOptions = {
  users: 4,
  days: 9,
  start: Date.UTC(2026, 3, 20) / 1000,
  seed: 1,
  pack: 'modern',
  form: 'event',
  attacks: attacks.map(({ id }) => id),
};

/** All lines of a simulation, and its labels. */
export function simulated(changes: Partial<SimulateOptions>): { lines: Line[]; labels: Label[] } {
  const days = simulate({ ...everything, ...changes });
  const lines: Line[] = [];
  for (;;) {
    const { done, value } = days.next();
    if (done) return { lines, labels: value };
    lines.push(...value);
  }
}
