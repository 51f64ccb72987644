import { join } from 'node:path';
import { end } from '../session/processes.ts';
import type { Application } from '../driver/application.ts';
import { until } from '../until.ts';
import { databaseOf, storedOf } from './stored.ts';

/** Lets the command line program read the log up to a line, while the desktop program does not run. */
export async function watchByCommand(application: Application, upTo: number): Promise<void> {
  const { desktop, subject, log } = application;
  const command = [join(subject.folder, 'out', 'ubad.mjs'), 'watch', '--log', log];
  const watching = desktop.processes.start(process.execPath, command, desktop.env);
  try {
    await until('the log to be read by the command', async () => {
      const { lastLine } = await storedOf(application, databaseOf(application));
      return lastLine === upTo;
    });
  } finally {
    await end(watching);
  }
}
