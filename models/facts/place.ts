import { numbersAlike } from '../features/paths.ts';

/** Where a path lies, by who may write there and who looks there (Filesystem Hierarchy Standard 3.0; XDG Base Directory). */
export const places = ['tmp', 'tmp-hidden', 'appimage', 'hidden', 'home', 'local', 'system', 'none'] as const;
export type Place = (typeof places)[number];

/** Anybody may write there, and what lies there is gone after a start; a file that was made in memory has no other path (memfd_create). */
const tmp = /^\/(?:(?:tmp|var\/tmp|dev\/shm|run\/shm|run\/user\/\d+)\/|memfd:)/;
const home = /^\/(?:home\/[^/]+|root)(\/.*)$/;
/** What no package of the distribution put there. */
const local = /^\/(?:opt|usr\/local|snap|srv|var\/lib\/(?:flatpak|snapd))\//;
/** Linux writes this behind the path of a program that was deleted or replaced. */
const deleted = / \(deleted\)$/;

/** @param path of a file; `none` where it is no absolute path, `tmp-hidden` below a name of tmp that no listing shows */
export function placeOf(path: string): Place {
  if (!path.startsWith('/')) return 'none';
  // Where an AppImage's files are while it runs: everybody who runs one has such a folder.
  if (path.startsWith('/tmp/.mount_')) return 'appimage';
  if (tmp.test(path)) return path.includes('/.') ? 'tmp-hidden' : 'tmp';
  const inHome = home.exec(path)?.[1];
  if (inHome !== undefined) return inHome.includes('/.') ? 'hidden' : 'home';
  return local.test(path) ? 'local' : 'system';
}

/** Whether whoever uses the account may have put it there without being root. */
export const isOwnPlace = (place: Place): boolean => ownPlaces.has(place);
const ownPlaces: ReadonlySet<Place> = new Set(['tmp', 'tmp-hidden', 'appimage', 'hidden', 'home']);

/** A path whose numbers and random parts are not told apart, of whoever's home: `~/.cache/a#`. */
export const alike = (path: string): string =>
  numbersAlike(path.replace(deleted, '').replace(/^\/(?:home\/[^/]+|root)(?=\/|$)/, '~'));

/** The folder of a path, `alike`. */
export const folderOf = (path: string): string => alike(path.slice(0, Math.max(1, path.lastIndexOf('/'))));

/** The last part of a path. */
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(deleted, '');
