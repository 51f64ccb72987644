import { columns, text } from '../../engine/store/columns.ts';
import type { Connection } from '../../engine/store/sql.ts';
import { isMeant } from '../wire/forgotten.ts';

/**
 * Deletes what an inbox has of a user: alerts with their notes, what was told of them, and texts of the audit that name them. Who looked and
 * when stays. Only in a transaction.
 */
export function forgetIn(connection: Connection, user: string): void {
  const names = connection
    .read(columns({ user: text }), 'SELECT DISTINCT user FROM alerts')
    .all()
    .flatMap(({ user: name }) => (isMeant(name, user) ? [name] : []));
  for (const name of [user, ...names]) {
    connection
      .prepare(
        `DELETE FROM told WHERE body ->> 'user' = ?1 OR EXISTS (SELECT 1 FROM alerts AS a
           WHERE a.user = ?1 AND a.incident = told.body ->> 'incident' AND a.partition = told.partition)`,
      )
      .run(name);
    connection.prepare('DELETE FROM alerts WHERE user = ?').run(name);
  }
  connection.prepare("UPDATE audit SET what = '' WHERE instr(lower(what), lower(?)) > 0").run(user);
}
