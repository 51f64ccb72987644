import { columns, number, text } from './columns.ts';
import type { Connection } from './sql.ts';

/** What a person has done about an alert that was not the user. */
export interface DoneSteps {
  /** Only in a transaction. @param at Unix seconds; null: it is not done after all */
  set(incidentId: number, step: string, at: number | null): void;
  /** By step, when it was ticked: Unix seconds. */
  of(incidentId: number): ReadonlyMap<string, number>;
}

export function doneStepsIn(connection: Connection): DoneSteps {
  const put = connection.prepare('INSERT OR REPLACE INTO done_steps (incident_id, step, at) VALUES (?, ?, ?)');
  const remove = connection.prepare('DELETE FROM done_steps WHERE incident_id = ? AND step = ?');
  const all = connection.read(
    columns({ step: text, at: number }),
    'SELECT step, at FROM done_steps WHERE incident_id = ?',
  );
  return {
    set(incidentId, step, at) {
      connection.mustBeInTransaction();
      if (at === null) remove.run(incidentId, step);
      else put.run(incidentId, step, at);
    },
    of: (incidentId) => new Map(all.all(incidentId).map(({ step, at }) => [step, at])),
  };
}
