import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Engine } from '../../engine/engine.ts';
import type { EngineOptions } from '../../engine/options.ts';
import { FleetProblem } from '../failure.ts';
import { numbered } from '../wire/subjects.ts';
import type { OwnedPartition } from './owner.ts';
import type { Snapshots } from './snapshots.ts';
import { BlockTaker, type BlockClock, type Source, type TakerOptions } from './take-block.ts';

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
}

/** How an engine is opened whose batches are blocks of a stream: whoever reads the same blocks stores the same. */
export function openEngineOn(source: Source, options: StateOptions): OpenedState | undefined {
  const { folder, engine: own, onNotice } = options;
  const clock: BlockClock = { now: 0 };
  const opened = Engine.open(
    {
      ...own,
      state: folder,
      outbox: true,
      durability: 'replayable',
      passwd: null,
      identity: 'host',
      now: () => clock.now,
    },
    { notice: onNotice },
  );
  if (!opened.ok) {
    if (opened.problem.kind === 'corrupt') return undefined;
    throw new FleetProblem(opened.problem.message);
  }
  const { engine } = opened;
  try {
    return { engine, taker: new BlockTaker(engine, clock, source, options) };
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
  source: Source & { readonly last: number },
  options: StateOptions,
): Promise<OpenedState & { readonly restores: number }> {
  const { folder } = options;
  const here = existsSync(join(folder, 'ubad.db')) ? openEngineOn(source, options) : undefined;
  if (here && here.taker.position >= owned.seq) {
    mustNotBeAhead(here, source);
    if (owned.snapshot !== null) await snapshots.know(owned.snapshot);
    return { ...here, restores: 0 };
  }
  here?.engine.close();
  rmSync(folder, { recursive: true, force: true });
  if (owned.snapshot !== null) await restore(owned.snapshot, snapshots, source, options);
  const opened = openEngineOn(source, options);
  if (opened) mustNotBeAhead(opened, source);
  if (opened) return { ...opened, restores: owned.snapshot === null ? 0 : 1 };
  throw new FleetProblem(`The partition's folder ${folder} cannot be used: its database is damaged. Delete it.`);
}

async function restore(key: string, snapshots: Snapshots, source: Source, options: StateOptions): Promise<void> {
  const restored = await snapshots.restore(key, options.folder);
  const name = `partition ${numbered(source.partition)}`;
  if (!restored) options.onNotice(`No snapshot of ${name} can be read: it begins with what the stream still has.`);
  else if (restored.passedOver > 0)
    options.onNotice(`The newest snapshot of ${name} cannot be read; the one before is used.`);
}

/** @throws FleetProblem when the server has less than was read of it */
function mustNotBeAhead(
  { engine, taker: { position } }: OpenedState,
  { stream, partition, last }: Source & { readonly last: number },
): void {
  if (position <= last) return;
  engine.close();
  throw new FleetProblem(
    `Partition ${numbered(partition)} has read up to ${position}, the stream ${stream} ends at ${last}: the server has lost messages that it had acknowledged. Set sync_interval: always there; to begin again with what it has, delete the partition's folder and its snapshots.`,
  );
}
