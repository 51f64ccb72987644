import type { StoredAction, TimelineEntry } from './actions.ts';
import { ACTION, actionReader, row, SCORED_ACTION, scoredOf, scoredRow } from './action-rows.ts';
import { columns, number } from './columns.ts';
import type { Shapes } from './shapes.ts';
import type { Connection } from './sql.ts';

/** Of whom, from when to before when (Unix seconds), and of which queries. */
export interface Moment {
  readonly subjectId: number;
  readonly from: number;
  readonly to: number;
  /** Null: all. */
  readonly queries: readonly string[] | null;
}

/** What happened in a stretch of time. */
export interface Moments {
  /** Actions of a stretch with their scores, the strangest first; what was not judged comes last. */
  strangest(moment: Moment, limit: number): TimelineEntry[];
  count(moment: Moment): number;
  /** Rows of a host that tell of a process by its number and its parent's: of the ids before one, newest first. */
  processes(host: string, before: number, lookedAt: number): StoredAction[];
  /** These actions with their scores, in the order of the ids; what is not stored is left out. */
  byIds(ids: readonly number[]): TimelineEntry[];
}

const WITHIN = `a.subject_id = :subject AND a.time >= :from AND a.time < :to AND (:queries IS NULL
  OR a.shape_id IN (SELECT id FROM shapes WHERE query IN (SELECT value FROM json_each(:queries))))`;

export function momentsIn(connection: Connection, shapes: Shapes): Moments {
  const strangest = connection.read(
    scoredRow,
    `SELECT ${SCORED_ACTION} WHERE ${WITHIN} ORDER BY s.score IS NULL, s.score DESC, a.id LIMIT :limit`,
  );
  const counted = connection.read(
    columns({ count: number }),
    `SELECT count(*) AS count FROM actions AS a INDEXED BY actions_by_time WHERE ${WITHIN}`,
  );
  const processes = connection.read(
    row,
    `SELECT ${ACTION} WHERE a.id < :before AND a.id >= :least AND o.host = :host AND a.shape_id IN (SELECT id FROM shapes
       WHERE change <> 'removed' AND instr(names, '"pid"') > 0 AND instr(names, '"parent"') > 0)
     ORDER BY a.id DESC`,
  );
  const byId = connection.read(scoredRow, `SELECT ${SCORED_ACTION} WHERE a.id = ?`);
  const actionOf = actionReader(shapes);
  const asked = ({ subjectId, from, to, queries }: Moment) => ({
    subject: subjectId,
    from,
    to,
    queries: queries && JSON.stringify(queries),
  });
  return {
    strangest: (moment, limit) =>
      strangest.all({ ...asked(moment), limit }).map((row) => ({ ...actionOf(row), scored: scoredOf(row) })),
    count: (moment) => counted.get(asked(moment))!.count,
    processes: (host, before, lookedAt) => processes.all({ host, before, least: before - lookedAt }).map(actionOf),
    byIds: (ids) =>
      ids.flatMap((id) => {
        const row = byId.get(id);
        return row ? [{ ...actionOf(row), scored: scoredOf(row) }] : [];
      }),
  };
}
