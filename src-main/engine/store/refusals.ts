import type { Shape } from '../../../models/saved.ts';
import { columns, number, text } from './columns.ts';
import type { Connection } from './sql.ts';

/** A line that was not understood. */
export interface Refusal {
  /** Unix seconds: when it was read. */
  readonly at: number;
  readonly path: string;
  readonly line: number;
  readonly reason: string;
  readonly detail: string;
}

const refusalRow: Shape<Refusal> = columns({ at: number, path: text, line: number, reason: text, detail: text });

export interface RefusalCount {
  readonly path: string;
  readonly reason: string;
  readonly count: number;
}

const refusalCountRow: Shape<RefusalCount> = columns({ path: text, reason: text, count: number });

export interface Refusals {
  /** Only in a transaction. */
  add(refusals: readonly Refusal[]): void;
  /** The newest, newest first. */
  last(limit: number): Refusal[];
  /** Of all there ever were, also of those that are no longer kept. By path, the most frequent reason first. */
  counts(): RefusalCount[];
}

/** A log of nothing but nonsense must not fill the disk: this many refusals are kept, all are counted. */
const MOST_KEPT = 10_000;

export function refusalsIn(connection: Connection, mostKept: number = MOST_KEPT): Refusals {
  const insert = connection.prepare('INSERT INTO refusals (at, path, line, reason, detail) VALUES (?, ?, ?, ?, ?)');
  const count = connection.prepare(
    'INSERT INTO refusal_counts VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1',
  );
  const forget = connection.prepare('DELETE FROM refusals WHERE id <= ?');
  const last = connection.read(
    refusalRow,
    'SELECT at, path, line, reason, detail FROM refusals ORDER BY id DESC LIMIT ?',
  );
  const counts = connection.read(
    refusalCountRow,
    'SELECT path, reason, count FROM refusal_counts ORDER BY path, count DESC, reason',
  );

  return {
    add(refusals) {
      connection.mustBeInTransaction();
      let newest = 0;
      for (const { at, path, line, reason, detail } of refusals) {
        newest = insert.run(at, path, line, reason, detail).id;
        count.run(path, reason);
      }
      forget.run(newest - mostKept);
    },
    last: (limit) => last.all(limit).map((row) => ({ ...row })),
    counts: () => counts.all().map((row) => ({ ...row })),
  };
}
