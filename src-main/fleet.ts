/** What `ubad fleet` does, in a bundle of its own: the desktop and all other commands never load NATS. */
export { init, type InitOptions } from './cli/fleet/init.ts';
export type { InspectOptions } from './cli/fleet/shared.ts';
export { status } from './cli/fleet/status.ts';
export { worker, type WorkerOptions } from './cli/fleet/worker.ts';
