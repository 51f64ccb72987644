/** Where a program or a file lies, as far as that says who can have put it there. */
export type Place =
  /** Anybody can write there: /tmp, /var/tmp, /dev/shm, /run/user. */
  | 'tmp'
  /** Below a folder of a home that is not listed: ~/.cache, ~/.x. */
  | 'hidden'
  | 'home'
  /** What an administrator installs beside the packages: /opt, /usr/local. */
  | 'local'
  /** Of the packages of the system. */
  | 'system'
  | 'other';

const TMP = /^\/(tmp|var\/tmp|dev\/shm|run\/user)(\/|$)/;
const HOME = /^\/(home\/[^/]+|var\/home\/[^/]+|root)(\/|$)/;
const LOCAL = /^\/(opt|usr\/local)(\/|$)/;
const SYSTEM = /^\/(usr|bin|sbin|lib|lib32|lib64|libx32|etc|snap|var\/lib|nix\/store|gnu\/store)(\/|$)/;

/** @param path absolute; of anything else it is not known: other */
export function placeOf(path: string): Place {
  if (TMP.test(path)) return 'tmp';
  if (HOME.test(path)) return path.replace(HOME, '/').includes('/.') ? 'hidden' : 'home';
  if (LOCAL.test(path)) return 'local';
  return SYSTEM.test(path) ? 'system' : 'other';
}

/** The last part of a path; a bare name is its own. */
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The folder of a path; empty where it names none. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
