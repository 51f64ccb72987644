import type { Shape } from '../../../models/saved.ts';
import { columns, number, text } from './columns.ts';
import type { Connection } from './sql.ts';

/** Results that osquery counted but that never reached the log we read. */
export interface Loss {
  readonly host: string;
  readonly query: string;
  readonly count: number;
  /** Unix seconds: when it was noticed; of a sum, when last. */
  readonly at: number;
}

const lossRow: Shape<Loss> = columns({ host: text, query: text, count: number, at: number });

export interface Losses {
  /** Adds to what is known of the same host and query. Only in a transaction. */
  add(loss: Loss): void;
  /** The sum of each host and query, the latest first. */
  list(): Loss[];
}

export function lossesIn(connection: Connection): Losses {
  const add = connection.prepare(
    'INSERT INTO losses VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count, at = max(at, excluded.at)',
  );
  const list = connection.read(lossRow, 'SELECT host, query, count, at FROM losses ORDER BY at DESC, host, query');
  return {
    add({ host, query, count, at }) {
      connection.mustBeInTransaction();
      add.run(host, query, count, at);
    },
    list: () => list.all().map((row) => ({ ...row })),
  };
}
