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
}

export function outboxIn(connection: Connection): Outbox {
  const add = connection.prepare('INSERT INTO outbox (seq, subject_id, body) VALUES (?, ?, ?)');
  const after = connection.read(
    columns({ n: number, seq: number, body: text }),
    'SELECT n, seq, body FROM outbox WHERE n > ? ORDER BY n LIMIT ?',
  );
  const forget = connection.prepare('DELETE FROM outbox WHERE n <= ?');
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
  };
}
