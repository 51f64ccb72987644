import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Desktop } from '../session/desktop.ts';
import { giveTo } from '../session/account.ts';
import type { Example } from './example.ts';

/** Trains a model of each user of the example, by the command line program that ships. @returns the state folder */
export async function trainedState(desktop: Desktop, app: string, { past }: Example): Promise<string> {
  const log = join(desktop.folder, 'past.log');
  writeFileSync(log, past.map((line) => `${line}\n`).join(''));
  giveTo(desktop.account, log);
  const state = join(desktop.folder, 'trained');
  const args = [join(app, 'out', 'ubad.mjs'), 'train', '--log', log, '--algorithm', 'lstm', '--state', state];
  await desktop.processes.run(process.execPath, args, desktop.env, 60_000);
  return state;
}
