/** A process that works on partitions: what a worker's supervisor asks of it and hears from it. */
import * as v from 'valibot';

import type { MathEngine } from '../../../models/math-engine.ts';
import { defaultPack } from '../../engine/reading/pack.ts';
import { fleetSchema, type FleetConfig } from '../config.ts';
import { connectTo } from '../wire/connect.ts';
import { Subjects } from '../wire/subjects.ts';
import type { PartitionEnd } from './end.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { Partition, type PartitionOptions } from './partition.ts';
import type { PartitionStatus } from './status.ts';
import type { FleetEngineOptions } from './state-folder.ts';
import type { Turns } from './training-turns.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a supervisor asks. */
const hostAsk = v.variant('ask', [
  v.strictObject({ ask: v.literal('config'), config: fleetSchema, partitions: count, name: v.string() }),
  v.strictObject({ ask: v.literal('start'), partition: count, owner: v.string(), from: count }),
  v.strictObject({ ask: v.literal('stop'), partition: count }),
  v.strictObject({ ask: v.literal('abandon'), partition: count }),
  /** It is the partition's turn to train. */
  v.strictObject({ ask: v.literal('train'), partition: count }),
]);
export type HostAsk = v.InferOutput<typeof hostAsk>;

/** What it tells. Errors cross as sentences. */
export type HostTold =
  | { readonly told: 'ended'; readonly partition: number; readonly why: PartitionEnd['why']; readonly message?: string }
  | { readonly told: 'status'; readonly statuses: readonly PartitionStatus[] }
  | { readonly told: 'notice'; readonly text: string }
  /** It can be given partitions. */
  | { readonly told: 'ready' }
  /** A partition wants to train, or has trained, or does not want to any more. */
  | { readonly told: 'training'; readonly partition: number; readonly wants: boolean };

const STATUS_MS = 500;
const DAYS_A_WEEK = 7;

type PartitionSettings = Omit<PartitionOptions, 'partition' | 'owner' | 'from'>;

/** The engine's options that the fleet's settings decide. */
function engineOptionsOf({ engine, worker }: FleetConfig, math: MathEngine): FleetEngineOptions {
  const { algorithm, seed, trainAfter, alertsPerWeek, facts } = engine;
  return {
    pack: defaultPack(),
    algorithm,
    seed,
    trainAfter,
    facts,
    math,
    windowLength: 50,
    sensitivity: { alertsPerDay: alertsPerWeek / DAYS_A_WEEK },
    mostLoaded: worker.mostLoaded,
  };
}

/** Works on the partitions that it is asked to, until it is let go. @param tell how its supervisor hears of it */
export class PartitionHost {
  readonly #math: MathEngine;
  readonly #tell: (told: HostTold) => void;
  readonly #partitions = new Map<number, Partition>();
  /** By partition: what begins its training. */
  readonly #begins = new Map<number, () => void>();
  #settings: Promise<PartitionSettings> | undefined;

  constructor(math: MathEngine, tell: (told: HostTold) => void) {
    this.#math = math;
    this.#tell = tell;
    setInterval(() => {
      this.#status();
    }, STATUS_MS).unref();
  }

  async hear(value: unknown): Promise<void> {
    const asked = v.parse(hostAsk, value);
    if (asked.ask === 'config') this.#settings = this.#connect(asked);
    else if (asked.ask === 'start') await this.#start(asked);
    else if (asked.ask === 'train') this.#begins.get(asked.partition)?.();
    else if (asked.ask === 'stop') await this.#partitions.get(asked.partition)?.stop();
    else this.#partitions.get(asked.partition)?.abandon();
  }

  async #connect({ config, partitions, name }: Extract<HostAsk, { ask: 'config' }>): Promise<PartitionSettings> {
    const { servers, credentials, ca, tenant, worker, snapshot } = config;
    const onNotice = (text: string): void => {
      this.#tell({ told: 'notice', text });
    };
    const nc = await connectTo({ servers, credentials, ca, name, onWaiting: onNotice });
    this.#tell({ told: 'ready' });
    return {
      nc,
      subjects: new Subjects(tenant),
      partitions,
      state: worker.state,
      engine: engineOptionsOf(config, this.#math),
      keepDays: worker.keepDays,
      snapshot,
      turns: this.#turns,
      opening: new OneAtATime(),
      onNotice,
    };
  }

  /** The supervisor's, who knows of all processes of the worker. */
  get #turns(): Turns {
    return {
      ask: (partition, begin) => {
        this.#begins.set(partition, begin);
        this.#tell({ told: 'training', partition, wants: true });
      },
      leave: (partition) => {
        this.#begins.delete(partition);
        this.#tell({ told: 'training', partition, wants: false });
      },
    };
  }

  async #start({ partition, owner, from }: Extract<HostAsk, { ask: 'start' }>): Promise<void> {
    try {
      const working = new Partition({ ...(await this.#settings!), partition, owner, from });
      this.#partitions.set(partition, working);
      const end = await working.ended;
      this.#partitions.delete(partition);
      this.#status();
      const message = end.why === 'failed' ? { message: end.error.message } : {};
      this.#tell({ told: 'ended', partition, why: end.why, ...message });
    } catch (error) {
      this.#tell({ told: 'ended', partition, why: 'failed', message: (error as Error).message });
    }
  }

  #status(): void {
    const statuses = [...this.#partitions.values()].map(({ status }) => status);
    if (statuses.length > 0) this.#tell({ told: 'status', statuses });
  }
}
