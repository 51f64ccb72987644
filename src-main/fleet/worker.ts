import { availableParallelism } from 'node:os';

import { pauseFor } from '../system/pause-for.ts';
import type { FleetConfig } from './config.ts';
import { serveMetrics } from './metrics/serve.ts';
import { workerText } from './metrics/texts.ts';
import { Children } from './supervisor/children.ts';
import { forgetCopies } from './supervisor/forget-copies.ts';
import { Supervisor } from './supervisor/supervisor.ts';
import { connectTo } from './wire/connect.ts';
import { FleetSize } from './wire/size.ts';
import { Subjects } from './wire/subjects.ts';
import { whenAnswered } from './wire/when-answered.ts';

export interface WorkerOptions {
  readonly config: FleetConfig;
  readonly name: string;
  /** Gives all partitions back, and ends. */
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  readonly onReady?: (worker: { readonly supervisor: Supervisor; readonly children: Children }) => void;
}

/** Processes that take longer to start are not waited for. */
const BEGIN_MS = 10_000;

/** One worker of a fleet, until it is told to stop. @throws FleetProblem for what a person has to see to */
export async function runWorker({ config, name, signal, onNotice, onReady }: WorkerOptions): Promise<void> {
  const { servers, credentials, ca, tenant, lease, worker, metrics } = config;
  const nc = await connectTo({ servers, credentials, ca, name: `worker ${name}`, onWaiting: onNotice, signal });
  const subjects = new Subjects(tenant);
  const { made, partitions } = await whenAnswered(() => FleetSize.on(nc, subjects), { signal, onNotice }).catch(
    async (error: unknown) => {
      await nc.close();
      throw error;
    },
  );
  const processes = Math.min(partitions, worker.processes === 'cores' ? availableParallelism() : worker.processes);
  const slots = worker.slots === 'half' ? Math.max(1, Math.floor(availableParallelism() / 2)) : worker.slots;
  const children = new Children({ config, partitions: made, processes, slots, name, onNotice });
  const onForgotten = (at: number, working: ReadonlySet<number>): void => {
    forgetCopies(worker.state, at, working);
  };
  const supervisor = new Supervisor({
    nc,
    subjects,
    name,
    partitions,
    lease,
    start: children.start,
    onNotice,
    onForgotten,
  });
  const measured = (): string => {
    const { statuses, leaseAge } = supervisor;
    return workerText({ statuses, leaseAge, trainings: children.trainings });
  };
  const endMetrics = await serveMetrics(metrics.worker, measured).catch(async (error: unknown) => {
    await nc.close();
    throw error;
  });
  // Others give partitions away once they hear of this worker.
  await Promise.race([children.begin(), pauseFor(BEGIN_MS, signal)]);
  const done = supervisor.run();
  onReady?.({ supervisor, children });
  const stop = (): void => void supervisor.drain();
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    await done;
  } finally {
    endMetrics();
    children.close();
    await nc.close();
  }
}
