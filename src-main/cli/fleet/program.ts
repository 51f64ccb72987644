/** What `ubad fleet` does, in a bundle of its own: the desktop and all other commands never load NATS. */
export { adopt, type AdoptOptions } from './adopt.ts';
export { listFleetAlerts, markFleetAlert, type AlertListOptions } from './alerts.ts';
export { bridge } from './bridge.ts';
export { doctor, type FleetDoctorOptions } from './doctor.ts';
export { drain, type DrainOptions } from './drain.ts';
export { forgetFleet, type ForgetFleetOptions } from './forget.ts';
export { forward } from './forward.ts';
export { gateway } from './gateway.ts';
export { approveHost, listHosts, revokeHost } from './hosts.ts';
export { inbox } from './inbox.ts';
export { init, type InitOptions } from './init.ts';
export { peers } from './peers.ts';
export { serve, type ServeFleetOptions } from './serve.ts';
export type { FleetOptions, InspectOptions } from './shared.ts';
export { split, type SplitOptions } from './split.ts';
export { status } from './status.ts';
export { up, type UpOptions } from './up.ts';
export { worker, type WorkerOptions } from './worker.ts';
