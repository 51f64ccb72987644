import { Bus } from '../bus.ts';
import { lifecycle } from './lifecycle.ts';

let shared: Bus | undefined;

/** The session bus, shared by tray and notifications; it is left when the application ends. */
export function sessionBus(): Bus {
  if (shared !== undefined) return shared;
  const bus = new Bus();
  lifecycle.atExit.push(() => {
    bus.end();
  });
  shared = bus;
  return bus;
}
