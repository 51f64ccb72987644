import { numbersAlike } from '../features/paths.ts';

/** Where a path lies, by who may write there and who looks there (Filesystem Hierarchy Standard 3.0; XDG Base Directory). */
export const places = ['tmp', 'hidden', 'home', 'local', 'system', 'none'] as const;
export type Place = (typeof places)[number];

/** Anybody may write there, and what lies there is gone after a start; a file that was made in memory has no other path (memfd_create). */
const tmp = /^\/(?:(?:tmp|var\/tmp|dev\/shm|run\/shm|run\/user\/\d+)\/|memfd:)/;
const home = /^\/(?:home\/[^/]+|root)(\/.*)$/;
/** What no package of the distribution put there. */
const local = /^\/(?:opt|usr\/local|snap|srv|var\/lib\/(?:flatpak|snapd))\//;
/** Linux writes this behind the path of a program that was deleted or replaced. */
const deleted = / \(deleted\)$/;

/** @param path of a file; `none` where it is no absolute path */
export function placeOf(path: string): Place {
  if (!path.startsWith('/')) return 'none';
  if (tmp.test(path)) return 'tmp';
  const inHome = home.exec(path)?.[1];
  if (inHome !== undefined) return inHome.includes('/.') ? 'hidden' : 'home';
  return local.test(path) ? 'local' : 'system';
}

/** Whether whoever uses the account may have put it there without being root. */
export const isOwnPlace = (place: Place): place is 'tmp' | 'hidden' | 'home' =>
  place === 'tmp' || place === 'hidden' || place === 'home';

/** A path whose numbers and random parts are not told apart, of whoever's home: `~/.cache/a#`. */
export const alike = (path: string): string =>
  numbersAlike(path.replace(deleted, '').replace(/^\/(?:home\/[^/]+|root)(?=\/|$)/, '~'));

/** The folder of a path, `alike`. */
export const folderOf = (path: string): string => alike(path.slice(0, Math.max(1, path.lastIndexOf('/'))));

/** The last part of a path. */
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(deleted, '');
