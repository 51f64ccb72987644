import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { random as randomOf } from '../../../models/random.ts';
import { giveFeedback, takeBackFeedback } from '../../../src-main/engine/feedback/feedback.ts';
import { trainHere, type Train } from '../../../src-main/engine/models/train.ts';
import { scratch } from '../../scratch.ts';
import { differences, tablesOf } from '../tables.ts';
import { ADOPT_WITHIN, BesideEngine, LINES, lived } from './beside.ts';

const lives = [lived(3600, 0), lived(3600, 1)];
const BATCHES = lives[0]!.length / LINES;

/** What happens after a batch, besides what is due; 'forget': the second user, who begins again with the batches that follow. */
type Event = 'stop' | 'mark' | 'undo' | 'prune' | 'silence' | 'forget';

interface Step {
  /** After the batches of this number. */
  readonly at: number;
  readonly event: Event;
}

/** A training takes as long as chance has it. */
const slowly = (seed: number): Train => {
  const random = randomOf(seed);
  return async (past, request) => {
    for (let pause = Math.floor(random() * 400); pause > 0; pause--) {
      request.signal?.throwIfAborted();
      await setImmediate();
    }
    return trainHere(past, request);
  };
};

/** All batches of both users, with the events between them. @returns what is stored in the end */
async function lifeWith(steps: readonly Step[], seed: number, stops: boolean): Promise<Record<string, string[]>> {
  const [state, clock] = [join(scratch(), 'state'), { now: 1_800_000_000 }];
  let own = new BesideEngine(state, slowly(seed), clock);
  const reopen = async (): Promise<void> => {
    own.engine.close();
    own = new BesideEngine(state, slowly(seed + clock.now), clock);
    await own.engine.trainDue();
  };
  for (let batch = 0; batch < BATCHES; batch++) {
    for (const [user, life] of lives.entries()) {
      own.take(user, life, batch * LINES);
      // Lines come in their time.
      for (let pause = 0; pause < 20; pause++) await setImmediate();
      await own.engine.trainDue();
    }
    for (const { event } of steps.filter(({ at }) => at === batch)) {
      const { store } = own.engine;
      const incident = store.incidents.list().at(-1);
      if (event === 'silence') clock.now += ADOPT_WITHIN;
      else if (event === 'stop') {
        if (stops) await reopen();
      } else if (event === 'forget') {
        const ben = store.subjects.byName('uid:1001');
        if (ben) store.overwriting(() => store.transaction(() => store.forget.subject(ben.id)));
        await reopen();
      } else if (event === 'prune') {
        const limits = { now: clock.now, maxAgeDays: 1, maxBytes: Infinity, keepPerSubject: 1600, limit: 1e6 };
        if (store.prune(limits).deleted > 0) own.engine.pruned();
      } else if (incident) {
        store.transaction(() => {
          if (event === 'undo') takeBackFeedback(store, incident, clock.now);
          else giveFeedback(store, { incident, verdict: 'normal', expires: null }, clock.now);
        });
        await own.engine.trainDue();
      }
    }
  }
  own.engine.close();
  return tablesOf(state);
}

it('stores the same however long trainings take, and wherever it is stopped in one, whatever people say and forget', async () => {
  const step = fc.record({
    at: fc.integer({ min: 10, max: BATCHES - 2 }),
    event: fc.constantFrom<Event[]>(
      'stop',
      'stop',
      'stop',
      'stop',
      'mark',
      'undo',
      'prune',
      'prune',
      'silence',
      'forget',
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), fc.nat(1e6), async (steps, seed) => {
      const [whole, stopped] = [await lifeWith(steps, 1, false), await lifeWith(steps, seed, true)];
      expect(differences(whole, stopped)).toEqual([]);
      expect(whole.versions!.length).toBeGreaterThan(2);
    }),
    { numRuns: Number(process.env.RUNS ?? 8), seed: 11, endOnFailure: true },
  );
});
