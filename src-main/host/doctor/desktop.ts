import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { notificationServer } from '../session-bus.ts';
import { found, sentence, type Finding } from './finding.ts';

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

/** Tray, notifications and start at login: of the desktop program alone. */
export async function lookAtDesktop({
  host,
  tray = null,
  autostart = false,
  session = process.env.XDG_CURRENT_DESKTOP ?? '',
  ...programs
}: DesktopFacts & Programs): Promise<Record<'tray' | 'notifications' | 'autostart', Finding>> {
  if (host !== 'desktop') {
    const none = found('not-applicable', [sentence(`none-here.${host}`)]);
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
  if (tray === null) return found('unknown', [sentence('tray.unknown')]);
  if (tray) return found('pass', [sentence('tray.pass')]);
  // Of another desktop it would be no command, or would add to a panel that nobody sees.
  const command = isXfce ? 'xfce4-panel --add=systray' : null;
  return found('warn', [sentence('tray.none')], [sentence('tray.none.do')], command);
}

async function notifications({ root, path }: Programs): Promise<Finding> {
  const server = await notificationServer();
  if (!server) {
    // Elsewhere than on Debian another program installs it, under its own name.
    const isDebian = path.some((folder) => existsSync(join(root, folder, 'apt-get')));
    const command = isDebian ? 'sudo apt-get install xfce4-notifyd' : null;
    return found('fail', [sentence('notifications.nobody')], [sentence('notifications.nobody.do')], command);
  }
  const { name, version, capabilities } = server;
  const lacks = (['actions', 'body'] as const).filter((one) => !capabilities.includes(one));
  const [first] = lacks;
  if (first === undefined) return found('pass', [sentence('notifications.pass', { name, version })]);
  const why = sentence(`notifications.lacks.${lacks.length > 1 ? 'both' : first}`, { name, version });
  return found('warn', [why], [sentence('notifications.lacks.do')]);
}

const autostartOf = (on: boolean): Finding =>
  on
    ? found('pass', [sentence('autostart.pass')])
    : found('warn', [sentence('autostart.off')], [sentence('autostart.off.do')]);
