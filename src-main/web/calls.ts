import type { desktopCalls } from '../contract.ts';
import { AskFailed, type Handlers } from '../ipc.ts';
import type { WebHost } from './host.ts';

/** What the desktop's main process answers the window, as far as there is such a thing in a browser. */
export function handlersOn(host: WebHost): Handlers<typeof desktopCalls> {
  const notHere = (what: string) => (): never => {
    throw new AskFailed('not-here', `${what} is there in the desktop program only.`);
  };
  return {
    desktop: () => host.state,
    setup: () => host.setup,
    doctor: () => host.doctor(),
    settings: () => host.settings.all,
    changeSettings: (changes) => host.changeSettings(changes),
    pause: (choice) => {
      host.quiet.pause(choice);
    },
    resume: () => {
      host.quiet.resume();
    },
    snooze: ({ user, minutes }) => {
      host.quiet.snooze(user, minutes);
    },
    unsnooze: (user) => {
      host.quiet.unsnooze(user);
    },
    showWindow: notHere('A window to be shown'),
    closeWindow: notHere('A window to be closed'),
    testNotification: notHere('A notification'),
    setAutostart: notHere('Starting at login'),
    openExternal: notHere('Opening another program'),
    quit: notHere('Quitting from the page'),
  };
}
