/** What `ubad fleet` does, in a bundle of its own: the desktop and all other commands never load NATS. */
export { gateway } from './gateway.ts';
export { approveHost, listHosts, revokeHost } from './hosts.ts';
export { init, type InitOptions } from './init.ts';
export type { FleetOptions, InspectOptions } from './shared.ts';
export { status } from './status.ts';
export { worker, type WorkerOptions } from './worker.ts';
