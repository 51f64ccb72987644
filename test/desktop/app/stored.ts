import type { Application } from '../driver/application.ts';
import { pathIn } from './subject.ts';

/** What the database says of the log that was followed. */
export interface Stored {
  readonly actions: number;
  /** Lines that gave one: as many as actions where none was read twice. */
  readonly lines: number;
  readonly lastLine: number;
  /** Where reading resumes, in bytes. */
  readonly offset: number;
}

/** Another account's process would leave files that the application cannot use: so its own reads them. */
const query = `
  const [file, log] = process.argv.slice(1);
  const database = new (require('node:sqlite').DatabaseSync)(file, { readOnly: true, timeout: 2000 });
  const counted = database.prepare(
    'SELECT count(*) AS actions, count(DISTINCT line) AS lines, coalesce(max(line), 0) AS lastLine ' +
    'FROM actions JOIN origins ON origins.id = origin_id WHERE path = ?').get(log);
  const checkpoint = database.prepare('SELECT offset FROM checkpoints WHERE path = ?').get(log);
  console.log(JSON.stringify({ ...counted, offset: checkpoint?.offset ?? 0 }));
`;

export async function storedOf({ desktop, log }: Application, file: string): Promise<Stored> {
  const args = ['--disable-warning=ExperimentalWarning', '-e', query, file, log];
  return JSON.parse(await desktop.processes.run(process.execPath, args, desktop.env)) as Stored;
}

export const databaseOf = (application: Application): string => pathIn(application, 'XDG_STATE_HOME', 'ubad.db');
