import type { desktopCalls } from '../contract/contract.ts';
import { AskFailed, type Handlers } from '../contract/ipc.ts';
import { message } from '../contract/story/messages.ts';
import { sharedHandlers } from '../host/calls.ts';
import type { Host } from '../host/host.ts';

const notHere = (what: 'window' | 'close' | 'notification' | 'autostart' | 'set-up' | 'open' | 'quit') => (): never => {
  throw new AskFailed('not-here', message(`not-here.${what}`));
};

/** What the desktop's main process answers the window, as far as there is such a thing in a browser. */
export const handlersOn = (host: Host): Handlers<typeof desktopCalls> => ({
  ...sharedHandlers(host),
  setup: () => host.setup({ tray: null, autostart: false, notifications: { supported: false, buttons: false } }),
  doctor: () => host.doctor(),
  setupPlan: () => null,
  showWindow: notHere('window'),
  closeWindow: notHere('close'),
  testNotification: notHere('notification'),
  setAutostart: notHere('autostart'),
  setUp: notHere('set-up'),
  openExternal: notHere('open'),
  quit: notHere('quit'),
});
