import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Encoded } from '../../models/features/encode.ts';
import { fieldsOf, SHORTEST, Window } from '../../models/window.ts';

const action = (time: number, field = 1): Encoded => ({
  time,
  type: 1,
  token: field,
  fields: [field, field + 1000],
  families: [1, 2],
  recency: 0,
  port: -1,
  importance: 5,
  added: true,
  baseline: false,
});
const HOUR = 3600;

function sizes(times: readonly number[], length = 50): number[] {
  const window = new Window(length);
  return times.map((time) => {
    window.push(action(time));
    return window.filled;
  });
}

describe('a window', () => {
  it('holds the last actions, as many as it is long', () => {
    const busy = Array.from({ length: 80 }, (_, i) => i * 10);
    expect(sizes(busy)).toEqual(busy.map((_, i) => Math.min(50, i + 1)));
  });

  it('leaves what was before a pause as soon as enough came after it', () => {
    const before = Array.from({ length: 60 }, (_, i) => i);
    const after = Array.from({ length: 60 }, (_, i) => HOUR + i);
    expect(sizes([...before, ...after]).slice(60)).toEqual(
      after.map((_, i) => Math.min(50, Math.max(SHORTEST, i + 1))),
    );
  });

  it('is never emptied by a clock that goes back', () => {
    expect(sizes([0, 1, 2, -HOUR, 3 * HOUR]).at(-1)).toBe(5);
  });

  it('holds at least its shortest for a user who does little in a day', () => {
    const quiet = Array.from({ length: 30 }, (_, i) => i * 24 * HOUR);
    expect(sizes(quiet).slice(SHORTEST)).toEqual(quiet.slice(SHORTEST).map(() => SHORTEST));
  });

  it('counts what its actions hold, whatever came and went', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 1, max: 6 })), {
      maxLength: 120,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 30 }), (moves, length) => {
        const window = new Window(length);
        let time = 0;
        const tracked = new Map<number, number>();
        for (const [gap, field] of moves) {
          window.push(action((time += gap), field));
          for (const { field: changed, after } of window.changes) {
            if (after > 0) tracked.set(changed, after);
            else tracked.delete(changed);
          }
          const counts = new Map<number, number>();
          for (const one of window.actions)
            for (const held of fieldsOf(one)) counts.set(held, (counts.get(held) ?? 0) + 1);
          expect(new Map(Array.from(window.held, ({ field, count }) => [field, count]))).toEqual(counts);
          expect(tracked).toEqual(counts);
          expect(window.total).toBe([...counts.values()].reduce((sum, count) => sum + count, 0));
        }
      }),
    );
  });
});
