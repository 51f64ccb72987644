import type { desktopCalls } from '../contract/contract.ts';
import type { DesktopState, SetupInfo } from '../contract/desktop.ts';
import type { DoctorReport } from '../contract/doctor.ts';
import type { Settings } from '../contract/settings.ts';
import type { Example } from '../host/example.ts';
import { lockScreen, NOT_LOCKED } from '../host/lock-screen.ts';
import type { DoNotDisturb } from '../host/do-not-disturb.ts';
import { AskFailed, type Handlers } from '../contract/ipc.ts';

/** Who answers. */
export interface Answering {
  readonly state: DesktopState;
  readonly setup: SetupInfo;
  readonly settings: { readonly all: Settings };
  readonly doNotDisturb: DoNotDisturb;
  readonly example: Example;
  doctor(): Promise<DoctorReport>;
  changeSettings(changes: Partial<Settings>): Promise<Settings>;
}

/** What the desktop's main process answers the window, as far as there is such a thing in a browser. */
export function handlersOn(host: Answering): Handlers<typeof desktopCalls> {
  const notHere = (what: string) => (): never => {
    throw new AskFailed('not-here', `${what} is there in the desktop program only.`);
  };
  return {
    desktop: () => host.state,
    setup: () => host.setup,
    doctor: () => host.doctor(),
    setupPlan: () => null,
    settings: () => host.settings.all,
    changeSettings: (changes) => {
      host.example.mustNotBeShown();
      return host.changeSettings(changes);
    },
    startExample: ({ minutes }) => {
      host.example.start(minutes);
    },
    exampleAttacks: () => host.example.attacks(),
    goLive: () => host.example.goLive(),
    pause: (choice) => {
      host.doNotDisturb.pause(choice);
    },
    resume: () => {
      host.doNotDisturb.resume();
    },
    snooze: ({ user, minutes }) => {
      host.example.mustNotBeShown();
      host.doNotDisturb.snooze(user, minutes);
    },
    unsnooze: (user) => {
      host.doNotDisturb.unsnooze(user);
    },
    lockScreen: async () => {
      host.example.mustNotBeShown();
      const locked = await lockScreen();
      if (locked === undefined) throw new AskFailed('failed', NOT_LOCKED);
      return locked;
    },
    showWindow: notHere('A window to be shown'),
    closeWindow: notHere('A window to be closed'),
    testNotification: notHere('A notification'),
    setAutostart: notHere('Starting at login'),
    setUp: notHere('Changing the system from the page'),
    openExternal: notHere('Opening another program'),
    quit: notHere('Quitting from the page'),
  };
}
