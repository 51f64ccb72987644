import { hostname } from 'node:os';
import { resolve } from 'node:path';

import type { FleetConfig } from '../../fleet/config.ts';
import { workerName } from '../../fleet/supervisor/drain.ts';
import { runWorker } from '../../fleet/worker.ts';
import { exitCodes, Failure } from '../failure.ts';
import { configOf, type FleetOptions } from './shared.ts';
import { untilStopped } from './until-stopped.ts';

export interface WorkerOptions extends FleetOptions {
  readonly name?: string;
  readonly state?: string;
}

/** `ubad fleet worker`: judges the lines of its share of the hosts until it is told to stop, and gives the share back then. */
export async function worker(options: WorkerOptions): Promise<void> {
  const config = withState(configOf(options), options.state);
  const name =
    options.name ??
    hostname()
      .replace(/[^A-Za-z0-9_-]/g, '-')
      .slice(0, 60);
  if (!workerName.test(name))
    throw new Failure(`«${name}» is no name of a worker: use letters, digits, _ and -, with --name.`, exitCodes.usage);
  await untilStopped(({ signal, onNotice, ready }) => {
    const onReady = (): void => {
      ready(`worker ${name} of the fleet ${config.tenant} is ready`);
    };
    return runWorker({ config, name, signal, onNotice, onReady });
  });
}

/** Each worker of a machine needs a folder of its own. */
const withState = (config: FleetConfig, state: string | undefined): FleetConfig =>
  state === undefined ? config : { ...config, worker: { ...config.worker, state: resolve(state) } };
