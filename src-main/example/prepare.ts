import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Batch } from '../contract/batch.ts';
import { message } from '../contract/story/messages.ts';
import { Engine, type OpenedEngine } from '../engine/engine.ts';
import { readModel } from '../engine/models/read-model.ts';
import type { EngineEvents, EngineOptions } from '../engine/options.ts';
import type { Store } from '../engine/store/store.ts';
import { adoptVersion } from '../engine/model-lifecycle/versions.ts';
import type { Label } from '../simulate/simulate.ts';
import { parseLabels } from './labels.ts';
import { exampleLog, replay } from './source.ts';

export interface ExampleOptions {
  /** The folder that holds data/ and models/. */
  readonly root: string;
  /** As for `replay`. */
  readonly days?: number;
  /** Take the models that ship, or train on the example's first two weeks. */
  readonly models: 'shipped' | 'trained';
}

/**
 * Opens an engine, in a state folder of its own, that has read the example's first two weeks and has a model of each
 * user: what it is given next is the week after. A folder that was prepared before is only opened.
 */
export async function openExample(
  engine: EngineOptions,
  events: EngineEvents,
  { root, days = 0, models }: ExampleOptions,
): Promise<OpenedEngine> {
  const opened = Engine.open(engine, events);
  if (!opened.ok) return opened;
  const { store } = opened.engine;
  if (isPrepared(store)) return opened;
  for await (const batch of pastOf(opened.engine, root, days)) {
    opened.engine.ingest(batch);
    if (models === 'trained') await opened.engine.trainDue();
  }
  if (models === 'trained') return opened;
  let problem: string | undefined;
  store.transaction(() => {
    problem = adoptShipped(store, engine, root);
  });
  opened.engine.close();
  const again = Engine.open(engine, events);
  if (problem !== undefined && again.ok) {
    events.notice?.(problem, { what: 'models-not-shipped' });
    await again.engine.trainDue();
  }
  return again;
}

export const isPrepared = (store: Store): boolean => store.versions.list().length > 0;

/** What the engine has not read yet of the first two weeks: it is told first that their times are invented. */
export function pastOf(engine: Engine, root: string, days: number): AsyncGenerator<Batch> {
  const { store } = engine;
  store.transaction(() => {
    store.state.setInventedTimes();
  });
  const from = engine.checkpoint(exampleLog(root, 'past'));
  return replay({ root, part: 'past', days, ...(from && { from }) });
}

/** To be called in a transaction; the engine is to be made again after it. @returns why the models that ship cannot be used, if so */
export function adoptShipped(
  store: Store,
  { pack, state, now, algorithm }: EngineOptions,
  root: string,
): string | undefined {
  const folder = join(root, 'models', 'shipped');
  for (const user of readdirSync(folder).filter((name) => !name.includes('.'))) {
    const read = readModel(join(folder, user), pack);
    if (!read.ok) return message('model.example', { what: read.problem.message });
    if (read.manifest.algorithm !== algorithm) return message('model.example-both', { algorithm });
    adoptVersion(store, state, read.manifest.subject, read, now());
  }
  return undefined;
}

/** What attacks are in the example; line numbers are those of both parts together. */
export const exampleLabels = (root: string): Label[] =>
  parseLabels(readFileSync(join(root, 'data', 'example', 'labels.jsonl'), 'utf8'));
