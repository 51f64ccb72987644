import type { desktopCalls } from '../contract/contract.ts';
import { AskFailed, type Handlers } from '../contract/ipc.ts';
import type { Host } from './host.ts';
import { readLeaving } from './leaving.ts';
import { lockScreen, NOT_LOCKED } from './lock-screen.ts';

/** What every host answers the window in the same way. */
export const sharedHandlers = (host: Host) =>
  ({
    desktop: () => host.state,
    settings: () => host.settings.all,
    changeSettings: (changes) => {
      host.shown.mustBeLive();
      return host.changeSettings(changes);
    },
    startExample: ({ minutes }) => {
      host.shown.startExample(minutes);
    },
    exampleAttacks: () => host.shown.attacks(),
    goLive: () => host.shown.goLive(),
    pause: (choice) => {
      host.doNotDisturb.pause(choice);
    },
    resume: () => {
      host.doNotDisturb.resume();
    },
    snooze: ({ user, minutes }) => {
      host.shown.mustBeLive();
      host.doNotDisturb.snooze(user, minutes);
    },
    unsnooze: (user) => {
      host.doNotDisturb.unsnooze(user);
    },
    leaving: () => readLeaving(),
    lockScreen: async () => {
      host.shown.mustBeLive();
      const locked = await lockScreen();
      if (locked === undefined) throw new AskFailed('failed', NOT_LOCKED);
      return locked;
    },
  }) satisfies Partial<Handlers<typeof desktopCalls>>;
