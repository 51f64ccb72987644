import { describe, expect, it } from 'vitest';

import type { Found } from '../../../src-main/engine/reading/parse-batch.ts';
import { figuresOf, incidentsAt, type JudgedUser } from './figures.ts';
import type { LabelledTest, SetUser } from './sets.ts';
import { tableOf } from './table.ts';

const HOUR = 3600;

/** One action a minute, with lines from 1. */
const actions = (count: number): Found[] =>
  Array.from({ length: count }, (_, a) => ({
    subject: 'anna',
    host: 'desk',
    line: a + 1,
    action: { query: 'process_start', change: 'added', time: 60 * a, columns: {} },
  }));

const userWith = (name: string, ...tests: LabelledTest[]): SetUser => ({ name, past: [], tests });

const judgedAs = (user: string, alarm: number, ...tests: (readonly number[])[]): JudgedUser => ({
  user,
  tests: tests.map((scores) => ({ scores, opened: [], openedOfMachine: [] })),
  alarm,
  fit: 2,
  judge: 0.01,
  rows: 100,
});

describe('the figures of a method', () => {
  const units = [
    { from: 1, to: 2, label: 0 },
    { from: 3, to: 4, label: 1 },
    { from: 5, to: 6, label: 0 },
    { from: 7, to: 8, label: 1 },
  ] as const;
  const users = ['anna', 'bert'].map((name) => userWith(name, { found: actions(8), labels: { units } }));

  it('take a unit by its strangest window, and the line of its own user', () => {
    const figures = figuresOf(
      [judgedAs('anna', 5, [0, 6, 1, 9, 0, 2, 8, 0]), judgedAs('bert', 9, [0, 1, 1, 8, 0, 2, 9, 0])],
      users,
    );
    // Strangers score 9, 8 and 8, 9; the users themselves 6, 2 and 1, 2.
    expect(figures).toMatchObject({ users: 2, rocAuc: 1, meanRocAuc: 1, foundAt3: 1, fitSeconds: 2 });
    expect(figures).toMatchObject({ ownFound: 0.75, ownFalse: 0.25 });
    expect(figures.cost).toBeCloseTo(100 * (6 * 0.25 + 0.25));
    expect(figures.microsecondsARow).toBeCloseTo(100);
    expect(figures.attacks).toBeUndefined();
  });

  it('compare the scales of users over all units, and not in the mean of users', () => {
    const low = judgedAs('anna', 5, [0, 0.1, 0, 0.2, 0, 0.1, 0, 0.2]);
    const high = judgedAs('bert', 5, [0, 10, 0, 20, 0, 10, 0, 20]);
    const figures = figuresOf([low, high], users);
    expect(figures.meanRocAuc).toBe(1);
    expect(figures.rocAuc).toBe(0.75);
    expect(figures.foundAt3).toBe(0.5);
  });

  it('are refused where nothing is a stranger’s', () => {
    const own = units.map((unit) => ({ ...unit, label: 0 as const }));
    const users = [userWith('anna', { found: actions(8), labels: { units: own } })];
    expect(() => figuresOf([judgedAs('anna', 5, [1, 2, 3, 4, 5, 6, 7, 8])], users)).toThrow(RangeError);
  });
});

describe('the figures of attacks', () => {
  const attack = { id: 'a', name: 'a', mitre: '', strength: '', user: 'anna', at: 1 };
  const labels = { attacks: [{ ...attack, lines: [[120, 122]] as const }], machine: [] };
  const user = userWith('anna', { found: actions(400), labels });
  const scoresWith = (...at: number[]): number[] =>
    Array.from({ length: 400 }, (_, a) => (at.includes(a + 1) ? 9 : (a % 7) / 10));
  const figuresWith = (scores: readonly number[], opened: readonly number[], openedOfMachine: readonly number[] = []) =>
    figuresOf([{ ...judgedAs('anna', 5), tests: [{ scores, opened, openedOfMachine }] }], [user]).attacks!;

  it('find what alarms in the attack, and count elsewhere as false', () => {
    expect(figuresWith(scoresWith(121), [121])).toMatchObject({ all: 1, foundAtOwnLine: 1, falseIncidentsAWeek: 0 });
    const late = figuresWith(scoresWith(300), [300]);
    expect(late).toMatchObject({ foundAtOwnLine: 0 });
    // 400 minutes lie on one day.
    expect(late.falseIncidentsAWeek).toBe(7);
  });

  it('take an alert of the machine on a row of the attack for as good', () => {
    expect(figuresWith(scoresWith(), [], [121])).toMatchObject({ foundAtOwnLine: 1, falseIncidentsAWeek: 0 });
    expect(figuresWith(scoresWith(), [], [10])).toMatchObject({ foundAtOwnLine: 0, falseIncidentsAWeek: 7 });
  });
});

describe('the incidents of a method that has only a line', () => {
  const opened = (scores: readonly number[], found = actions(scores.length)): number[] => incidentsAt(found, scores, 3);

  it('open once while the scores stay above two thirds of the line', () => {
    expect(opened([0, 3, 2.5, 2.1, 4, 0])).toEqual([2]);
  });

  it('open again after calm windows, by actions or by hours', () => {
    expect(opened([3, ...Array<number>(50).fill(0), 3])).toEqual([1, 52]);
    expect(opened([3, ...Array<number>(10).fill(0), 3])).toEqual([1]);
    const rested = actions(3).map((one, a) => ({ ...one, action: { ...one.action, time: 3 * HOUR * a } }));
    expect(opened([3, 0, 3], rested)).toEqual([1, 3]);
  });

  it('do not open with the end of something', () => {
    const ended = actions(2).map((one) => ({ ...one, action: { ...one.action, change: 'removed' as const } }));
    expect(opened([0, 9], ended)).toEqual([]);
  });
});

describe('the table of peers', () => {
  const all = { users: 1, rocAucs: [], meanRocAuc: 0.9, foundAt3: 0.5, ownFound: 0.6, ownFalse: 0.03, cost: 58 };
  const cost = { fitSeconds: 0.4, microsecondsARow: 41.2 };

  it('has the method with the highest ROC-AUC first', () => {
    const lines = tableOf(
      new Map([
        ['worse', { ...all, ...cost, rocAuc: 0.8 }],
        ['better', { ...all, ...cost, rocAuc: 0.95 }],
      ]),
    ).split('\n');
    expect(lines[2]).toBe('| better | .95 | .90 | 50.0 % | 60.0 % | 3.0 % | 58 | 0.40 | 41 |');
    expect(lines[3]).toMatch(/^\| worse \| \.80 /);
  });

  it('tells of attacks where there are some', () => {
    const attacks = { all: 32, foundAtOwnLine: 20, foundAtOneADay: 25, falseIncidentsAWeek: 0.44 };
    const [head, , row] = tableOf(new Map([['one', { ...all, ...cost, rocAuc: 1, attacks }]])).split('\n');
    expect(head).toContain('false incidents');
    expect(row).toContain('| 20 of 32 | .44 | 25 |');
  });
});
