import type { Action } from '../../../models/action.ts';
import type { Scored } from './scores.ts';
import type { Shapes } from './shapes.ts';
import type { Connection } from './sql.ts';

/** An action and where it was read. */
export interface NewAction {
  readonly subjectId: number;
  readonly action: Action;
  readonly host: string;
  /** The log as it was configured, and the 1-based line in it. */
  readonly path: string;
  readonly line: number;
}

export interface StoredAction extends NewAction {
  /** In log order; never given twice. */
  readonly id: number;
}

export interface TimelineEntry extends StoredAction {
  /** Undefined for what was read before there was a model. */
  readonly scored: Scored | undefined;
}

export interface Actions {
  /** Stores actions in log order and brings their subjects' counts and times up to date. Only in a transaction.
   *  @returns their ids, in the same order */
  append(actions: readonly NewAction[]): number[];
  byId(id: number): StoredAction | undefined;
  /** A subject's actions after `id` (0: all), in log order. Reads page by page: memory is bounded, writing in between is allowed,
   *  and what is written in between comes too. */
  after(subjectId: number, id: number): Generator<StoredAction, void>;
  /** The `count` actions of a subject before `id` by log order, at most, oldest first. */
  before(subjectId: number, id: number, count: number): StoredAction[];
  /** The newest actions of a subject by log order, at most `count`, oldest first. */
  last(subjectId: number, count: number): StoredAction[];
  /** How many actions of a subject there were in each stretch of `seconds`, counted from Unix's first. @param since Unix seconds */
  counts(subjectId: number, since: number, seconds: number): Map<number, number>;
  /** The newest actions by their own time, newest first, with their scores.
   *  @param before where the page before ended; undefined for the first page */
  timeline(subjectId: number, limit: number, before?: { readonly time: number; readonly id: number }): TimelineEntry[];
}

interface Row {
  id: number;
  subject_id: number;
  shape_id: number;
  host: string;
  path: string;
  line: number;
  time: number;
  baseline: 0 | 1;
  vals: string;
}

interface ScoredRow extends Row {
  score: number | null;
  window_score: number;
  lstm: number | null;
  ocsvm: number | null;
  incident_id: number | null;
  version_id: number | null;
  strange: 0 | 1;
}

const PAGE = 1000;
const ACTION = `a.id, a.subject_id, a.shape_id, o.host, o.path, a.line, a.time, a.baseline, a.vals
  FROM actions AS a JOIN origins AS o ON o.id = a.origin_id`;

export function actionsIn(connection: Connection, shapes: Shapes): Actions {
  const insert = connection.prepare(
    'INSERT INTO actions (subject_id, shape_id, origin_id, line, time, baseline, vals) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const count = connection.prepare(
    'UPDATE subjects SET stored = stored + ?2, first_seen = min(first_seen, ?3), last_seen = max(last_seen, ?4) WHERE id = ?1',
  );
  const byId = connection.prepare<Row>(`SELECT ${ACTION} WHERE a.id = ?`);
  const after = connection.prepare<Row>(
    `SELECT ${ACTION} WHERE a.subject_id = ? AND a.id > ? ORDER BY a.id LIMIT ${PAGE}`,
  );
  const before = connection.prepare<Row>(
    `SELECT ${ACTION} WHERE a.subject_id = ? AND a.id < ? ORDER BY a.id DESC LIMIT ?`,
  );
  const last = connection.prepare<Row>(`SELECT ${ACTION} WHERE a.subject_id = ? ORDER BY a.id DESC LIMIT ?`);
  const counts = connection.prepare<{ stretch: number; count: number }>(
    `SELECT CAST(time / :seconds AS INTEGER) AS stretch, count(*) AS count FROM actions
     WHERE subject_id = :subject AND time >= :since GROUP BY stretch`,
  );
  const timeline = connection.prepare<ScoredRow>(
    `SELECT s.score, s.window_score, s.lstm, s.ocsvm, s.incident_id, s.version_id, s.strange, ${ACTION}
     LEFT JOIN scores AS s ON s.action_id = a.id
     WHERE a.subject_id = :subject AND (a.time, a.id) < (:time, :id) ORDER BY a.time DESC, a.id DESC LIMIT :limit`,
  );
  const originOf = originsIn(connection);

  function actionOf(row: Row): StoredAction {
    const said = shapes.unshape({ shape: row.shape_id, values: row.vals });
    const action: Action = { ...said, time: row.time, ...(row.baseline === 1 && { baseline: true }) };
    return { id: row.id, subjectId: row.subject_id, action, host: row.host, path: row.path, line: row.line };
  }

  return {
    append(actions) {
      connection.mustBeInTransaction();
      const subjects = new Map<number, { stored: number; first: number; last: number }>();
      const ids = actions.map(({ subjectId, action, host, path, line }) => {
        const { shape, values } = shapes.shape(action);
        const { time } = action;
        const seen = subjects.get(subjectId);
        if (seen === undefined) subjects.set(subjectId, { stored: 1, first: time, last: time });
        else {
          seen.stored += 1;
          seen.first = Math.min(seen.first, time);
          seen.last = Math.max(seen.last, time);
        }
        return insert.run(subjectId, shape, originOf(host, path), line, time, action.baseline === true ? 1 : 0, values)
          .id;
      });
      for (const [id, { stored, first, last }] of subjects) count.run(id, stored, first, last);
      return ids;
    },
    byId(id) {
      const row = byId.get(id);
      return row && actionOf(row);
    },
    *after(subjectId, id) {
      for (let page = after.all(subjectId, id); page.length > 0; page = after.all(subjectId, page.at(-1)!.id)) {
        for (const row of page) yield actionOf(row);
      }
    },
    before: (subjectId, id, most) => before.all(subjectId, id, most).reverse().map(actionOf),
    last: (subjectId, most) => last.all(subjectId, most).reverse().map(actionOf),
    counts: (subjectId, since, seconds) =>
      new Map(counts.all({ subject: subjectId, since, seconds }).map(({ stretch, count }) => [stretch, count])),
    timeline: (subjectId, limit, before = { time: Infinity, id: Infinity }) =>
      timeline.all({ subject: subjectId, time: before.time, id: before.id, limit }).map((row) => ({
        ...actionOf(row),
        scored: scoredOf(row),
      })),
  };
}

function scoredOf(row: ScoredRow): Scored | undefined {
  if (row.score === null) return undefined;
  return {
    actionId: row.id,
    score: row.score,
    window: row.window_score,
    lstm: row.lstm,
    ocsvm: row.ocsvm,
    incidentId: row.incident_id,
    versionId: row.version_id,
    strange: row.strange === 1,
  };
}

/** Hosts and logs are few: at most this many are remembered, should they ever not be. */
const MOST_REMEMBERED = 1000;

function originsIn(connection: Connection): (host: string, path: string) => number {
  const insert = connection.prepare('INSERT INTO origins (host, path) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const find = connection.prepare<{ id: number }>('SELECT id FROM origins WHERE host = ? AND path = ?');
  const known = new Map<string, number>();
  connection.onRollback(() => {
    known.clear();
  });
  return (host, path) => {
    const key = `${path}\n${host}`;
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    insert.run(host, path);
    const { id } = find.get(host, path)!;
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(key, id);
    return id;
  };
}
