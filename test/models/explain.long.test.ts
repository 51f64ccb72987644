import { describe, expect, it } from 'vitest';

import type { Action } from '../../models/action.ts';
import type { Algorithm } from '../../models/algorithm.ts';
import { fusedEngine } from '../../models/fused.ts';
import { UserModel, type WindowExplanation } from '../../models/profile/user-model.ts';
import type { Judgement } from '../../models/profile/view.ts';
import { ordinary } from './ordinary.ts';

const options = { seed: 7, windowLength: 50, math: fusedEngine() };
const all = ordinary(2100);
const past = all.slice(0, 2000);

function trained(algorithm: Algorithm): UserModel {
  const training = UserModel.train(past, new Map(), algorithm, options);
  for (;;) {
    const { done, value } = training.next();
    if (done) return value;
  }
}

/** Ordinary work with something laid into every third action. */
function withInjected(columns: (i: number) => Record<string, string>, query = 'programs'): Action[] {
  return all.slice(2000, 2060).map((action, i) => (i % 3 === 2 ? { ...action, query, columns: columns(i) } : action));
}

function explained(model: UserModel, actions: readonly Action[]): [Judgement, WindowExplanation] {
  let judgement: Judgement | undefined;
  for (const action of actions) judgement = model.observe(action, false);
  return [judgement!, model.explain(judgement!)];
}

const both = trained('both');

/** What was laid in, and a word by which it is known again. */
const injected = {
  'a program from a temporary folder': [() => ({ name: 'dropper', path: '/tmp/.x/dropper', uid: '1000' }), 'dropper'],
  'a far address': [() => ({ remote_address: '198.51.100.7', remote_port: '4444' }), '198.51.100'],
  'a known program in a strange place': [() => ({ name: 'git', path: '/dev/shm/git', uid: '1000' }), '/dev/shm'],
} as const;

describe.each(Object.entries(injected))('the explanation of %s', (_, [columns, word]) => {
  const query = word === '198.51.100' ? 'connections' : 'programs';
  const [judgement, why] = explained(both, withInjected(columns, query));

  it('names it first', () => {
    expect(judgement.stretch).toBeGreaterThan(2);
    expect(JSON.stringify(why.factors[0]!.what)).toContain(word);
  });

  it('accounts for all of it, by detector and aspect too', () => {
    const shares = why.factors.reduce((sum, { share }) => sum + share, why.rest);
    expect(shares).toBeCloseTo(1, 9);
    for (const { share, by } of why.factors) {
      expect(Object.values(by).reduce((sum, part) => sum + part, 0)).toBeCloseTo(share, 9);
    }
  });

  it('tells each vote as it was given', () => {
    expect(Object.fromEntries(why.votes.map(({ detector, z }) => [detector, z]))).toEqual(judgement.votes);
    const against = why.votes.filter(({ share }) => share > 0).reduce((sum, { share }) => sum + share, 0);
    expect(against).toBeCloseTo(1, 9);
  });

  it('tells what was familiar in it, and when the user worked most alike', () => {
    expect(why.familiar.length).toBeGreaterThan(0);
    expect(why.familiar.map(({ what }) => JSON.stringify(what)).join()).not.toContain(word);
    expect(why.nearest).toHaveLength(3);
    for (const { from, similarity } of why.nearest) {
      expect(from).toBeGreaterThanOrEqual(past[0]!.time);
      expect(from).toBeLessThanOrEqual(past.at(-1)!.time);
      expect(similarity).toBeGreaterThan(0);
      expect(similarity).toBeLessThanOrEqual(1);
    }
  });
});

it('tells what the LSTM expected instead of what came', () => {
  const habit = all.slice(2000, 2050);
  const odd = { ...habit.at(-1)!, columns: { name: 'nc', path: '/usr/bin/nc', uid: '1000' } };
  const [, { surprises }] = explained(trained('lstm'), [...habit, odd]);
  const last = surprises.find(({ at }) => at === 49)!;
  expect(last).toBe(surprises[0]);
  expect(last.probability).toBeLessThan(0.01);
  const [first, ...others] = last.expected;
  expect(first!.probability).toBeGreaterThan(last.probability);
  expect(first!.what.query).toMatch(/^(programs|connections)$/);
  for (const { probability } of others) expect(probability).toBeLessThanOrEqual(first!.probability);
  expect(last.expected.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThanOrEqual(1);
});

it('has nothing to tell against a window that nobody speaks against', () => {
  const model = trained('ocsvm');
  for (const action of past.slice(-300)) {
    const judgement = model.observe(action, false)!;
    if (judgement.votes.ocsvm! >= 0) continue;
    expect(model.explain(judgement)).toMatchObject({ factors: [], rest: 0 });
    return;
  }
  expect.unreachable('no window of the past is usual');
});

it('changes nothing by explaining', () => {
  const model = trained('both');
  const steps = all.slice(2000, 2040);
  const plain = steps.map((action) => both.observe(action, false)!.window);
  expect(plain).toHaveLength(40);
  const first = steps.map((action) => model.observe(action, false)!);
  model.explain(first.at(-1)!);
  const again = trained('both');
  steps.forEach((action) => again.observe(action, false));
  expect(model.observe(all[2040]!, false)).toEqual(again.observe(all[2040]!, false));
});
