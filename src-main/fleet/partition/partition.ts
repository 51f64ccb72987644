import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';

import type { NatsConnection } from '@nats-io/transport-node';

import type { Train } from '../../engine/models/train.ts';
import { ExactPublisher } from '../wire/exact-publisher.ts';
import { managerOf, openBucket } from '../wire/streams.ts';
import { numbered, type Subjects } from '../wire/subjects.ts';
import { answerQuestions } from './answer-questions.ts';
import type { Block } from '../wire/blocks.ts';
import { makeOther, saidIn } from './divide.ts';
import { Abandoned, endOf, type PartitionEnd } from './end.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import { OwnedPartition } from './owner.ts';
import { blocksFrom, type Incoming } from '../wire/read-stream.ts';
import { readSourceOf, type ReadSource } from './read-source.ts';
import { StateKeeper } from './keeper.ts';
import { Snapshots } from './snapshots.ts';
import { openState, type FleetEngineOptions, type OpenedState } from './state-folder.ts';
import type { PartitionStatus, TrainingState } from './status.ts';
import type { Source } from './source.ts';
import { AlertTeller, Fenced } from './tell-alerts.ts';
import { Telling } from './telling.ts';
import { trainInTurn, type Turns } from './training-turns.ts';
import { untilDiskTakes } from './until-disk-takes.ts';

export interface PartitionOptions {
  readonly nc: NatsConnection;
  readonly subjects: Subjects;
  readonly partition: number;
  readonly partitions: number;
  /** Who owns it: unique to a process. */
  readonly owner: string;
  /** Revision of the owners' entry on which the claim is made. */
  readonly from: number;
  /** Folder of all partitions of this worker. */
  readonly state: string;
  readonly engine: FleetEngineOptions;
  readonly keepDays: number;
  readonly snapshot: { readonly lines: number; readonly minutes: number };
  /** Where trainings of the worker wait for each other. */
  readonly turns: Turns;
  /** Partitions of a process are opened one after the other: all at once, each would be nobody's for as long as the last. */
  readonly opening: OneAtATime;
  /** A sentence for whoever runs the worker. */
  readonly onNotice?: (text: string) => void;
}

/** Without a block, whether a snapshot is due is looked at this often. */
const IDLE_MS = 5000;
/** Alerts that are looked for at once. */
const ROWS = 100;

/** One partition on this worker: its engine reads the partition's lines, tells its alerts and keeps snapshots of its state. */
export class Partition {
  readonly ended: Promise<PartitionEnd>;
  readonly #options: PartitionOptions;
  /** Ends reading; what was read is finished. */
  readonly #stopping = new AbortController();
  /** Ends everything at once. */
  readonly #abandoning = new AbortController();
  readonly #status = { position: 0, waiting: 0, lines: 0, blocks: 0, refused: 0, lost: 0, restores: 0 };
  #told = 0;
  #training: TrainingState = 'none';
  #keeper: StateKeeper | undefined;

  constructor(options: PartitionOptions) {
    this.#options = options;
    mkdirSync(options.state, { recursive: true, mode: 0o700 });
    this.ended = this.#run().catch((error: unknown): PartitionEnd => endOf(error, this.#abandoning.signal));
  }

  get status(): PartitionStatus {
    const snapshotAge = this.#keeper?.age ?? 0;
    return {
      partition: this.#options.partition,
      ...this.#status,
      told: this.#told,
      snapshotAge,
      training: this.#training,
    };
  }

  /** Finishes the block, keeps a snapshot and gives the partition back. @returns once that is done */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.ended;
  }

  /** Stops at once and tells nobody: somebody else may have the partition already. */
  abandon(): void {
    this.#onFailed(new Abandoned());
  }

  readonly #onFailed = (error: unknown): void => {
    this.#abandoning.abort(error);
    this.#stopping.abort();
  };

  async #run(): Promise<PartitionEnd> {
    const { nc, subjects, partition, owner, from } = this.#options;
    const { signal } = this.#abandoning;
    const owners = await openBucket(nc, subjects.bucket('OWNERS'));
    const owned = await OwnedPartition.claim(owners, partition, owner, from, signal);
    try {
      return await this.#work(owned);
    } catch (error) {
      // Somebody else may do better, and nothing is lost: the lines are in the stream.
      if (!signal.aborted && !(error instanceof Fenced)) await owned.release().catch(() => undefined);
      throw error;
    }
  }

  async #work(owned: OwnedPartition): Promise<PartitionEnd> {
    const { nc, subjects, partition } = this.#options;
    const { signal } = this.#abandoning;
    const name = subjects.bucket('STATE');
    const snapshots = new Snapshots(await openBucket(nc, name), name, await managerOf(nc), partition, signal);
    const [folder, every] = [this.#folder, this.#options.snapshot];
    const keeper = (this.#keeper = new StateKeeper({ folder, owned, snapshots, every, onFailed: this.#onFailed }));
    let teller: AlertTeller | undefined;
    for (;;) {
      const { opened, source } = await this.#options.opening.run(async () => {
        signal.throwIfAborted();
        // Asked for again: what was read since is behind where it ended.
        const now = await readSourceOf(this.#options, signal);
        return { source: now, opened: await this.#open(owned, snapshots, now) };
      });
      // What lies here is then the only copy.
      if (owned.snapshot !== null && !snapshots.hasNewest) keeper.owe(1);
      // Those before somebody was forgotten have them still.
      keeper.owe(snapshots.olderThan(opened.taker.forgotAt));
      try {
        teller ??= await this.#takeOver(owned);
        if (await this.#workOn({ ...opened, teller, owned, keeper, source })) return { why: 'released' };
      } finally {
        await keeper.settled().catch(() => undefined);
        opened.engine.close();
      }
      // Part of what it knew is gone: what is left is kept at once.
      keeper.owe(1);
    }
  }

  async #open(owned: OwnedPartition, snapshots: Snapshots, source: ReadSource): Promise<OpenedState> {
    const { keepDays, onNotice = () => undefined } = this.#options;
    const opened = await openState(owned, snapshots, source, {
      folder: this.#folder,
      engine: { ...this.#options.engine, train: this.#train() },
      keepDays,
      onNotice,
      onRefused: (why, seq) => {
        this.#status.refused++;
        onNotice(`Block ${seq} of ${source.stream} was refused: ${why}.`);
      },
      onLost: (host, lines) => {
        this.#status.lost += lines;
        onNotice(`${lines} lines of ${host} were no longer in the stream when they were to be read.`);
      },
    });
    this.#status.restores += opened.restores;
    this.#status.position = opened.taker.position;
    return opened;
  }

  /** @returns false where the engine has to be opened again */
  async #workOn(work: Working): Promise<boolean> {
    const { nc, subjects, partition } = this.#options;
    const { engine, taker, owned, keeper } = work;
    let endAnswers = (): void => undefined;
    try {
      endAnswers = answerQuestions({
        nc,
        subject: subjects.ask(partition),
        store: engine.store,
        engine: work.options,
        status: () => this.status,
      });
      // Asked meanwhile, it answers: a training may wait for others.
      await this.#untilDiskTakes(() => taker.finish());
      await this.#read(work);
      this.#abandoning.signal.throwIfAborted();
      if (taker.isStale && !this.#stopping.signal.aborted) return false;
      if (keeper.hasUnkept) await keeper.keep(work, this.#told);
      await keeper.settled();
      await owned.release();
      return true;
    } finally {
      endAnswers();
    }
  }

  async #takeOver({ epoch }: OwnedPartition): Promise<AlertTeller> {
    const { nc, subjects, partition, owner } = this.#options;
    const publisher = await ExactPublisher.on(nc, subjects.alertsStream, this.#abandoning.signal);
    const [subject, now] = [subjects.alerts(partition), Math.floor(Date.now() / 1000)];
    const teller = await AlertTeller.takeOver({ publisher, subject, owner, epoch, now });
    this.#told = teller.told;
    return teller;
  }

  /** Reads until it is told to stop, and tells all that was found. */
  async #read(work: Working): Promise<void> {
    const { taker, keeper, source } = work;
    const { nc, subjects, partition } = this.#options;
    const telling = new Telling(() => this.#tell(work), this.#onFailed);
    telling.due();
    const filter = subjects.lines(partition);
    const blocks = blocksFrom(nc, source.stream, filter, taker.position + 1, this.#stopping.signal);
    const idle = (): Promise<undefined> => setTimeout(IDLE_MS, undefined, { ref: false });
    for (let next = blocks.next(), tick = idle(); ;) {
      const got = await Promise.race([next, tick]);
      if (got?.done) break;
      if (got) {
        await this.#beforeTaking(work, got.value, telling);
        await this.#take(work, got.value);
        telling.due();
        if (taker.isStale) {
          await blocks.return();
          break;
        }
        next = blocks.next();
      } else tick = idle();
      if (keeper.isDue && !this.#stopping.signal.aborted) await keeper.keep(work, this.#told);
      // A timer gets its turn only between tasks, and what is queued is read in microtasks.
      await setImmediate();
    }
    await telling.ended();
  }

  /** Some of what people say concerns others too: they are told before this partition forgets. */
  async #beforeTaking(
    { taker, teller, keeper, owned, source }: Working,
    block: Block,
    telling: Telling,
  ): Promise<void> {
    const said = block.seq > taker.position ? saidIn(block) : undefined;
    if (said?.call !== 'split' && said?.call !== 'forget') return;
    telling.due();
    await telling.ended();
    const { signal } = this.#abandoning;
    signal.throwIfAborted();
    await keeper.settled();
    const { nc, subjects } = this.#options;
    if (said.call === 'forget') await teller.tellForgotten(said.user);
    else await makeOther({ nc, subjects, source, epoch: owned.epoch, signal }, this.#folder, said, block);
  }

  async #take({ taker, keeper }: Working, block: Incoming): Promise<void> {
    const lines = await this.#untilDiskTakes(() => taker.take(block));
    keeper.read(lines);
    this.#status.lines += lines;
    this.#status.blocks++;
    this.#status.position = taker.position;
    this.#status.waiting = block.waiting;
  }

  async #tell({ engine, teller }: Working): Promise<void> {
    for (;;) {
      const rows = engine.store.outbox.after(teller.told, ROWS);
      if (rows.length === 0) return;
      for (const row of rows) {
        await teller.tell(row);
        this.#told = teller.told;
      }
    }
  }

  #untilDiskTakes<T>(work: () => Promise<T>): Promise<T> {
    const { onNotice = () => undefined } = this.#options;
    return untilDiskTakes(work, onNotice, this.#abandoning.signal);
  }

  #train(): Train {
    const { turns, partition } = this.#options;
    const onState = (state: TrainingState): void => {
      this.#training = state;
    };
    // Whoever abandons it stops it too.
    return trainInTurn({ turns, partition, ending: this.#stopping.signal, onState });
  }

  get #folder(): string {
    return join(this.#options.state, numbered(this.#options.partition));
  }
}

interface Working extends OpenedState {
  readonly teller: AlertTeller;
  readonly owned: OwnedPartition;
  readonly keeper: StateKeeper;
  readonly source: Source;
}
