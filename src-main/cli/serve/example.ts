import { accessSync, appendFileSync, constants, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ExampleMode } from '../../contract.ts';
import type { Settings } from '../../contract/settings.ts';
import { openExample } from '../../example/prepare.ts';
import { replay, weeksUntil } from '../../example/source.ts';
import { exitCodes, Failure } from '../failure.ts';
import { note, noteOnly } from '../output.ts';
import { absolute, engineOptions, settingsOf, type Shared } from '../setup.ts';

export interface Example {
  /** To be deleted afterwards. */
  readonly folder: string;
  readonly over: Partial<Settings>;
  readonly mode: ExampleMode;
  /** Lets the example's last week happen, an hour in a second. */
  goOn(signal: AbortSignal): Promise<void>;
}

const SPEED = 3600;

/**
 * The example that ships, moved to the last days: its first two weeks read, its users known, and a log in which the week
 * after them goes on.
 * @param root the folder that holds data/ and models/ @returns undefined where there is a log to read
 */
export async function exampleWhereNoLog(
  options: Shared & { readonly log?: string },
  root: string,
): Promise<Example | undefined> {
  const settings = settingsOf(options);
  const wanted = options.log ?? settings.log;
  try {
    accessSync(wanted, constants.R_OK);
    return undefined;
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist: is osquery installed?' : `cannot be read (${code}).`;
    note(`${wanted} ${why}`);
    note('This is the example that ships, with four invented people; your own log: ubad serve --log FILE');
  }
  const folder = mkdtempSync(join(tmpdir(), 'ubad-example-'));
  const log = join(folder, 'results.log');
  writeFileSync(log, '', { mode: 0o600 });
  // All evidence: an example should show what there is.
  const algorithm = options.algorithm === undefined ? 'both' : settings.algorithm;
  const over = { log, state: join(folder, 'state'), algorithm };
  const weeks = weeksUntil(Date.now() / 1000);
  note('Reading its first two weeks; an hour of the third takes a second.');
  const prepared = await openExample(
    await engineOptions({ ...settings, ...over }, undefined),
    { notice: noteOnly },
    { root, weeks, models: 'shipped' },
  );
  if (!prepared.ok) throw new Failure(prepared.problem.message, exitCodes.state);
  prepared.engine.close();
  return {
    folder,
    over,
    mode: { missing: absolute(wanted), speed: SPEED },
    async goOn(signal) {
      for await (const { lines } of replay({ root, part: 'week', weeks, speed: SPEED, signal }))
        appendFileSync(log, lines.map(({ text }) => `${text}\n`).join(''));
    },
  };
}
