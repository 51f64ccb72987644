import { accessSync, constants } from 'node:fs';

import { tellUser } from '../output.ts';
import { settingsOf, type Shared } from '../setup.ts';

/** Whether there is no log to read, and the example that ships is to be shown: says so, and why. */
export function isWithoutLog(options: Shared & { readonly log?: string }): boolean {
  const wanted = options.log ?? settingsOf(options).log;
  try {
    accessSync(wanted, constants.R_OK);
    return false;
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist: is osquery installed?' : `cannot be read (${code}).`;
    tellUser(`${wanted} ${why}`);
    tellUser('This is the example that ships, with four invented people; your own log: ubad serve --log FILE');
    tellUser('Its first two weeks are read at once; the third takes three minutes. “Go live” in the window ends it.');
    return true;
  }
}
