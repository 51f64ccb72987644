import { accessSync, constants, mkdirSync } from 'node:fs';

import { makePrivate } from '../settings/config.ts';

/**
 * Makes the folder that the program keeps its settings in, where it is missing.
 * @param folder absolute
 * @returns what hinders the program from writing there, as sentences that say what to do; undefined: nothing
 */
export function folderProblem(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    makePrivate(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return (
      `The folder ${folder}, where ubad keeps its settings, cannot be used: ${why}. ` +
      'Make it yours and writable (see who owns it with “ls -ld”), or set XDG_CONFIG_HOME to another folder, and start ubad again.'
    );
  }
}
