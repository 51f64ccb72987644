import { accessSync, constants } from 'node:fs';

import { demo } from './demo.ts';
import { Failure } from './failure.ts';
import { tellUser } from './output.ts';
import { settingsOf, type Shared } from './setup.ts';
import { watch } from './watch.ts';

export interface StartOptions extends Shared {
  readonly log?: string;
  readonly json?: boolean;
  /** Show the example, whatever there is. */
  readonly example?: boolean;
}

/**
 * `ubad start`: watches osquery's log; on a machine without one, shows what the engine finds in the example that ships.
 * @param root the folder that holds data/ and models/
 */
export async function start(options: StartOptions, root: string): Promise<void> {
  if (options.example) {
    await demo(forExample(options), root);
    return;
  }
  const log = options.log ?? settingsOf(options).log;
  try {
    accessSync(log, constants.R_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (options.log !== undefined) throw new Failure(`${log} cannot be read (${code ?? 'unknown'}).`);
    const why = code === 'ENOENT' ? 'does not exist: is osquery installed?' : `cannot be read (${code ?? 'unknown'}).`;
    tellUser(`${log} ${why} Showing the shipped example instead; your own log: ubad start --log FILE`);
    await demo(forExample(options), root);
    return;
  }
  await watch(options);
}

/** Where the log is has no say in the example, nor has what else the configuration sets. */
const forExample = ({ config: _, ...options }: StartOptions): StartOptions => options;
