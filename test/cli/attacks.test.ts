import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { falseIncidents, labelledBlocks, outcomeOf, type JudgedAction } from '../../src-main/cli/evaluate/attacks.ts';
import { sumUp, sumUpByKind } from '../../src-main/cli/evaluate/sum-up.ts';
import type { Label } from '../../src-main/simulate/simulate.ts';

const label = (from: number, to: number): Label => ({
  id: 'miner-loud',
  name: 'miner',
  mitre: 'T1496',
  strength: 'loud',
  host: 'h',
  user: 'alice',
  from_line: from,
  to_line: to,
  from: 0,
  to: 0,
  lines: [[from, to]],
});

/** 1,000 actions a minute apart, lines from 1; calm but where told. */
const actions = (scoreAt: (line: number) => number | undefined): JudgedAction[] =>
  Array.from({ length: 1000 }, (_, i) => ({ line: i + 1, time: 1_776_643_200 + 60 * i, score: scoreAt(i + 1) }));

const own = (scoreAt: (line: number) => number | undefined) =>
  outcomeOf('alice', actions(scoreAt), [label(501, 520)], 3).attacks[0]!.atOwnLine;

describe('an attack', () => {
  it('is found by the first alarm, counted from its first action', () => {
    expect(own((line) => (line >= 510 && line < 530 ? 4 : 0))).toEqual({
      found: true,
      delayActions: 10,
      delayMinutes: 9,
    });
  });

  it('is found by windows that still hold it, for 50 actions and an hour', () => {
    expect(own((line) => (line === 570 ? 4 : 0))?.found).toBe(true);
    expect(own((line) => (line === 571 ? 4 : 0))?.found).toBe(false);
  });

  it('is not found by an alarm that was on before it', () => {
    expect(own((line) => (line >= 490 && line < 600 ? 4 : 0))?.found).toBe(false);
    expect(own((line) => ((line >= 490 && line < 505) || line === 512 ? 4 : 0))?.delayActions).toBe(12);
  });

  it('is not found where nothing was judged', () => {
    expect(own(() => undefined)).toEqual({ found: false, delayActions: null, delayMinutes: null });
  });
});

it('of which the user did nothing is missed, not forgotten', () => {
  const others = { ...label(5000, 5003), family: 'persistence' };
  const { attacks, rocAuc } = outcomeOf(
    'alice',
    actions(() => 4),
    [others],
    3,
  );
  expect(attacks).toMatchObject([{ family: 'persistence', atOwnLine: { found: false }, atOneADay: { found: false } }]);
  expect(rocAuc).toBeNull();
  const told = ['id', 'name', 'mitre', 'strength', 'user', 'family', 'atOwnLine', 'atOneADay'];
  expect(Object.keys(attacks[0]!)).toEqual(told);
});

it('leaves what an attack has just been in out of the blocks, and tells where the others lie', () => {
  const blocks = labelledBlocks(
    'alice',
    actions((line) => line / 1000),
    [label(501, 520)],
  );
  expect(blocks.filter((block) => block.label === 1)).toMatchObject([{ from: 501, to: 550, score: 0.55 }]);
  expect(blocks.map(({ from }) => from)).not.toContain(551);
  expect(blocks[0]).toMatchObject({ from: 1, to: 50, time: 1_776_643_200 + 60 * 49 });
  expect(blocks).toHaveLength(19);
});

it('an incident is false that begins neither in an attack nor while it still counts', () => {
  const count = (...opened: number[]) =>
    falseIncidents(
      'alice',
      actions(() => 0),
      [label(501, 520), label(5000, 5001), { ...label(1, 900), user: 'bob' }],
      opened,
    );
  expect(count(501, 520, 570)).toBe(0);
  expect(count(500, 571, 5000)).toBe(3);
});

it('sums up by kind: those alone of which the label tells it', () => {
  const outcome = outcomeOf(
    'alice',
    actions((line) => (line >= 501 && line < 530 ? 4 : 0)),
    [
      { ...label(501, 520), family: 'chain', entry: 'ssh', inHours: true },
      { ...label(701, 720), family: 'chain', inHours: false },
      label(801, 820),
    ],
    3,
  );
  const { byFamily, byEntry, inHours, outOfHours, attacks } = sumUpByKind([outcome]);
  expect(attacks).toBe(3);
  expect(byFamily).toMatchObject({ chain: { attacks: 2, atOwnLine: { found: 1 } } });
  expect(byFamily.chain).toMatchObject({
    inHours: { attacks: 1 },
    outOfHours: { attacks: 1, atOwnLine: { found: 0 } },
  });
  expect(byEntry).toMatchObject({ ssh: { attacks: 1, outOfHours: { attacks: 0, atOwnLine: null } } });
  expect([inHours.attacks, outOfHours.attacks]).toEqual([1, 1]);
});

it('takes the line from normal blocks: as many alerts as days, a run of blocks being one', () => {
  // One day. Blocks 1 and 2 alarm together, block 5 by itself at .8: that would be the second alert.
  const score = (line: number): number =>
    line <= 100 ? 0.9 : line > 200 && line <= 250 ? 0.8 : line === 515 ? 0.85 : 0;
  const [attack] = outcomeOf('alice', actions(score), [label(501, 520)], undefined).attacks;
  expect(attack).toMatchObject({ atOwnLine: null, atOneADay: { found: true, delayActions: 15 } });
  const lower = (line: number): number => (line === 515 ? 0.79 : score(line));
  expect(outcomeOf('alice', actions(lower), [label(501, 520)], undefined).attacks[0]?.atOneADay.found).toBe(false);
});

it('does not depend on the scale of the scores', () => {
  const values = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1000, maxLength: 1000 });
  fc.assert(
    fc.property(values, (scores) => {
      const of = (scale: (score: number) => number) =>
        outcomeOf(
          'alice',
          actions((line) => scale(scores[line - 1]!)),
          [label(501, 520)],
          undefined,
        );
      expect(of((score) => Math.exp(score / 9) - 70)).toEqual(of((score) => score));
    }),
    { numRuns: 30 },
  );
});

it('sums up: attacks of all users, medians of those found', () => {
  const good = outcomeOf(
    'alice',
    actions((line) => (line > 505 && line < 530 ? 4 : 0)),
    [label(501, 520)],
    3,
  );
  const bad = outcomeOf(
    'alice',
    actions(() => 0),
    [label(501, 520)],
    3,
  );
  expect(sumUp([good, bad])).toMatchObject({
    attacks: 2,
    atOwnLine: { found: 1, medianDelayActions: 6, medianDelayMinutes: 5 },
  });
  expect(good.rocAuc).toBe(1);
  expect(bad.rocAuc).toBe(0.5);
});
