import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

import { message } from '../contract/story/messages.ts';

/** A program that ends by itself. @returns what it wrote; undefined where it failed or there is none */
export type Run = (program: string, args: readonly string[]) => Promise<string | undefined>;

/** `locked`: seen to be. `asked`: who locks was asked and did not refuse; nobody says whether it is. */
export type Locked = 'locked' | 'asked';

const TIMEOUT_MS = 4000;
/** The hint of a session is set by the program that locks, once it has. */
const [HINT_MS, HINT_STEP_MS] = [1500, 150];

const execute: Run = (program, args) =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: TIMEOUT_MS }, (error, output) => {
      resolve(error ? undefined : output);
    });
  });

/** What locks where nobody listens to logind, the desktop's own first. Source: each desktop's manual. */
function fallbacks(desktop: string): readonly (readonly [program: string, ...args: string[]])[] {
  const bus = (name: string, path: string): readonly [string, ...string[]] => [
    'dbus-send',
    '--session',
    '--print-reply',
    `--dest=${name}`,
    path,
    `${name}.Lock`,
  ];
  return [
    ...(/XFCE/i.test(desktop) ? [['xflock4'] as const] : []),
    ...(/GNOME|Unity|Cinnamon/i.test(desktop) ? [bus('org.gnome.ScreenSaver', '/org/gnome/ScreenSaver')] : []),
    ...(/Cinnamon/i.test(desktop) ? [bus('org.cinnamon.ScreenSaver', '/org/cinnamon/ScreenSaver')] : []),
    ...(/MATE/i.test(desktop) ? [['mate-screensaver-command', '--lock'] as const] : []),
    bus('org.freedesktop.ScreenSaver', '/org/freedesktop/ScreenSaver'),
    ['xdg-screensaver', 'lock'],
    ['xflock4'],
  ];
}

/**
 * Locks the screen of the session that this program runs in: by logind, and where nothing there says that it is locked then, by
 * what the desktop has.
 * @returns undefined where nothing could
 */
export async function lockScreen(env = process.env, run: Run = execute): Promise<Locked | undefined> {
  const { XDG_SESSION_ID: session, XDG_CURRENT_DESKTOP: desktop = '' } = env;
  const isAsked = (await run('loginctl', ['lock-session', ...(session ? [session] : [])])) !== undefined;
  if (isAsked && (await isLocked(session, run))) return 'locked';
  for (const [program, ...args] of fallbacks(desktop)) if ((await run(program, args)) !== undefined) return 'asked';
  return isAsked ? 'asked' : undefined;
}

async function isLocked(session: string | undefined, run: Run): Promise<boolean> {
  const show = ['show-session', ...(session ? [session] : []), '--property=LockedHint', '--value'];
  for (let waited = 0; waited < HINT_MS; waited += HINT_STEP_MS) {
    if ((await run('loginctl', show))?.trim() === 'yes') return true;
    await pause(HINT_STEP_MS);
  }
  return false;
}

export const NOT_LOCKED = message('desktop.not-locked');
