import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { FleetConfig } from '../config.ts';
import type { HostAsk, HostTold } from '../partition/host.ts';
import type { PartitionEnd } from '../partition/end.ts';
import type { PartitionStatus } from '../partition/status.ts';
import type { Running, Start } from './supervisor.ts';
import { TrainingSlots, type TrainingCounts } from './training-slots.ts';

/** Beside this file in a checkout, beside the bundle in what is built. */
const program = fileURLToPath(
  import.meta.url.endsWith('.ts')
    ? new URL('../../fleet-partition.ts', import.meta.url)
    : new URL('./fleet-partition.mjs', import.meta.url),
);

export interface ChildrenOptions {
  readonly config: FleetConfig;
  /** With how many the fleet was made. */
  readonly partitions: number;
  readonly processes: number;
  /** Trainings at once, in all of them. */
  readonly slots: number;
  readonly name: string;
  readonly onNotice: (text: string) => void;
}

interface Child {
  readonly process: ChildProcess;
  /** Whether it can work; else it has ended. */
  readonly ready: Promise<boolean>;
  readonly partitions: Map<number, ChildPartition>;
}

/** The processes that work on a worker's partitions: engines never keep its supervisor from renewing the lease. */
export class Children {
  readonly #options: ChildrenOptions;
  readonly #children: (Child | undefined)[];
  readonly #slots: TrainingSlots;

  constructor(options: ChildrenOptions) {
    this.#options = options;
    this.#slots = new TrainingSlots(options.slots);
    this.#children = new Array<Child | undefined>(options.processes).fill(undefined);
  }

  /** Starts the processes: one that starts when it is given a partition makes that one wait. @returns once all can work */
  async begin(): Promise<void> {
    await Promise.all(this.#children.map((child, slot) => (child ?? this.#fork(slot)).ready));
  }

  /** Puts a partition to work in the process that has fewest. */
  readonly start: Start = (partition, owner, from): Running => {
    const { child } = this.#fewest();
    const running = new ChildPartition((ask) => {
      // One that dies meanwhile takes no more: its partitions end when it has ended.
      if (child.process.connected) child.process.send(ask, ignored);
    }, partition);
    child.partitions.set(partition, running);
    void running.ended.then(() => child.partitions.delete(partition));
    if (child.process.connected)
      child.process.send({ ask: 'start', partition, owner, from } satisfies HostAsk, ignored);
    return running;
  };

  get trainings(): TrainingCounts {
    return this.#slots.counts;
  }

  /** Ids of the processes that run. */
  get pids(): readonly number[] {
    return this.#children.flatMap((child) => child?.process.pid ?? []);
  }

  /** Lets all processes go: a process that nobody listens to ends by itself. */
  close(): void {
    for (const child of this.#children) if (child?.process.connected) child.process.disconnect();
  }

  #fewest(): { child: Child } {
    const loads = this.#children.map((child, slot) => ({ slot, load: child?.partitions.size ?? 0 }));
    const { slot } = loads.reduce((one, other) => (other.load < one.load ? other : one));
    const child = this.#children[slot] ?? this.#fork(slot);
    return { child };
  }

  #onTraining({ process: process_ }: Child, { partition, wants }: Extract<HostTold, { told: 'training' }>): void {
    if (!wants) {
      this.#slots.leave(partition);
      return;
    }
    this.#slots.ask(partition, () => {
      if (process_.connected) process_.send({ ask: 'train', partition } satisfies HostAsk, ignored);
    });
  }

  #fork(slot: number): Child {
    const { config, partitions, name, onNotice } = this.#options;
    // Hours of the hosts are not this machine's: UTC is the same on every worker.
    const env = { ...process.env, TZ: 'UTC' };
    const process_ = fork(program, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
    const { promise: ready, resolve: isReady } = Promise.withResolvers<boolean>();
    const child: Child = { process: process_, ready, partitions: new Map() };
    this.#children[slot] = child;
    process_.send({ ask: 'config', config, partitions, name: `${name}/${slot}` } satisfies HostAsk);
    process_.on('message', (message) => {
      const told = message as HostTold;
      if (told.told === 'notice') onNotice(told.text);
      else if (told.told === 'ready') isReady(true);
      else if (told.told === 'training') this.#onTraining(child, told);
      else if (told.told === 'ended') child.partitions.get(told.partition)?.end(endOf(told));
      else for (const status of told.statuses) child.partitions.get(status.partition)?.hear(status);
    });
    process_.once('exit', (code, signal) => {
      isReady(false);
      if (this.#children[slot] === child) this.#children[slot] = undefined;
      const error = new Error(`its process ended (${signal ?? code ?? 'unknown'})`);
      for (const [partition, running] of child.partitions) {
        this.#slots.leave(partition);
        running.end({ why: 'failed', error });
      }
    });
    process_.on('error', (error) => {
      onNotice(`A process for partitions: ${error.message}`);
    });
    return child;
  }
}

const ignored = (): void => undefined;

/** A partition that another process works on. */
class ChildPartition implements Running {
  readonly ended: Promise<PartitionEnd>;
  readonly #partition: number;
  readonly #ask: (ask: HostAsk) => void;
  readonly #end: (end: PartitionEnd) => void;
  #status: PartitionStatus | undefined;

  constructor(ask: (ask: HostAsk) => void, partition: number) {
    this.#ask = ask;
    this.#partition = partition;
    const { promise, resolve } = Promise.withResolvers<PartitionEnd>();
    this.ended = promise;
    this.#end = resolve;
  }

  get status(): PartitionStatus | undefined {
    return this.#status;
  }

  hear(status: PartitionStatus): void {
    this.#status = status;
  }

  end(end: PartitionEnd): void {
    this.#end(end);
  }

  async stop(): Promise<void> {
    this.#ask({ ask: 'stop', partition: this.#partition });
    await this.ended;
  }

  abandon(): void {
    this.#ask({ ask: 'abandon', partition: this.#partition });
  }
}

const endOf = ({ why, message }: Extract<HostTold, { told: 'ended' }>): PartitionEnd =>
  why === 'failed' ? { why, error: new Error(message) } : { why };
