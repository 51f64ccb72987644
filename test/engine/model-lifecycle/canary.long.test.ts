import { join } from 'node:path';

import { afterEach, expect, it } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { fusedEngine } from '../../../models/fused.ts';
import { Engine } from '../../../src-main/engine/engine.ts';
import { trainHere, type Train } from '../../../src-main/engine/models/train.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { ordinary } from '../../models/ordinary.ts';
import { scratch } from '../../scratch.ts';
import { batchOf, lineOf } from '../log-lines.ts';

const open: Engine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.close();
});

const all = ordinary(3600);
/** The habits of somebody else: the same kinds of action, with other names. */
const elsewhere: Action[] = ordinary(2000, 3, (word) => `${word}x`);

/** An engine that has trained twice, with `train`, and judged enough after that. */
async function trainedTwice(train: Train): Promise<{ engine: Engine; notices: string[] }> {
  const notices: string[] = [];
  const opened = Engine.open(
    {
      state: join(scratch(), 'state'),
      pack: defaultPack(),
      algorithm: 'ocsvm',
      seed: 1,
      windowLength: 50,
      trainAfter: 1000,
      sensitivity: { alertsPerDay: 1 / 7 },
      subject: 'alice',
      train,
      math: fusedEngine(),
      now: () => 1_800_000_000,
    },
    { notice: (text) => notices.push(text) },
  );
  if (!opened.ok) throw new Error(opened.problem.message);
  const { engine } = opened;
  open.push(engine);
  const lines = all.map((action) => lineOf(action));
  for (let at = 0; at < lines.length; at += 100) {
    engine.ingest(batchOf(lines.slice(at, at + 100), at + 1));
    await engine.trainDue();
  }
  return { engine, notices };
}

const trainings = (engine: Engine): number[] => [
  ...new Set(
    engine.store.versions
      .list()
      .map(({ manifest }) => (manifest as { training: { actions: number } }).training.actions),
  ),
];

it('goes back to the model before when a new one finds more of the user strange', async () => {
  let calls = 0;
  const { engine, notices } = await trainedTwice((past, request) =>
    trainHere(++calls === 2 ? elsewhere : past, request),
  );
  expect(calls).toBe(2);
  expect(notices.join()).toMatch(
    /^alice: the new model found \d+\.\d % .* strange, the one before \d\.\d %; that one is used again$/,
  );
  const subject = engine.store.subjects.byName('alice')!;
  expect(engine.store.versions.active(subject.id, 'ocsvm')!.manifest).toMatchObject({ training: { actions: 1000 } });
});

it('keeps a new model that is as good, and trains no failed one again at once', async () => {
  const { engine, notices } = await trainedTwice(trainHere);
  expect(notices).toEqual([]);
  expect(trainings(engine)).toEqual([1000, 2000]);
  const subject = engine.store.subjects.byName('alice')!;
  expect(engine.store.versions.active(subject.id, 'ocsvm')!.manifest).toMatchObject({ training: { actions: 2000 } });
});
