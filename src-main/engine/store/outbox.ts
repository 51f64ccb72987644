import { columns, number, text } from './columns.ts';
import type { Connection } from './sql.ts';

/** Something to be told, in the order in which it happened: `n` grows by one from 1, and is never given twice. */
export interface OutboxRow {
  readonly n: number;
  /** The position after the batch in which it happened. */
  readonly seq: number;
  /** Any JSON. */
  readonly body: unknown;
}

export interface Outbox {
  /** Only in a transaction. */
  add(row: { readonly seq: number; readonly subjectId: number; readonly body: unknown }): void;
  /** Rows above `n`, oldest first, at most `limit`. */
  after(n: number, limit: number): OutboxRow[];
  /** Forgets what was told, up to and with `n`. Only in a transaction. */
  forget(n: number): void;
  /**
   * Numbers of rows and of incidents go on above `n`, where they are not there yet: what was told under lower ones is somebody else's.
   * Only in a transaction. @returns whether they were below
   */
  continueAbove(n: number): boolean;
}

export function outboxIn(connection: Connection): Outbox {
  const add = connection.prepare('INSERT INTO outbox (seq, subject_id, body) VALUES (?, ?, ?)');
  const after = connection.read(
    columns({ n: number, seq: number, body: text }),
    'SELECT n, seq, body FROM outbox WHERE n > ? ORDER BY n LIMIT ?',
  );
  const forget = connection.prepare('DELETE FROM outbox WHERE n <= ?');
  const given = connection.read(columns({ seq: number }), 'SELECT seq FROM sqlite_sequence WHERE name = ?');
  const raise = connection.prepare('UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?');
  const begin = connection.prepare('INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)');
  return {
    add({ seq, subjectId, body }) {
      connection.mustBeInTransaction();
      add.run(seq, subjectId, JSON.stringify(body));
    },
    after: (n, limit) => after.all(n, limit).map(({ body, ...row }) => ({ ...row, body: connection.json(body) })),
    forget(n) {
      connection.mustBeInTransaction();
      forget.run(n);
    },
    continueAbove(n) {
      connection.mustBeInTransaction();
      if ((given.get('outbox')?.seq ?? 0) >= n) return false;
      for (const table of ['outbox', 'incidents']) {
        if (given.get(table)) raise.run(n, table);
        else begin.run(n, table);
      }
      return true;
    },
  };
}
