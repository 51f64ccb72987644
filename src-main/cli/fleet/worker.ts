import { hostname } from 'node:os';

import { runWorker } from '../../fleet/worker.ts';
import { exitCodes, Failure } from '../failure.ts';
import { note } from '../output.ts';
import { serviceOf } from '../service.ts';
import { onStopSignal } from '../stopping.ts';
import { configOf, toldLater, type FleetOptions } from './shared.ts';

export interface WorkerOptions extends FleetOptions {
  readonly name?: string;
}

/** `ubad fleet worker`: judges the lines of its share of the hosts until it is told to stop, and gives the share back then. */
export async function worker(options: WorkerOptions): Promise<void> {
  const config = configOf(options);
  const name = options.name ?? hostname();
  if (!/^[A-Za-z0-9_-]{1,60}$/.test(name))
    throw new Failure(`«${name}» is no name of a worker: use letters, digits, _ and -, with --name.`, exitCodes.usage);
  const service = serviceOf();
  const stop = new AbortController();
  const forget = onStopSignal(() => {
    note('giving the partitions back; a second signal ends at once');
    stop.abort();
  });
  try {
    await toldLater(() =>
      runWorker({
        config,
        name,
        signal: stop.signal,
        onNotice: (text) => {
          note(text, 'warning');
        },
        onReady: () => {
          service.doing(`works on partitions of ${config.tenant}`);
          note(`worker ${name} of the fleet ${config.tenant} is ready`);
        },
      }),
    );
  } finally {
    forget();
    service.stop();
  }
}
