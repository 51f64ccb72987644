import type { Action } from '../../../models/action.ts';
import type { Sought } from '../../contract/find.ts';
import { asMentioned, mentionedIn } from '../../contract/mentioned.ts';
import { columns, number, text } from './columns.ts';
import { keysOfValues } from './mention-keys.ts';
import type { Shapes } from './shapes.ts';
import type { Connection } from './sql.ts';

/** The actions of one subject on one host that have it, by log order. */
export interface MentionCount {
  readonly subjectId: number;
  readonly host: string;
  readonly originId: number;
  readonly count: number;
  readonly firstAction: number;
  readonly lastAction: number;
}

/** Finds actions by what they name, without a look at any other row. */
export interface Mentions {
  /** By subject and origin, in no order. */
  counts(sought: Sought): MentionCount[];
  /** Ids of the newest actions of some of these counts before an id, newest first. */
  newest(sought: Sought, counts: readonly MentionCount[], before: number, limit: number): number[];
  /** Ids of the newest incidents in whose stretch one of these counts' actions lies, newest first. */
  incidents(sought: Sought, counts: readonly MentionCount[], limit: number): number[];
  /** Whether a row has the value: keys may be shared. */
  has(sought: Sought, row: Readonly<Record<string, string>>): boolean;
  /** Actions before this id are not looked at yet; 0: all are. */
  from(): number;
}

/** What keeps it true. Only in a transaction. */
export interface MentionsKept {
  add(rows: readonly MentionedRow[]): void;
  /** To be called with what was deleted. */
  remove(deleted: readonly MentionedRow[]): void;
  removeSubject(id: number): void;
  /** Takes up the next older actions of a database from before there was this. */
  catchUp(limit: number): void;
}

export const mentionedRow = columns({
  id: number,
  subject_id: number,
  shape_id: number,
  origin_id: number,
  vals: text,
});
/** What a DELETE of actions has to give back for `remove`. */
export const MENTIONED_ROW = 'id, subject_id, shape_id, origin_id, vals';
export type MentionedRow = Readonly<Record<'id' | 'subject_id' | 'shape_id' | 'origin_id', number>> & {
  readonly vals: string;
  /** What `vals` says, where that is known already. */
  readonly columns?: Action['columns'];
};

type Mention = [key: number, subject: number, origin: number, action: number];

/** @param isKept otherwise nothing is taken up, and all is once somebody opens the store who keeps it */
export function keepMentions(connection: Connection, shapes: Shapes, isKept: boolean): MentionsKept {
  const insert = connection.prepare('INSERT OR IGNORE INTO mentions VALUES (?, ?, ?, ?)');
  const remove = connection.prepare(
    'DELETE FROM mentions WHERE key = ? AND subject_id = ? AND origin_id = ? AND action_id = ?',
  );
  const removeSubject = connection.prepare('DELETE FROM mentions WHERE subject_id = ?');
  const from = fromIn(connection);
  const setFrom = connection.prepare('UPDATE store_state SET mentions_from = ?');
  const older = connection.read(
    mentionedRow,
    `SELECT ${MENTIONED_ROW} FROM actions WHERE id < ? ORDER BY id DESC LIMIT ?`,
  );
  const keyOf = keysOfValues();

  /** The rows of the index, in its order: one after the other they touch few of its pages. */
  function mentionsOf(rows: readonly MentionedRow[]): Mention[] {
    const all = rows.flatMap(({ id, subject_id, shape_id, origin_id, vals, columns }) =>
      [...mentionedIn(columns ?? shapes.unshape({ shape: shape_id, values: vals }).columns)].map((value): Mention => [
        keyOf(value),
        subject_id,
        origin_id,
        id,
      ]),
    );
    return all.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
  }

  function add(rows: readonly MentionedRow[]): void {
    for (const mention of mentionsOf(rows)) insert.run(...mention);
  }
  return {
    add(rows) {
      if (isKept) add(rows);
      else if (rows.length > 0) setFrom.run(rows.at(-1)!.id + 1);
    },
    remove(deleted) {
      connection.mustBeInTransaction();
      for (const mention of mentionsOf(deleted)) remove.run(...mention);
    },
    removeSubject(id) {
      connection.mustBeInTransaction();
      removeSubject.run(id);
    },
    catchUp(limit) {
      const end = from();
      if (end === 0 || !isKept) return;
      connection.mustBeInTransaction();
      const rows = older.all(end, limit);
      add(rows);
      setFrom.run(rows.length < limit ? 0 : rows.at(-1)!.id);
    },
  };
}

const groupRow = columns({
  subject_id: number,
  origin_id: number,
  host: text,
  count: number,
  first: number,
  last: number,
});
const GROUP = 'count(*) AS count, min(m.action_id) AS first, max(m.action_id) AS last';

export function mentionsIn(connection: Connection): Mentions {
  const ofValue = connection.read(
    groupRow,
    `SELECT g.*, o.host FROM (SELECT m.subject_id, m.origin_id, ${GROUP} FROM mentions AS m
       WHERE m.key = ? GROUP BY m.subject_id, m.origin_id) AS g JOIN origins AS o ON o.id = g.origin_id`,
  );
  // Through the origins, of which there are few: the index begins with them.
  const ofAll = connection.read(
    groupRow,
    `SELECT g.*, o.host FROM origins AS o JOIN (SELECT a.subject_id, a.origin_id, count(*) AS count,
       min(a.id) AS first, max(a.id) AS last FROM actions AS a INDEXED BY actions_of_origin
       WHERE (:host IS NULL OR a.origin_id IN (SELECT id FROM origins WHERE host = :host))
         AND (:subject IS NULL OR a.subject_id = (SELECT id FROM subjects WHERE name = :subject))
       GROUP BY a.origin_id, a.subject_id) AS g ON g.origin_id = o.id`,
  );
  const id = columns({ id: number });
  const newestOfValue = connection.read(
    id,
    `SELECT action_id AS id FROM mentions WHERE key = ? AND subject_id = ? AND origin_id = ? AND action_id < ?
     ORDER BY action_id DESC LIMIT ?`,
  );
  const newestOfAll = connection.read(
    id,
    `SELECT id FROM actions INDEXED BY actions_of_origin WHERE origin_id = ? AND subject_id = ? AND id < ?
     ORDER BY id DESC LIMIT ?`,
  );
  const incidentsOfValue = connection.read(
    id,
    `SELECT i.id FROM incidents AS i WHERE i.subject_id = :subject AND EXISTS (SELECT 1 FROM mentions AS m
       WHERE m.key = :key AND m.subject_id = :subject AND m.origin_id = :origin
         AND m.action_id BETWEEN i.first_action AND i.last_action) ORDER BY i.id DESC LIMIT :limit`,
  );
  const incidentsOfAll = connection.read(
    id,
    `SELECT i.id FROM incidents AS i WHERE i.subject_id = :subject AND EXISTS (SELECT 1
       FROM actions AS a INDEXED BY actions_of_origin WHERE a.origin_id = :origin AND a.subject_id = :subject
         AND a.id BETWEEN i.first_action AND i.last_action) ORDER BY i.id DESC LIMIT :limit`,
  );
  const from = fromIn(connection);
  const keyOf = keysOfValues();
  const keyOfSought = ({ value }: Sought): number => keyOf(asMentioned(value));

  return {
    counts(sought) {
      const { as, value } = sought;
      const rows =
        as === 'value'
          ? ofValue.all(keyOfSought(sought))
          : ofAll.all({ host: as === 'host' ? value : null, subject: as === 'user' ? value : null });
      return rows.map((row) => ({
        subjectId: row.subject_id,
        originId: row.origin_id,
        host: row.host,
        count: row.count,
        firstAction: row.first,
        lastAction: row.last,
      }));
    },
    newest(sought, counts, before, limit) {
      const found = counts.flatMap(({ subjectId, originId }) =>
        sought.as === 'value'
          ? newestOfValue.all(keyOfSought(sought), subjectId, originId, before, limit)
          : newestOfAll.all(originId, subjectId, before, limit),
      );
      return newestFirst(found, limit);
    },
    incidents(sought, counts, limit) {
      const found = counts.flatMap(({ subjectId: subject, originId: origin }) =>
        sought.as === 'value'
          ? incidentsOfValue.all({ key: keyOfSought(sought), subject, origin, limit })
          : incidentsOfAll.all({ subject, origin, limit }),
      );
      return newestFirst(found, limit);
    },
    has: ({ as, value }, row) => as !== 'value' || mentionedIn(row).has(asMentioned(value)),
    from,
  };
}

const newestFirst = (rows: readonly { readonly id: number }[], limit: number): number[] =>
  [...new Set(rows.map(({ id }) => id))].sort((a, b) => b - a).slice(0, limit);

function fromIn(connection: Connection): () => number {
  const row = connection.read(columns({ mentions_from: number }), 'SELECT mentions_from FROM store_state');
  return () => row.get()?.mentions_from ?? 0;
}
