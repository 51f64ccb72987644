import { hostname } from 'node:os';

import { runWorker } from '../../fleet/worker.ts';
import { exitCodes, Failure } from '../failure.ts';
import { configOf, type FleetOptions } from './shared.ts';
import { untilStopped } from './until-stopped.ts';

export interface WorkerOptions extends FleetOptions {
  readonly name?: string;
}

/** `ubad fleet worker`: judges the lines of its share of the hosts until it is told to stop, and gives the share back then. */
export async function worker(options: WorkerOptions): Promise<void> {
  const config = configOf(options);
  const name =
    options.name ??
    hostname()
      .replace(/[^A-Za-z0-9_-]/g, '-')
      .slice(0, 60);
  if (!/^[A-Za-z0-9_-]{1,60}$/.test(name))
    throw new Failure(`«${name}» is no name of a worker: use letters, digits, _ and -, with --name.`, exitCodes.usage);
  await untilStopped(({ signal, onNotice, ready }) => {
    const onReady = (): void => {
      ready(`worker ${name} of the fleet ${config.tenant} is ready`);
    };
    return runWorker({ config, name, signal, onNotice, onReady });
  });
}
