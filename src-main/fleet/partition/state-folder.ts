import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { Engine } from '../../engine/engine.ts';
import type { EngineOptions } from '../../engine/options.ts';
import { FleetProblem } from '../failure.ts';
import { numbered } from '../wire/subjects.ts';
import type { OwnedPartition } from './owner.ts';
import { whyGoneBack, type ReadSource } from './read-source.ts';
import type { Snapshots } from './snapshots.ts';
import type { Source } from './source.ts';
import { BlockTaker, type BlockClock, type TakerOptions } from './take-block.ts';

/** The engine's options but for what the fleet decides. */
export type FleetEngineOptions = Omit<EngineOptions, 'state' | 'now' | 'train' | 'subject'>;

export interface StateOptions extends TakerOptions {
  readonly folder: string;
  readonly engine: FleetEngineOptions & Pick<EngineOptions, 'train'>;
  readonly onNotice: (text: string) => void;
}

export interface OpenedState {
  readonly engine: Engine;
  readonly taker: BlockTaker;
  /** What the engine was opened with. */
  readonly options: EngineOptions;
}

/** How an engine is opened whose batches are blocks of a stream: whoever reads the same blocks stores the same. */
export function openEngineOn(source: Source, options: StateOptions): OpenedState | undefined {
  const { folder, engine: own, onNotice } = options;
  const clock: BlockClock = { now: 0 };
  const settings: EngineOptions = {
    ...own,
    state: folder,
    outbox: true,
    durability: 'replayable',
    trainsBeside: true,
    passwd: null,
    identity: 'host',
    now: () => clock.now,
  };
  const opened = Engine.open(settings, { notice: onNotice });
  if (!opened.ok) {
    if (opened.problem.kind === 'corrupt') return undefined;
    throw new FleetProblem(opened.problem.message);
  }
  const { engine } = opened;
  try {
    return { engine, taker: new BlockTaker(engine, clock, source, options), options: settings };
  } catch (error) {
    engine.close();
    throw error;
  }
}

/**
 * Opens a partition's state: what lies here or, where the snapshot is newer or what lies here is damaged, what is made of the snapshot.
 * @returns also how often a snapshot was restored
 * @throws FleetProblem for what a person has to see to
 */
export async function openState(
  owned: OwnedPartition,
  snapshots: Snapshots,
  source: ReadSource,
  options: StateOptions,
): Promise<OpenedState & { readonly restores: number }> {
  const { folder } = options;
  const isHere =
    existsSync(join(folder, 'ubad.db')) && !(owned.snapshot !== null && isBefore(folder, owned.seq, source));
  const here = isHere ? openEngineOn(source, options) : undefined;
  if (here && here.taker.position >= owned.seq) {
    await mustBeIn(source, here);
    if (owned.snapshot !== null) await snapshots.know(owned.snapshot);
    numberAbove(owned.base, here);
    return { ...here, restores: 0 };
  }
  here?.engine.close();
  await rm(folder, { recursive: true, force: true });
  const isRestored = owned.snapshot !== null && (await restore(owned.snapshot, snapshots, source, options));
  // Part of what the alerts were told of cannot be read again: theirs are not the numbers of what follows.
  if (owned.snapshot !== null && !isRestored && source.first > 1) await owned.rebase(await source.told());
  const opened = openEngineOn(source, options);
  if (!opened)
    throw new FleetProblem(`The partition's folder ${folder} cannot be used: its database is damaged. Delete it.`);
  await mustBeIn(source, opened);
  numberAbove(owned.base, opened);
  return { ...opened, restores: owned.snapshot === null ? 0 : 1 };
}

/** Whether what lies here was read of this stream, and not as far as the snapshot: then it need not be opened to be replaced. */
function isBefore(folder: string, seq: number, { created, partitions }: Source): boolean {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(join(folder, 'ubad.db'), { readOnly: true });
    const of = 'SELECT max(offset) AS at, min(device = ? AND inode = ?) AS same FROM checkpoints';
    const { at, same } = db.prepare(of).get(created, String(partitions)) ?? {};
    return same === 1 && Number(at) < seq;
  } catch {
    // Opening it tells what is wrong.
    return false;
  } finally {
    db?.close();
  }
}

/** @returns whether there was one that is whole */
async function restore(key: string, snapshots: Snapshots, source: Source, options: StateOptions): Promise<boolean> {
  const restored = await snapshots.restore(key, options.folder);
  const name = `partition ${numbered(source.partition)}`;
  if (!restored) options.onNotice(`No snapshot of ${name} can be read: it begins with what the stream still has.`);
  else if (restored.passedOver > 0)
    options.onNotice(`The newest snapshot of ${name} cannot be read; the one before is used.`);
  return restored !== undefined;
}

function numberAbove(base: number, { engine: { store } }: OpenedState): void {
  if (base > 0) store.transaction(() => store.outbox.continueAbove(base));
}

/** @throws FleetProblem when the server has not, or not any more, what was read of it */
async function mustBeIn(
  { stream, partition, last, storedAt }: ReadSource,
  { engine, taker: { position, time } }: OpenedState,
): Promise<void> {
  try {
    const why = await whyGoneBack({ stream, last, storedAt }, { position, time });
    if (why !== undefined)
      throw new FleetProblem(
        `Partition ${numbered(partition)} has read up to ${position}, ${why}: the server has lost messages that it had acknowledged. Set sync_interval: always there; to go on with what it has and keep what was learned: ubad fleet adopt`,
      );
  } catch (error) {
    engine.close();
    throw error;
  }
}
