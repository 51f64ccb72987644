import { expect, it } from 'vitest';

import { calibrate, memberScales } from '../../models/profile/calibrate.ts';
import type { HeldOut } from '../../models/profile/held-out.ts';
import { random } from '../../models/random.ts';

const WINDOW = 50;
const COUNT = 2000;
const HOUR = 3600;

/** What a detector made of a past of which the first 15 % were not scored. */
function heldOut(): HeldOut {
  const next = random(1);
  const scores = Float64Array.from({ length: COUNT }, (_, i) => (i < 0.15 * COUNT ? NaN : next()));
  const none = new Float64Array(COUNT).fill(NaN);
  return {
    windows: scores,
    filled: new Uint16Array(COUNT).fill(WINDOW),
    since: Uint32Array.from({ length: COUNT }, (_, i) => i + 1),
    actions: none,
    amounts: none,
    short: none,
    curve: [],
  };
}

it('knows from the whole past how much comes in a day, where what was scored is one busy afternoon', () => {
  const seen = heldOut();
  const member = { ...memberScales(seen, WINDOW), heldOut: seen, weight: 1 };
  // Ten days for the first 15 %, four hours for all others.
  const times = Array.from({ length: COUNT }, (_, i) =>
    i < 0.15 * COUNT
      ? (240 * HOUR * i) / (0.15 * COUNT)
      : 240 * HOUR + (4 * HOUR * (i - 0.15 * COUNT)) / (0.85 * COUNT),
  );
  const { normal } = calibrate([member], times, WINDOW);
  const perDay = normal.maxima.length / normal.days;
  expect(normal.maxima).toHaveLength((0.85 * COUNT) / WINDOW);
  expect(perDay).toBeCloseTo(COUNT / WINDOW / (times.at(-1)! / (24 * HOUR)), 6);
});
