import type { desktopCalls } from '../contract/contract.ts';
import { AskFailed, type Handlers } from '../contract/ipc.ts';
import { sharedHandlers } from '../host/calls.ts';
import type { Host } from '../host/host.ts';

const notHere = (what: string) => (): never => {
  throw new AskFailed('not-here', `${what} is there in the desktop program only.`);
};

/** What the desktop's main process answers the window, as far as there is such a thing in a browser. */
export const handlersOn = (host: Host): Handlers<typeof desktopCalls> => ({
  ...sharedHandlers(host),
  setup: () => host.setup({ tray: null, autostart: false, notifications: { supported: false, buttons: false } }),
  doctor: () => host.doctor(),
  setupPlan: () => null,
  showWindow: notHere('A window to be shown'),
  closeWindow: notHere('A window to be closed'),
  testNotification: notHere('A notification'),
  setAutostart: notHere('Starting at login'),
  setUp: notHere('Changing the system from the page'),
  openExternal: notHere('Opening another program'),
  quit: notHere('Quitting from the page'),
});
