import { app } from 'electron';

import type { desktopCalls } from '../contract/contract.ts';
import { AskFailed, type Handlers } from '../contract/ipc.ts';
import { lockScreen, NOT_LOCKED } from '../host/lock-screen.ts';
import type { Desktop } from './desktop.ts';
import { openOutside } from './security.ts';

/** What the main process answers the window. */
export function handlersOn(desktop: Desktop): Handlers<typeof desktopCalls> {
  return {
    desktop: () => desktop.state,
    setup: () => desktop.setup,
    showWindow: (address) => {
      desktop.window.show(address);
    },
    closeWindow: () => {
      desktop.window.close();
    },
    settings: () => desktop.settings.all,
    changeSettings: (changes) => {
      desktop.example.mustNotBeShown();
      return desktop.changeSettings(changes);
    },
    pause: (choice) => {
      desktop.doNotDisturb.pause(choice);
    },
    resume: () => {
      desktop.doNotDisturb.resume();
    },
    snooze: ({ user, minutes }) => {
      desktop.example.mustNotBeShown();
      desktop.doNotDisturb.snooze(user, minutes);
    },
    unsnooze: (user) => {
      desktop.doNotDisturb.unsnooze(user);
    },
    doctor: () => desktop.doctor(),
    setupPlan: () => desktop.systemSetup.plan(),
    setUp: (digest) => desktop.systemSetup.carryOut(digest),
    startExample: ({ minutes }) => {
      desktop.example.start(minutes);
    },
    exampleAttacks: () => desktop.example.attacks(),
    goLive: () => desktop.example.goLive(),
    lockScreen: async () => {
      desktop.example.mustNotBeShown();
      const locked = await lockScreen();
      if (locked === undefined) throw new AskFailed('failed', NOT_LOCKED);
      return locked;
    },
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
  };
}
