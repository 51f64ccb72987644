import { notificationServer } from '../session-bus.ts';
import type { Finding } from './finding.ts';

/** What only the program that asks knows of the desktop. */
export interface DesktopFacts {
  readonly host: 'desktop' | 'browser' | 'terminal';
  /** Whether somebody shows tray icons; null: not known yet. */
  readonly tray?: boolean | null;
  readonly autostart?: boolean;
}

const fine = { remedy: null, command: null };

/** Tray, notifications and start at login: of the desktop program alone. */
export async function lookAtDesktop({
  host,
  tray = null,
  autostart = false,
}: DesktopFacts): Promise<Record<'tray' | 'notifications' | 'autostart', Finding>> {
  if (host !== 'desktop') {
    const why = `There is none of it in a ${host}; the desktop program has it.`;
    const none: Finding = { state: 'not-applicable', why, ...fine };
    return { tray: none, notifications: none, autostart: none };
  }
  return { tray: trayOf(tray), notifications: await notifications(), autostart: autostartOf(autostart) };
}

function trayOf(tray: boolean | null): Finding {
  if (tray === null) return { state: 'unknown', why: 'A place for tray icons is still looked for.', ...fine };
  if (tray) return { state: 'pass', why: 'The panel shows tray icons.', ...fine };
  return {
    ...{ state: 'warn', why: 'Nothing on this desktop shows tray icons; ubad works without.' },
    remedy: 'On Xfce add “Status Tray Plugin” to the panel; on GNOME install the extension AppIndicator.',
    command: 'xfce4-panel --add=systray',
  };
}

async function notifications(): Promise<Finding> {
  const server = await notificationServer();
  if (!server) {
    return {
      ...{ state: 'fail', why: 'Nobody on the session bus shows notifications.' },
      remedy: 'Install a notification server, on Xfce its own, and log in again.',
      command: 'sudo apt-get install xfce4-notifyd',
    };
  }
  const { name, version, capabilities } = server;
  const lacks = ['actions', 'body'].filter((one) => !capabilities.includes(one));
  if (lacks.length === 0)
    return { state: 'pass', why: `${name} ${version} shows notifications, with buttons.`, ...fine };
  return {
    ...{ state: 'warn', why: `${name} ${version} shows notifications without ${lacks.join(' and ')}.`, command: null },
    remedy: 'If “do not disturb” is on, switch it off and start ubad again; without buttons a click opens the alert.',
  };
}

function autostartOf(on: boolean): Finding {
  if (on) return { state: 'pass', why: 'It starts when you log in.', ...fine };
  return {
    state: 'warn',
    why: 'It does not start when you log in.',
    remedy: 'Switch it on in the settings.',
    command: null,
  };
}
