import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { afterEach, expect, it } from 'vitest';

import { giveFeedback, takeBackFeedback } from '../../../src-main/engine/feedback/feedback.ts';
import { trainHere, type Train } from '../../../src-main/engine/models/train.ts';
import { scratch } from '../../scratch.ts';
import { ADOPT_AFTER, ADOPT_WITHIN, BesideEngine, HeldTrainings, LINES, lived, TRAIN_AFTER } from './beside.ts';

const open: BesideEngine[] = [];
afterEach(() => {
  for (const { engine } of open.splice(0)) engine.close();
});

function engineWith(train?: Train, state = join(scratch(), 'state'), clock?: { now: number }): BesideEngine {
  const made = new BesideEngine(state, train, clock);
  open.push(made);
  return made;
}

const ann = lived(2400, 0);

/** Whether a promise is settled once whatever can happen has happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.finally(() => (settled = true)).catch(() => undefined);
  await setTimeout(50);
  return settled;
}

/** The batch that has the n-th action after a training was begun is taken, and what is due after it waits. */
async function untilItWaits(own: BesideEngine): Promise<{ readonly waiting: Promise<void> }> {
  await own.live(0, ann, TRAIN_AFTER + ADOPT_AFTER - LINES);
  own.take(0, ann, TRAIN_AFTER + ADOPT_AFTER - LINES);
  const waiting = own.engine.trainDue();
  expect(await isSettled(waiting)).toBe(false);
  return { waiting };
}

it('stops a training with the engine', async () => {
  const held = new HeldTrainings();
  const own = engineWith(held.train);
  await own.live(0, ann, TRAIN_AFTER + 100);
  own.engine.close();
  expect(held.begun[0]!.signal!.aborted).toBe(true);
});

it('reads on while a user is trained, and takes the model into use at the 500th action after', async () => {
  const held = new HeldTrainings();
  const own = engineWith(held.train);
  await own.live(0, ann, TRAIN_AFTER - LINES);
  expect(held.begun).toEqual([]);
  await own.live(0, ann, TRAIN_AFTER);
  expect(held.begun).toMatchObject([{ subject: 'uid:1000', actions: TRAIN_AFTER }]);
  held.letGo();
  // It is over long before, and changes nothing until then.
  await own.live(0, ann, TRAIN_AFTER + ADOPT_AFTER - LINES);
  await setTimeout(500);
  const { versions, scores } = own.engine.store;
  expect(versions.list()).toEqual([]);
  await own.live(0, ann, TRAIN_AFTER + ADOPT_AFTER);
  expect(versions.list()).toMatchObject([{ afterAction: TRAIN_AFTER, active: true }]);
  await own.live(0, ann, TRAIN_AFTER + ADOPT_AFTER + LINES);
  const judgedBy = (action: number) => scores.of(action)?.versionId;
  expect([TRAIN_AFTER + ADOPT_AFTER, TRAIN_AFTER + ADOPT_AFTER + 1].map(judgedBy)).toEqual([undefined, 1]);
});

it('waits there for a training that is not over, and for no other one', async () => {
  const held = new HeldTrainings();
  const own = engineWith(held.train);
  const ben = lived(1400, 1);
  const { waiting } = await untilItWaits(own);
  held.letGo();
  await waiting;
  expect(own.engine.store.versions.list()).toHaveLength(1);
  // The next one's waits for nobody's.
  await own.live(1, ben, 1.5 * TRAIN_AFTER);
  expect(held.begun.map(({ subject }) => subject)).toEqual(['uid:1000', 'uid:1001']);
});

it('gives a user who does less the model an hour later, at the next batch of anybody', async () => {
  const own = engineWith();
  await own.live(0, ann, TRAIN_AFTER);
  own.clock.now += ADOPT_WITHIN - 2;
  const ben = lived(1400, 1);
  await own.live(1, ben, LINES);
  expect(own.engine.store.versions.list()).toEqual([]);
  await own.live(1, ben, 2 * LINES);
  expect(own.engine.store.versions.list()).toHaveLength(1);
});

it('begins a training again from the same past after a restart, whatever is stored since', async () => {
  const [state, clock] = [join(scratch(), 'state'), { now: 1_800_000_000 }];
  const pasts: (readonly unknown[])[] = [];
  const noted: Train = (past, request) => {
    if (past.length > TRAIN_AFTER) pasts.push([past, request.now]);
    return trainHere(past, request);
  };
  const first = engineWith(noted, state, clock);
  await first.live(0, ann, 2 * TRAIN_AFTER + 100);
  const { store } = first.engine;
  expect(pasts).toHaveLength(1);
  store.transaction(() => {
    store.incidents.mark(store.incidents.list()[0]!.id, 'normal');
  });
  first.engine.close();
  const second = engineWith(noted, state, clock);
  await second.engine.trainDue();
  expect(pasts).toHaveLength(2);
  expect(pasts[1]).toEqual(pasts[0]);
});

it('trains on what a person says meanwhile, to come into use at the same place; what changes nothing stops nothing', async () => {
  const held = new HeldTrainings();
  const own = engineWith((past, request) => (past.length > TRAIN_AFTER ? held.train : trainHere)(past, request));
  await own.live(0, ann, 2 * TRAIN_AFTER + 100);
  const { store } = own.engine;
  const [incident] = store.incidents.list();
  const known = store.versions.list().length;
  // What is too strange is not learned.
  expect(held.begun.map(({ actions }) => actions < 2 * TRAIN_AFTER)).toEqual([true]);
  const say = async (work: () => unknown): Promise<void> => {
    store.transaction(() => void work());
    await own.engine.trainDue();
  };
  await say(() => giveFeedback(store, { incident: incident!, verdict: 'suspicious', expires: null }, own.clock.now));
  expect(held.begun.map(({ signal }) => signal!.aborted)).toEqual([false]);
  await say(() => giveFeedback(store, { incident: incident!, verdict: 'normal', expires: null }, own.clock.now));
  await setTimeout(10);
  await own.engine.trainDue();
  expect(held.begun.map(({ signal }) => signal!.aborted)).toEqual([true, false]);
  expect(held.begun[1]!.actions).toBeGreaterThan(held.begun[0]!.actions);
  await say(() => {
    takeBackFeedback(store, incident!, own.clock.now);
  });
  await setTimeout(10);
  await own.engine.trainDue();
  expect(held.begun.map(({ actions }) => actions)[2]).toBe(held.begun[0]!.actions);
  held.letGo();
  await own.live(0, ann, 2 * TRAIN_AFTER + ADOPT_AFTER - LINES);
  expect(store.versions.list()).toHaveLength(known);
  await own.live(0, ann, 2 * TRAIN_AFTER + ADOPT_AFTER);
  expect(store.versions.list()).toHaveLength(known + 1);
});

it('trains a second time once the first model is in use, and compares it with that as it was then', async () => {
  const own = engineWith();
  await own.live(0, ann, 2 * TRAIN_AFTER);
  const { store } = own.engine;
  expect(store.trainings.begun()).toHaveLength(1);
  // Stored each 400 actions, but not while another one is trained.
  const known = store.versions.list().map(({ id }) => id);
  await own.live(0, ann, 2 * TRAIN_AFTER + ADOPT_AFTER - LINES);
  expect(store.versions.list().map(({ id }) => id)).toEqual(known);
  await own.live(0, ann, 2 * TRAIN_AFTER + ADOPT_AFTER);
  const id = own.id(0);
  expect(store.subjectState.canary(id)).toMatchObject({ predecessor: known.at(-1) });
  expect(store.versions.byId(known.at(-1)!)!.afterAction).toBeLessThanOrEqual(2 * TRAIN_AFTER);
  expect(store.trainings.begun()).toEqual([]);
});

it('tries a training that failed again after 500 actions, also after a restart', async () => {
  const [state, clock] = [join(scratch(), 'state'), { now: 1_800_000_000 }];
  let tries = 0;
  const failing: Train = () => {
    tries++;
    return Promise.reject(new RangeError('no model comes of it'));
  };
  const own = engineWith(failing, state, clock);
  await own.live(0, ann, TRAIN_AFTER + ADOPT_AFTER);
  expect([tries, own.engine.store.trainings.begun()]).toEqual([1, []]);
  own.engine.close();
  const again = engineWith(failing, state, clock);
  await again.engine.trainDue();
  await again.live(0, ann, 0);
  for (let at = TRAIN_AFTER + ADOPT_AFTER; at < TRAIN_AFTER + 2 * ADOPT_AFTER; at += LINES) {
    expect(tries).toBe(1);
    again.take(0, ann, at);
    await again.engine.trainDue();
  }
  expect(tries).toBe(2);
});

it('keeps of a user who is trained what the training reads, however old', async () => {
  const own = engineWith(new HeldTrainings().train);
  await own.live(0, ann, TRAIN_AFTER);
  const { store } = own.engine;
  const limits = { now: own.clock.now, maxAgeDays: 1, maxBytes: Infinity, keepPerSubject: 10, limit: 1e6 };
  expect(store.prune(limits).deleted).toBe(0);
  store.transaction(() => {
    store.trainings.remove(own.id(0));
  });
  expect(store.prune(limits).deleted).toBeGreaterThan(0);
});

it('forgets what it was to learn of a user who is forgotten', async () => {
  const own = engineWith(new HeldTrainings().train);
  await own.live(0, ann, TRAIN_AFTER);
  const { store } = own.engine;
  store.transaction(() => store.forget.since(own.id(0), ann[500]!.time));
  expect(store.trainings.of(own.id(0))).toBeUndefined();
});
