import type { Action } from '../../../models/action.ts';
import type { Scored } from './scores.ts';
import type { Shapes } from './shapes.ts';
import { ACTION, actionReader, row, SCORED_ACTION, scoredOf, scoredRow, type Row } from './action-rows.ts';
import { columns, number, orNull } from './columns.ts';
import type { MentionsKept } from './mentions.ts';
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
  /** The `most` actions of a subject before `id`, at most, newest first. Page by page, as `after`. */
  backwards(subjectId: number, id: number, most: number): Generator<StoredAction, void>;
  /** The `count` actions of a subject after `id` by log order, at most, oldest first. */
  next(subjectId: number, id: number, count: number): StoredAction[];
  /** The newest actions of a subject by log order, at most `count`, oldest first. */
  last(subjectId: number, count: number): StoredAction[];
  /** The newest actions by their own time, newest first, with their scores.
   *  @param before where the page before ended; undefined for the first page */
  timeline(subjectId: number, limit: number, before?: Page, part?: Part): TimelineEntry[];
  /** How many actions of a subject there are after `id`; no more than `most` are counted. */
  countAfter(subjectId: number, id: number, most: number): number;
  /** How many of a subject's actions models learn from, see `teaches`; no more than `most` are counted.
   *  @param unjudged queries that are never judged */
  teaching(subjectId: number, unjudged: readonly string[], most: number): number;
  /** The newest rows of a log that tell of a process by its number and its start, newest first. */
  ofProcesses(path: string, most: number): StoredAction[];
  /** Actions whose query is one of these or whose row holds the text, newest first by log order. */
  search(search: Search): Found;
  /** A subject's actions since a time, Unix seconds, whose windows were too strange to be learned yet stand in no incident. */
  hidden(subjectId: number, since: number): StoredAction[];
}

interface Page {
  readonly time: number;
  readonly id: number;
}

/** Not all of a subject's actions. */
interface Part {
  /** Unix seconds. */
  readonly from?: number | undefined;
  readonly queries?: readonly string[] | undefined;
}

export interface Search {
  /** Null: everybody's. */
  readonly subjectId: number | null;
  readonly text: string;
  readonly queries: readonly string[];
  readonly from: number;
  readonly to: number;
  /** Only actions before this id. */
  readonly before: number;
  readonly limit: number;
}

export interface Found {
  readonly rows: readonly TimelineEntry[];
  /** Where to go on; null: that was all. */
  readonly next: number | null;
}

const PAGE = 1000;
/** Older actions that are taken up into the index of values with each batch, of a database from before there was one. */
const OLDER_AT_ONCE = 500;
/** Actions that one search looks at, at most: new lines wait for it. */
const LOOKED_AT = 300_000;
/** Rows among which processes are looked for, at most, when reading goes on. */
const LOOKED_AT_FOR_PROCESSES = 200_000;
export function actionsIn(connection: Connection, shapes: Shapes, mentions: MentionsKept): Actions {
  const insert = connection.prepare(
    'INSERT INTO actions (subject_id, shape_id, origin_id, line, time, baseline, again, vals) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const count = connection.prepare(
    'UPDATE subjects SET stored = stored + ?2, first_seen = min(first_seen, ?3), last_seen = max(last_seen, ?4) WHERE id = ?1',
  );
  const byId = connection.read(row, `SELECT ${ACTION} WHERE a.id = ?`);
  const after = connection.read(row, `SELECT ${ACTION} WHERE a.subject_id = ? AND a.id > ? ORDER BY a.id LIMIT ?`);
  const before = connection.read(
    row,
    `SELECT ${ACTION} WHERE a.subject_id = ? AND a.id < ? ORDER BY a.id DESC LIMIT ?`,
  );
  const last = connection.read(row, `SELECT ${ACTION} WHERE a.subject_id = ? ORDER BY a.id DESC LIMIT ?`);
  const timeline = connection.read(
    scoredRow,
    `SELECT ${SCORED_ACTION}
     WHERE a.subject_id = :subject AND (a.time, a.id) < (:time, :id) AND a.time >= :from AND (:queries IS NULL
       OR a.shape_id IN (SELECT id FROM shapes WHERE query IN (SELECT value FROM json_each(:queries))))
     ORDER BY a.time DESC, a.id DESC LIMIT :limit`,
  );
  const search = connection.read(
    scoredRow,
    `SELECT ${SCORED_ACTION}
     WHERE a.id < :before AND a.id >= :least AND (:subject IS NULL OR a.subject_id = :subject)
       AND a.time >= :from AND a.time < :to
       AND (a.vals LIKE :text ESCAPE '!'
         OR a.shape_id IN (SELECT id FROM shapes WHERE query IN (SELECT value FROM json_each(:queries))))
     ORDER BY a.id DESC LIMIT :limit`,
  );
  const newest = connection.read(columns({ id: orNull(number) }), 'SELECT max(id) AS id FROM actions');
  const oldest = connection.read(columns({ id: orNull(number) }), 'SELECT min(id) AS id FROM actions');
  const hidden = connection.read(
    row,
    `SELECT ${ACTION} JOIN scores AS s INDEXED BY strange_scores ON s.action_id = a.id
     WHERE s.strange = 1 AND s.incident_id IS NULL AND a.subject_id = ? AND a.time >= ? ORDER BY a.id`,
  );
  const countAfter = connection.read(
    columns({ count: number }),
    `SELECT count(*) AS count FROM (SELECT 1 FROM actions INDEXED BY actions_of_subject
     WHERE subject_id = ? AND id > ? LIMIT ?)`,
  );
  const teaching = connection.read(
    columns({ count: number }),
    // By its shape, which the index holds: rows of a shape that never teaches, a machine's heartbeats, are not read.
    `SELECT count(*) AS count FROM (SELECT 1 FROM actions INDEXED BY actions_by_time
     WHERE subject_id = ? AND shape_id IN (SELECT id FROM shapes WHERE query NOT IN (SELECT value FROM json_each(?)))
       AND baseline = 0 AND again = 0 LIMIT ?)`,
  );
  const ofProcesses = connection.read(
    row,
    `SELECT ${ACTION} WHERE a.id > ? AND a.shape_id IN (SELECT id FROM shapes
       WHERE change <> 'removed' AND instr(names, '"pid"') > 0 AND instr(names, '"start_time"') > 0)
       AND a.origin_id IN (SELECT id FROM origins WHERE path = ?)
     ORDER BY a.id DESC LIMIT ?`,
  );
  const originOf = originsIn(connection);
  const actionOf = actionReader(shapes);

  return {
    append(actions) {
      connection.mustBeInTransaction();
      const subjects = new Map<number, { stored: number; first: number; last: number }>();
      const rows = actions.map(({ subjectId, action, host, path, line }) => {
        const { shape, values } = shapes.shape(action);
        const { time } = action;
        const seen = subjects.get(subjectId);
        if (seen === undefined) subjects.set(subjectId, { stored: 1, first: time, last: time });
        else {
          seen.stored += 1;
          seen.first = Math.min(seen.first, time);
          seen.last = Math.max(seen.last, time);
        }
        const [baseline, again] = [action.baseline === true ? 1 : 0, action.again === true ? 1 : 0];
        const origin = originOf(host, path);
        const { id } = insert.run(subjectId, shape, origin, line, time, baseline, again, values);
        return { id, subject_id: subjectId, shape_id: shape, origin_id: origin, vals: values, columns: action.columns };
      });
      mentions.add(rows);
      mentions.catchUp(OLDER_AT_ONCE);
      for (const [id, { stored, first, last }] of subjects) count.run(id, stored, first, last);
      return rows.map(({ id }) => id);
    },
    byId(id) {
      const row = byId.get(id);
      return row && actionOf(row);
    },
    *after(subjectId, id) {
      const page = (from: number): Row[] => after.all(subjectId, from, PAGE);
      for (let rows = page(id); rows.length > 0; rows = page(rows.at(-1)!.id)) {
        for (const row of rows) yield actionOf(row);
      }
    },
    *backwards(subjectId, id, most) {
      for (let left = most, from = id; left > 0; left -= PAGE) {
        const rows = before.all(subjectId, from, Math.min(left, PAGE));
        for (const row of rows) yield actionOf(row);
        if (rows.length < PAGE) return;
        from = rows.at(-1)!.id;
      }
    },
    before: (subjectId, id, most) => before.all(subjectId, id, most).reverse().map(actionOf),
    next: (subjectId, id, most) => after.all(subjectId, id, most).map(actionOf),
    last: (subjectId, most) => last.all(subjectId, most).reverse().map(actionOf),
    countAfter: (subjectId, id, most) => countAfter.get(subjectId, id, most)!.count,
    teaching: (subjectId, unjudged, most) => teaching.get(subjectId, JSON.stringify(unjudged), most)!.count,
    ofProcesses: (path, most) =>
      ofProcesses.all((newest.get()!.id ?? 0) - LOOKED_AT_FOR_PROCESSES, path, most).map(actionOf),
    search({ subjectId, text, queries, from, to, before, limit }) {
      const top = Math.min(before, (newest.get()!.id ?? 0) + 1);
      const least = Math.max(top - LOOKED_AT, oldest.get()!.id ?? 0);
      const like = `%${JSON.stringify(text).slice(1, -1).replace(/[%_!]/g, '!$&')}%`;
      const bounds = { before: top, least, subject: subjectId, from, to, limit };
      const rows = search.all({ ...bounds, text: like, queries: JSON.stringify(queries) });
      const full = rows.length === limit ? rows.at(-1)!.id : least;
      const next = full > (oldest.get()!.id ?? 0) ? full : null;
      return { rows: rows.map((row) => ({ ...actionOf(row), scored: scoredOf(row) })), next };
    },
    hidden: (subjectId, since) => hidden.all(subjectId, since).map(actionOf),
    timeline(subjectId, limit, before = { time: Infinity, id: Infinity }, { from = -Infinity, queries } = {}) {
      const part = { from, queries: queries === undefined ? null : JSON.stringify(queries) };
      const rows = timeline.all({ subject: subjectId, time: before.time, id: before.id, limit, ...part });
      return rows.map((row) => ({ ...actionOf(row), scored: scoredOf(row) }));
    },
  };
}

/** Hosts and logs are few: at most this many are remembered, should they ever not be. */
const MOST_REMEMBERED = 1000;

function originsIn(connection: Connection): (host: string, path: string) => number {
  const insert = connection.prepare('INSERT INTO origins (host, path) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const find = connection.read(columns({ id: number }), 'SELECT id FROM origins WHERE host = ? AND path = ?');
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
