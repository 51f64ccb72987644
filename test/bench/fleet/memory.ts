/** What a user takes of memory, loaded and unloaded, and what loading one takes. */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { FEWEST_RUNS, type Row } from '../../../scripts/bench/bench.ts';
import { Engine } from '../../../src-main/engine/engine.ts';
import { engineOptions, hostsFor, layOut, type BenchHost } from './hosts.ts';
import { batchOf } from '../../engine/log-lines.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export interface MemoryFigures {
  /** MB. */
  readonly loaded: readonly number[];
  readonly unloaded: readonly number[];
  /** ms of processor time, a user's first lines included. */
  readonly loading: readonly number[];
}

function inUse(): number {
  for (let sweep = 0; sweep < 3; sweep++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Users that come first, for what is loaded once. */
const FIRST = 10;

/** A fifth of the hosts after the other. */
function measure(state: string, hosts: readonly BenchHost[], mostLoaded: number): { mb: number[]; ms: number[] } {
  layOut(state, hosts, false);
  const opened = Engine.open({
    ...engineOptions,
    mostLoaded,
    state,
    identity: 'host',
    passwd: null,
    durability: 'replayable',
    now: () => 1_780_000_000,
  });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { engine } = opened;
  const [mb, ms]: [number[], number[]] = [[], []];
  const part = (hosts.length - FIRST) / FEWEST_RUNS;
  let line = 1;
  const ingest = (some: readonly BenchHost[]): void => {
    for (const host of some) {
      const lines = [...host.accounts, ...host.block(1)];
      engine.ingest({ ...batchOf(lines, line), host: host.name });
      line += lines.length;
    }
  };
  try {
    ingest(hosts.slice(0, FIRST));
    for (let run = 0; run < FEWEST_RUNS; run++) {
      const [before, cpu] = [inUse(), process.cpuUsage()];
      ingest(hosts.slice(FIRST + run * part, FIRST + (run + 1) * part));
      const { user, system } = process.cpuUsage(cpu);
      ms.push((user + system) / 1000 / part);
      mb.push((inUse() - before) / part / 1e6);
    }
    return { mb, ms };
  } finally {
    engine.close();
  }
}

export function measureMemory(folder: string, users: number): MemoryFigures {
  const hosts = hostsFor(users + FIRST);
  // In this order, and before all else: what a model had is used again by the next one, and would be counted as nothing.
  const unloaded = measure(join(folder, 'unloaded'), hosts, 1);
  // Machines and root are counted with users there, and have no models.
  const loaded = measure(join(folder, 'loaded'), hosts, 10 * hosts.length);
  return { loaded: loaded.mb, unloaded: unloaded.mb, loading: loaded.ms };
}

export const memoryRows = ({ loaded, unloaded, loading }: MemoryFigures): Row[] => [
  { what: 'memory of a loaded user', unit: 'MB', samples: loaded },
  { what: 'memory of an unloaded user', unit: 'MB', samples: unloaded },
  { what: 'processor time of loading a user, and first 100 lines', unit: 'ms', samples: loading },
];
