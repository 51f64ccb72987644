import type { Shape } from '../../../models/saved.ts';
import { columns, number } from './columns.ts';
import type { Connection } from './sql.ts';

/** When a person wanted to be told nothing, Unix seconds. */
export interface Pause {
  readonly from: number;
  readonly to: number;
}

const pauseRow: Shape<Pause> = columns({ from: number, to: number });

export interface Pauses {
  /** The one that began at the same time is replaced: it ended otherwise than it was to. Only in a transaction. */
  put(pause: Pause): void;
  /** Those that lie in a stretch or reach into it, oldest first. */
  within(from: number, to: number): Pause[];
}

export function pausesIn(connection: Connection): Pauses {
  const put = connection.prepare('INSERT OR REPLACE INTO pauses (since, until) VALUES (?, ?)');
  const within = connection.read(
    pauseRow,
    'SELECT since AS "from", until AS "to" FROM pauses WHERE since < :to AND until > :from ORDER BY since',
  );
  return {
    put({ from, to }) {
      connection.mustBeInTransaction();
      put.run(from, to);
    },
    within: (from, to) => within.all({ from, to }).map((row) => ({ ...row })),
  };
}
