/** A model that fails while it wakes or judges is passed over: the last good one judges, and that is said. */
import { join } from 'node:path';

import { afterEach, expect, it, vi } from 'vitest';

import { fusedEngine } from '../../../models/fused.ts';
import { UserModel } from '../../../models/profile/user-model.ts';
import { Engine } from '../../../src-main/engine/engine.ts';
import { readModel } from '../../../src-main/engine/models/read-model.ts';
import type { EngineOptions } from '../../../src-main/engine/options.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { adoptVersion } from '../../../src-main/engine/model-lifecycle/versions.ts';
import { ordinary } from '../../models/ordinary.ts';
import { scratch } from '../../scratch.ts';
import { lineOf } from '../log-lines.ts';

const past = ordinary(1000);

afterEach(() => {
  vi.restoreAllMocks();
});

function batch(from: number, to: number): Parameters<Engine['ingest']>[0] {
  const met = { path: '/l', device: '1', inode: '1', fingerprint: '', fingerprintBytes: 0 };
  const lines = past.slice(from, to).map((action, a) => ({ number: from + a + 1, text: lineOf(action) }));
  return { lines, refused: [], checkpoint: { ...met, offset: to, line: to } };
}

it.each<[string, (model: UserModel) => void]>([
  [
    'throws while it judges what is stored',
    (model) => {
      vi.spyOn(model, 'observe').mockImplementation(() => {
        throw new RangeError('offset is out of bounds');
      });
    },
  ],
  [
    'throws with a later action',
    (model) => {
      const real = model.observe.bind(model);
      let judged = 0;
      vi.spyOn(model, 'observe').mockImplementation((...asked) => {
        if (++judged > 20) throw new TypeError('x is undefined');
        return real(...asked);
      });
    },
  ],
  [
    'gives what is no number',
    (model) => {
      const real = model.observe.bind(model);
      vi.spyOn(model, 'observe').mockImplementation((...asked) => {
        const judgement = real(...asked);
        return judgement && { ...judgement, window: NaN };
      });
    },
  ],
  [
    'cannot be loaded, for whatever reason',
    () => {
      throw new TypeError('x is undefined');
    },
  ],
])('%s', async (_, spoil) => {
  const notices: string[] = [];
  const options: EngineOptions = {
    state: join(scratch(), 'state'),
    pack: defaultPack(),
    math: fusedEngine(),
    algorithm: 'ocsvm',
    seed: 1,
    windowLength: 50,
    trainAfter: 900,
    sensitivity: { alertsPerDay: 1 },
    subject: 'alice',
    now: () => 1,
  };
  const opened = Engine.open(options, { notice: (text) => notices.push(text) });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { engine } = opened;
  engine.ingest(batch(0, 920));
  await engine.trainDue();
  const [good] = engine.store.versions.list();
  const read = readModel(good!.folder);
  if (!read.ok) throw new Error(read.problem.message);
  const bad = engine.store.transaction(() => adoptVersion(engine.store, options.state, 'alice', read, 1));
  const load = UserModel.load.bind(UserModel);
  vi.spyOn(UserModel, 'load').mockImplementationOnce((...asked) => {
    const model = load(...asked);
    spoil(model);
    return model;
  });
  engine.ingest(batch(920, 1000));
  const { id } = engine.store.subjects.byName('alice')!;
  const judged = engine.store.actions.last(id, 80).map((stored) => engine.store.scores.of(stored.id)?.versionId);
  expect(new Set(judged)).toEqual(new Set([good!.id]));
  expect(notices.join('\n')).toMatch(new RegExp(`version ${bad} is not used`));
  expect(notices.join('\n')).toMatch(new RegExp(`version ${good!.id} is used instead`));
  engine.close();
});
