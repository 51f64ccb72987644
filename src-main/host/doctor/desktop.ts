import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { notificationServer } from '../session-bus.ts';
import type { Finding } from './finding.ts';

/** What only the program that asks knows of the desktop. */
export interface DesktopFacts {
  readonly host: 'desktop' | 'browser' | 'terminal';
  /** Whether somebody shows tray icons; null: not known yet. */
  readonly tray?: boolean | null;
  readonly autostart?: boolean;
  /** Which desktop this session is of, as XDG_CURRENT_DESKTOP says it: "XFCE", "ubuntu:GNOME". */
  readonly session?: string;
}

/** Where programs are looked for. */
interface Programs {
  readonly root: string;
  readonly path: readonly string[];
}

const fine = { remedy: null, command: null };

/** Tray, notifications and start at login: of the desktop program alone. */
export async function lookAtDesktop({
  host,
  tray = null,
  autostart = false,
  session = process.env.XDG_CURRENT_DESKTOP ?? '',
  ...programs
}: DesktopFacts & Programs): Promise<Record<'tray' | 'notifications' | 'autostart', Finding>> {
  if (host !== 'desktop') {
    const why = `There is none of it in a ${host}; the desktop program has it.`;
    const none: Finding = { state: 'not-applicable', why, ...fine };
    return { tray: none, notifications: none, autostart: none };
  }
  const isXfce = session.toUpperCase().split(':').includes('XFCE');
  return {
    tray: trayOf(tray, isXfce),
    notifications: await notifications(programs),
    autostart: autostartOf(autostart),
  };
}

function trayOf(tray: boolean | null, isXfce: boolean): Finding {
  if (tray === null) return { state: 'unknown', why: 'A place for tray icons is still looked for.', ...fine };
  if (tray) return { state: 'pass', why: 'The panel shows tray icons.', ...fine };
  return {
    state: 'warn',
    why: 'Nothing on this desktop shows tray icons; ubad works without.',
    remedy: 'On Xfce add “Status Tray Plugin” to the panel; on GNOME install the extension AppIndicator.',
    // Of another desktop it would be no command, or would add to a panel that nobody sees.
    command: isXfce ? 'xfce4-panel --add=systray' : null,
  };
}

async function notifications({ root, path }: Programs): Promise<Finding> {
  const server = await notificationServer();
  if (!server) {
    return {
      state: 'fail',
      why: 'Nobody on the session bus shows notifications.',
      remedy:
        'Install a notification server, on Xfce its own, xfce4-notifyd; if none answers then, log in again. ' +
        'Start ubad again after it.',
      // Elsewhere than on Debian another program installs it, under its own name.
      command: path.some((folder) => existsSync(join(root, folder, 'apt-get')))
        ? 'sudo apt-get install xfce4-notifyd'
        : null,
    };
  }
  const { name, version, capabilities } = server;
  const lacks = ['actions', 'body'].filter((one) => !capabilities.includes(one));
  if (lacks.length === 0)
    return { state: 'pass', why: `${name} ${version} shows notifications, with buttons.`, ...fine };
  return {
    state: 'warn',
    why: `${name} ${version} shows notifications without ${lacks.join(' and ')}.`,
    command: null,
    remedy:
      'A click on it opens the alert. For buttons install another notification server, on Xfce its own, xfce4-notifyd.',
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
