import { app } from 'electron';

import type { desktopCalls } from '../contract/contract.ts';
import type { Handlers } from '../contract/ipc.ts';
import { sharedHandlers } from '../host/calls.ts';
import type { Desktop } from './desktop.ts';
import { openOutside } from './security.ts';

/** What the main process answers the window. */
export const handlersOn = (desktop: Desktop): Handlers<typeof desktopCalls> => ({
  ...sharedHandlers(desktop.host),
  setup: () => desktop.setup,
  showWindow: (address) => {
    desktop.window.show(address);
  },
  closeWindow: () => {
    desktop.window.close();
  },
  doctor: () => desktop.doctor(),
  setupPlan: () => desktop.systemSetup.plan(),
  setUp: (digest) => desktop.systemSetup.carryOut(digest),
  testNotification: () => {
    desktop.notifier.test();
    return desktop.setup.notifications;
  },
  setAutostart(on) {
    desktop.autostart.set(on);
    return desktop.autostart.on;
  },
  openExternal: (address) => openOutside(address),
  quit: () => {
    app.quit();
  },
});
