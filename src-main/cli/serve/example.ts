import { accessSync, appendFileSync, constants, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import type { Settings } from '../../contract/settings.ts';
import type { Web } from '../../web.ts';
import { note } from '../output.ts';
import { settingsOf, type Shared } from '../setup.ts';

export interface Example {
  /** To be deleted afterwards. */
  readonly folder: string;
  readonly over: Partial<Settings>;
  /** Lets the example's last day happen once what is normal was learned from the days before. */
  goOn(web: Pick<Web, 'host'>, signal: AbortSignal): Promise<void>;
}

const LOOK_MS = 500;

/** The example that ships as a log of its own. @returns undefined where there is a log to read */
export function exampleWhereNoLog(options: Shared & { readonly log?: string }, example: string): Example | undefined {
  const settings = settingsOf(options);
  const wanted = options.log ?? settings.log;
  try {
    accessSync(wanted, constants.R_OK);
    return undefined;
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist: is osquery installed?' : `cannot be read (${code}).`;
    note(
      `${wanted} ${why} This is the example that ships, with two invented users; your own log: ubad serve --log FILE`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'ubad-example-'));
  const log = join(folder, 'results.log');
  const [past, today] = ['past', 'today'].map((file) => gunzipSync(readFileSync(join(example, `${file}.log.gz`))));
  writeFileSync(log, past!, { mode: 0o600 });
  const lines = past!.toString('latin1').split('\n').length - 1;
  // All evidence: an example should show what there is. It is of days that are gone: nothing of it is too old.
  const over = {
    log,
    state: join(folder, 'state'),
    algorithm: options.algorithm === undefined ? 'both' : settings.algorithm,
  } as const;
  return {
    ...{ folder, over: { ...over, keepDays: 36_500 } },
    async goOn({ host }, signal) {
      while (!hasLearned(host.side.status, lines, settings.trainAfter)) {
        await later(LOOK_MS, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
      }
      appendFileSync(log, today!);
    },
  };
}

/** Whether all lines are stored and everybody with enough of them has a model. */
function hasLearned(status: Web['host']['side']['status'], lines: number, trainAfter: number): boolean {
  if (!status) return false;
  const taken = [...status.users.map(({ actions }) => actions), ...status.refused.map(({ count }) => count)];
  if (taken.reduce((sum, count) => sum + count, 0) < lines) return false;
  return status.users.every(({ actions, model }) => model.state === 'ready' || actions < trainAfter);
}
