import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const TIMEOUT_MS = 2000;
/** What snapd calls the entries of its programs: the snap, then the program. Source: snapcraft.io/docs, desktop files */
const OF_A_SNAP = /^([a-z\d](?:[a-z\d-]{0,38}[a-z\d])?)_[\w.-]{1,80}\.desktop$/;

/** The user's browser as its desktop entry is called; empty where that cannot be told. */
function defaultBrowser(): string {
  try {
    return execFileSync('xdg-settings', ['get', 'default-web-browser'], {
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}

/**
 * A folder of this user's alone that a browser from a snap can read: those see neither hidden folders of the home nor those of
 * the login (/run/user). Made where the snap has been started before. Undefined: the browser is no snap, or has no folder yet.
 * @param home @param browser for tests
 */
export function browserFolder(home: string = homedir(), browser: string = defaultBrowser()): string | undefined {
  const snap = OF_A_SNAP.exec(browser)?.[1];
  if (snap === undefined) return undefined;
  const common = join(home, 'snap', snap, 'common');
  try {
    if (!statSync(common).isDirectory()) return undefined;
    const folder = join(common, 'ubad');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    return uid === process.geteuid?.() && (mode & 0o077) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}
