/** What `ubad fleet` does, in a bundle of its own: the desktop and all other commands never load NATS. */
export { gateway } from './cli/fleet/gateway.ts';
export { approveHost, listHosts, revokeHost } from './cli/fleet/hosts.ts';
export { init, type InitOptions } from './cli/fleet/init.ts';
export type { FleetOptions, InspectOptions } from './cli/fleet/shared.ts';
export { status } from './cli/fleet/status.ts';
export { worker, type WorkerOptions } from './cli/fleet/worker.ts';
