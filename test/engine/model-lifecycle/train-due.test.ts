import { join } from 'node:path';

import { afterEach, expect, it, vi } from 'vitest';

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

function engineThat(train: Train = trainHere): Engine {
  const opened = Engine.open({
    state: join(scratch(), 'state'),
    pack: defaultPack(),
    algorithm: 'ocsvm',
    seed: 1,
    windowLength: 50,
    trainAfter: 500,
    sensitivity: { alertsPerDay: 1 / 7 },
    train,
    math: fusedEngine(),
    now: () => 1_800_000_000,
    passwd: null,
  });
  if (!opened.ok) throw new Error(opened.problem.message);
  open.push(opened.engine);
  return opened.engine;
}

let line = 1;
function act(engine: Engine, user: number, count: number): void {
  const lines = ordinary(count, user).map((action) =>
    lineOf({ ...action, columns: { ...action.columns, uid: String(1000 + user), username: `user-${user}` } }),
  );
  engine.ingest(batchOf(lines, line));
  line += count;
}

it('looks at everybody once, then at who acted: what a batch costs does not grow with the users of the machine', async () => {
  const engine = engineThat();
  for (let user = 0; user < 20; user++) act(engine, user, 10);
  const list = vi.spyOn(engine.store.subjects, 'list');
  await engine.trainDue();
  expect(list.mock.results.map(({ value }) => (value as unknown[]).length)).toEqual([20]);
  act(engine, 7, 10);
  await engine.trainDue();
  await engine.trainDue();
  expect(list.mock.results.map(({ value }) => (value as unknown[]).length)).toEqual([20, 1, 0]);
});

it('trains who came to enough while another was trained', async () => {
  const trained: string[] = [];
  const engine: Engine = engineThat((past, request) => {
    trained.push(request.subject);
    if (trained.length === 1) act(engine, 2, 600);
    return trainHere(past, request);
  });
  act(engine, 2, 10);
  await engine.trainDue();
  act(engine, 1, 600);
  await engine.trainDue();
  await engine.trainDue();
  expect(trained).toHaveLength(2);
});

it('trains who came to enough while another was trained before them', async () => {
  const trained: string[] = [];
  const engine: Engine = engineThat((past, request) => {
    trained.push(request.subject);
    if (trained.length === 1) act(engine, 2, 600);
    return trainHere(past, request);
  });
  act(engine, 1, 10);
  await engine.trainDue();
  act(engine, 1, 600);
  act(engine, 2, 10);
  await engine.trainDue();
  await engine.trainDue();
  expect(trained).toHaveLength(2);
});

it('looks again at whose training ended with an error of the disk', async () => {
  let fails = true;
  const engine = engineThat((past, request) => {
    if (!fails) return trainHere(past, request);
    const error = new Error('stopped');
    error.name = 'TrainingStopped';
    return Promise.reject(error);
  });
  act(engine, 1, 10);
  await engine.trainDue();
  act(engine, 1, 600);
  await expect(engine.trainDue()).rejects.toThrow('stopped');
  fails = false;
  await engine.trainDue();
  expect(engine.store.versions.list()).toHaveLength(1);
});
