import { columns, number, text } from './columns.ts';
import type { Forget } from './forget.ts';
import type { Connection } from './sql.ts';

/**
 * Makes of one store two, each with some of its logs: what a fleet's partition is when it is split. Only in a transaction; whoever has an
 * engine on it opens it again.
 */
export interface Divide {
  /**
   * Deletes the subjects of all other logs, and what was kept of these.
   * @param isKept by the path of a log @param hostIn the host that a log of this path is of; undefined: of none
   */
  keepOnly(isKept: (path: string) => boolean, hostIn: (path: string) => string | undefined): void;
  /** Logs below one path lie below another one from now on. What nobody told yet is not told from here, and nothing was refused here. */
  moveLogs(from: string, to: string): void;
  /** The last number of the outbox that was given. */
  lastNumber(): number;
}

export function divideIn(connection: Connection, forget: Forget): Divide {
  const paths = connection.read(columns({ path: text }), 'SELECT path FROM checkpoints ORDER BY path');
  const subjects = connection.read(columns({ id: number, name: text }), 'SELECT id, name FROM subjects ORDER BY id');
  const pathOf = connection.read(
    columns({ path: text }),
    `SELECT path FROM origins WHERE id = (SELECT origin_id FROM actions INDEXED BY actions_of_subject WHERE subject_id = ?
       ORDER BY id DESC LIMIT 1)`,
  );
  const deleteLog = connection.prepare('DELETE FROM checkpoints WHERE path = ?');
  const deleteLosses = connection.prepare('DELETE FROM losses WHERE host = ?');
  const deleteNames = connection.prepare('DELETE FROM uid_names WHERE host = ?');
  const move = ['checkpoints', 'origins'].map((table) =>
    connection.prepare(
      `UPDATE ${table} SET path = ?2 || substr(path, length(?1) + 1) WHERE path = ?1 OR substr(path, 1, length(?1) + 1) = ?1 || '/'`,
    ),
  );
  const clear = ['outbox', 'refusals', 'refusal_counts'].map((table) => connection.prepare(`DELETE FROM ${table}`));
  const given = connection.read(columns({ seq: number }), "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'");

  return {
    keepOnly(isKept, hostIn) {
      connection.mustBeInTransaction();
      const all = paths.all().map(({ path }) => path);
      const hosts = new Map(all.map((path) => [hostIn(path), path]));
      for (const { id, name } of subjects.all()) {
        // Who has no actions is of the host that the name says.
        const path = pathOf.get(id)?.path ?? hosts.get(name.slice(name.lastIndexOf('@') + 1).replace(/^host:/, ''));
        if (path !== undefined && !isKept(path)) forget.subject(id);
      }
      for (const path of all.filter((one) => !isKept(one))) {
        deleteLog.run(path);
        const host = hostIn(path);
        if (host === undefined) continue;
        deleteLosses.run(host);
        deleteNames.run(host);
      }
    },
    moveLogs(from, to) {
      connection.mustBeInTransaction();
      for (const one of move) one.run(from, to);
      for (const one of clear) one.run();
    },
    lastNumber: () => given.get()?.seq ?? 0,
  };
}
