import type { Encoded } from '../../../models/features/encode.ts';
import { RECENCIES } from '../../../models/lstm/shape.ts';
import { random } from '../../../models/random.ts';

const TYPES = 8;
/** Different things done; the first are done most often. */
const THINGS = 400;

/** A user with about as many different actions as a model tells apart. */
export function busy(count: number): Encoded[] {
  const next = random(1);
  return Array.from({ length: count }, (_, i) => {
    const token = 1 + Math.floor(THINGS * next() ** 2);
    return {
      time: 1_750_000_000 + 40 * i,
      type: 1 + (token % TYPES),
      token,
      port: i % 7 === 0 ? 1 : -1,
      families: [1, 2, 3],
      fields: [token, 1000 + (token % 60), 2000 + Math.floor(30 * next())],
      recency: Math.floor(RECENCIES * next()),
      importance: 5,
      added: true,
      baseline: false,
    };
  });
}
