import { describe, expect, it } from 'vitest';

import type { Detector, DetectorKind } from '../../models/detector.ts';
import type { Encoded } from '../../models/features/encode.ts';
import { fusedEngine } from '../../models/fused.ts';
import { calibrate, memberScales } from '../../models/profile/calibrate.ts';
import { Drift } from '../../models/profile/drift.ts';
import type { HeldOut } from '../../models/profile/held-out.ts';
import { alertThreshold } from '../../models/profile/normal.ts';
import { Profile } from '../../models/profile/profile.ts';
import { View, type Judgement, type Stays } from '../../models/profile/view.ts';
import { random } from '../../models/random.ts';

const WINDOW = 50;
const COUNT = 10_000;

/** Normal windows overlap, so what one says the next says nearly too: about 0, and rarely beyond 3. */
function heldOut(): HeldOut {
  const next = random(1);
  let last = 0;
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const windows = Float64Array.from(
    { length: COUNT },
    () => (last = 0.95 * last + Math.sqrt(1 - 0.95 ** 2) * normal()),
  );
  const none = new Float64Array(COUNT).fill(NaN);
  return {
    windows,
    filled: new Uint16Array(COUNT).fill(WINDOW),
    since: Uint32Array.from({ length: COUNT }, (_, i) => i + 1),
    actions: none,
    amounts: none,
    short: none,
    curve: [],
  };
}

/** A profile of one detector that says what it is told to. */
function profiled() {
  const learned: number[] = [];
  const said = { window: 0 };
  const detector: Detector = {
    watch: () => ({ see: () => ({ ...said }), explain: () => ({ reasons: [] }) }),
    *learn(accepted) {
      learned.push(...accepted.map(({ time }) => time));
      yield 1;
    },
    save: () => ({}),
  };
  const seen = heldOut();
  const scales = memberScales(seen, WINDOW);
  const times = Array.from({ length: COUNT }, (_, i) => 60 * i);
  const calibration = calibrate([{ ...scales, heldOut: seen, weight: 1 }], times, WINDOW);
  const member = { kind: { name: 'lstm' } as DetectorKind, detector, ...scales };
  const ensemble = { members: [member], calibrations: { lstm: calibration } };
  const options = { seed: 1, windowLength: WINDOW, math: fusedEngine() };
  let time = 0;
  const next = (): Encoded => ({
    time: (time += 10),
    type: 1,
    token: 1,
    fields: [1],
    families: [1],
    recency: 0,
    port: -1,
    importance: 5,
    added: true,
    baseline: false,
  });
  const profile = new Profile(ensemble, 'lstm', options, []);
  const view = new View(ensemble, 'lstm', WINDOW, new Drift(1));
  const threshold = alertThreshold(calibration.normal, 1 / 7);
  return { profile, view, threshold, learned, next, say: (window: number) => (said.window = window) };
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

describe('somebody who stays', () => {
  it('alarms where no window of theirs does, and no more once the user is back', () => {
    const { view, threshold, next, say } = profiled();
    const see = (count: number): number[] => times(count, () => view.see(next()).window);
    expect(Math.max(...see(300))).toBeLessThan(threshold);
    say(1.9);
    expect(Math.max(...see(50))).toBeLessThan(threshold);
    expect(see(300).at(-1)).toBeGreaterThanOrEqual(threshold);
    say(0);
    expect(see(1)[0]).toBeLessThan(threshold);
    // … nor where a window of theirs is strange by itself soon after.
    say(1.9);
    expect(Math.max(...see(50))).toBeLessThan(threshold);
    expect(see(300).at(-1)).toBeGreaterThanOrEqual(threshold);
    // After a pause it may be another one.
    view.see({ ...next(), time: next().time + 2000 });
    say(2);
    expect(view.see({ ...next(), time: next().time + 2000 }).window).toBeLessThan(threshold);
  });

  it('is not learned, from the first action on, for being a little strange', () => {
    const { profile, learned, next, say } = profiled();
    let tellsMuch = true;
    const act = (count: number): number[] =>
      times(count, () => {
        const action = next();
        profile.learn(action, profile.observe(action).own, tellsMuch);
        return action.time;
      });
    const own = act(1000);
    expect(learned).toEqual(own.slice(0, learned.length));
    expect(learned.length).toBeGreaterThan(700);
    say(1);
    const theirs = act(3000);
    // Less than what a few windows alone are refused at.
    expect(profile.observe(next()).own.stretch).toSatisfy((z) => z > 0.8 && z < 1.4);
    expect(learned.filter((one) => one >= theirs[0]!)).toEqual([]);
    // One calm moment makes nobody at home.
    say(-0.3);
    act(1);
    say(1);
    expect(act(3000).filter((one) => learned.includes(one))).toEqual([]);
    say(0);
    const later = act(2000);
    expect(learned.filter((one) => one >= later[0]!).length).toBeGreaterThan(1000);
    // Of a log of few queries the new habits of a user may be all.
    tellsMuch = false;
    say(1);
    const habits = act(500);
    expect(learned.filter((one) => one >= habits[0]!).length).toBeGreaterThan(200);
  });

  it('is still there after a restart', () => {
    const { profile, next, say } = profiled();
    const see = (): Judgement => profile.observe(next()).own;
    say(1.9);
    times(400, see);
    const { stays } = JSON.parse(profile.save()['profile.json'] as string) as { stays: Stays };
    expect(stays.lately).toBeGreaterThan(1.5);
    expect(stays.sinceCalm).toBeGreaterThan(1.5);
    expect(see().stay).toBeCloseTo(stays.lately, 2);
  });
});

describe('what lasts', () => {
  it('is what windows had at three of the last ten actions, not before a pause, and still there after a restart', () => {
    const { view, profile, threshold, next, say } = profiled();
    const see = (): Judgement => view.see(next());
    times(100, see);
    say(6);
    const [first, second, third] = times(3, see);
    expect(first!.window).toBeGreaterThan(threshold);
    expect([first!.lasts, second!.lasts].every((z) => z < threshold)).toBe(true);
    expect(third!.lasts).toBeGreaterThan(threshold);
    say(0);
    const calm = times(8, see).map(({ lasts }) => lasts >= threshold);
    expect(calm).toEqual([true, true, true, true, true, true, true, false]);
    say(6);
    times(3, see);
    expect(view.see({ ...next(), time: next().time + 2000 }).lasts).toBe(-3);

    say(0);
    times(100, () => profile.observe(next()));
    say(6);
    const told = times(2, () => profile.observe(next()).own.lasts);
    expect(Math.max(...told)).toBeLessThan(threshold);
    profile.save();
    expect(profile.observe(next()).own.lasts).toBeGreaterThan(threshold);
  });
});
