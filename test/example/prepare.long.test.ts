import { expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import type { EngineOptions } from '../../src-main/engine/options.ts';
import { exampleLabels, openExample } from '../../src-main/example/prepare.ts';
import { exampleLog } from '../../src-main/example/source.ts';
import { scratch } from '../scratch.ts';

const options = (algorithm: EngineOptions['algorithm'], state = scratch()): EngineOptions => ({
  state,
  algorithm,
  seed: 1,
  windowLength: 50,
  trainAfter: 3000,
  math: fusedEngine(),
  pack: defaultPack(),
  sensitivity: { alertsPerDay: 1 / 7 },
  now: () => 1_777_000_000,
});

async function open(engine: EngineOptions, root = '.') {
  const notices: string[] = [];
  const notice = (text: string): void => {
    notices.push(text);
  };
  const opened = await openExample(engine, { notice }, { root, models: 'shipped' });
  if (!opened.ok) throw new Error(opened.problem.message);
  return { engine: opened.engine, notices };
}

it('opens an engine that knows the two weeks and the people in them; a second time it only opens it', async () => {
  const settings = options('both');
  const { engine, notices } = await open(settings);
  expect(notices).toEqual([]);
  const { store } = engine;
  const versions = store.versions.list();
  expect(versions.map(({ subjectId }) => store.subjects.byId(subjectId)?.name).sort()).toEqual([
    'alice',
    'bob',
    'carol',
    'dave',
  ]);
  // What a model learned is not learned again, nor judged.
  for (const { subjectId, afterAction } of versions) expect(store.actions.last(subjectId, 1)[0]?.id).toBe(afterAction);
  const place = engine.checkpoint(exampleLog('.', 'past'));
  engine.close();
  const again = await open(settings);
  expect(again.engine.checkpoint(exampleLog('.', 'past'))).toEqual(place);
  expect(again.engine.store.versions.list()).toHaveLength(4);
  again.engine.close();
});

it('trains on the example where the models that ship are of another kind, and says so', async () => {
  const { engine, notices } = await open(options('ocsvm'));
  expect(notices.join()).toMatch(/training «ocsvm» instead/);
  expect(new Set(engine.store.versions.list().map(({ algorithm }) => algorithm))).toEqual(new Set(['ocsvm']));
  engine.close();
});

it('knows where its attacks are', () => {
  expect(exampleLabels('.')).toHaveLength(20);
});
