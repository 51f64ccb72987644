import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Engine } from '../engine/engine.ts';
import type { IncidentEvent } from '../engine/options.ts';
import { readFile } from '../source/read-file.ts';
import { Failure } from './failure.ts';
import { clock, note, progressBar, say, sayJson, table } from './output.ts';
import { engineOptions, settingsOf, type Shared } from './setup.ts';
import { watch } from './watch.ts';

export interface StartOptions extends Shared {
  readonly log?: string;
  readonly json?: boolean;
}

/**
 * `ubad start`: watches osquery's log; on a machine without one, shows what the engine finds in the example that ships.
 * @param example folder with past.log.gz and today.log.gz
 */
export async function start(options: StartOptions, example: string): Promise<void> {
  const log = options.log ?? settingsOf(options).log;
  try {
    accessSync(log, constants.R_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (options.log !== undefined) throw new Failure(`${log} cannot be read (${code ?? 'unknown'}).`);
    const why = code === 'ENOENT' ? 'does not exist: is osquery installed?' : `cannot be read (${code ?? 'unknown'}).`;
    note(`${log} ${why} Showing the shipped example instead; your own log: ubad start --log FILE`);
    await demonstrate(options, example);
    return;
  }
  await watch(options);
}

/** The whole life of two users' lines, in a state folder of its own that is gone afterwards. */
async function demonstrate(options: StartOptions, example: string): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'ubad-example-'));
  const incidents: IncidentEvent[] = [];
  const bars = new Map<string, ReturnType<typeof progressBar>>();
  // All evidence: an example should show what there is.
  const config = {
    ...settingsOf(options),
    state,
    algorithm: options.algorithm === undefined ? 'both' : settingsOf(options).algorithm,
  } as const;
  const opened = Engine.open(await engineOptions(config, undefined), {
    incident: (event) => {
      incidents.push(event);
    },
    training: (subject, progress) => {
      const bar = bars.get(subject) ?? progressBar(`learning ${subject}`);
      bars.set(subject, bar);
      bar(progress);
    },
    notice: note,
  });
  if (!opened.ok) throw new Failure(opened.problem.message);
  const { engine } = opened;
  try {
    for (const file of ['past', 'today']) {
      for await (const batch of readFile(join(example, `${file}.log.gz`))) {
        engine.ingest(batch);
        await engine.trainDue();
      }
    }
    const subjects = engine.store.subjects.list();
    const stored = engine.store.incidents.list().reverse();
    if (options.json) {
      sayJson({ subjects, incidents: stored });
      return;
    }
    say('The example: two invented users, three weeks, and one night somebody else at alice’s keyboard.\n');
    say(
      table(
        ['user', 'actions', 'from', 'to'],
        subjects.map(({ name, stored, firstSeen, lastSeen }) => [name, stored, clock(firstSeen), clock(lastSeen)]),
      ),
    );
    say(stored.length === 0 ? '\nNothing unusual was found.' : '\nWhat was not normal:');
    for (const { firstTime, band, peak } of stored) say(`  ${clock(firstTime)}  ${band} (z ${peak.toFixed(1)})`);
    for (const { change, sentence } of incidents) if (change === 'opened') say(`  ${sentence}`);
  } finally {
    engine.close();
    rmSync(state, { recursive: true, force: true });
  }
}
