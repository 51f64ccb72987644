import { isScope, type Scope } from '../feedback/scope.ts';
import type { Verdict } from './incidents.ts';
import { columns, number, oneOf, orNull, text, type RowOf } from './columns.ts';
import type { Connection } from './sql.ts';

/** What a person said about a subject's behaviour. */
export interface NewFeedback {
  /** Unix seconds. */
  readonly at: number;
  readonly subjectId: number;
  readonly incidentId: number | null;
  readonly verdict: Verdict;
  /** What it applies to; null: to the incident alone. */
  readonly scope: Scope | null;
  /** Unix seconds from which on it no longer counts; null: for good. */
  readonly expires: number | null;
}

export interface Feedback extends NewFeedback {
  readonly id: number;
  /** Unix seconds; null while it stands. */
  readonly undoneAt: number | null;
}

export interface FeedbackLog {
  /** Only in a transaction. */
  add(feedback: NewFeedback): number;
  /** Only in a transaction. @returns whether it stood until now */
  undo(id: number, at: number): boolean;
  byId(id: number): Feedback | undefined;
  /** What counts at `now` for a subject: neither undone nor expired. Oldest first. */
  standing(subjectId: number, now: number): Feedback[];
  /** Everything ever said about a subject, undone or not. Oldest first. */
  list(subjectId: number): Feedback[];
  /** Another number whenever anything was said or taken back, by any process. */
  revision(): number;
}

const row = columns({
  id: number,
  at: number,
  subject_id: number,
  incident_id: orNull(number),
  verdict: oneOf('normal', 'suspicious'),
  scope: text,
  expires: orNull(number),
  undone_at: orNull(number),
});
type Row = RowOf<typeof row>;

const scopeOrNull = (value: unknown): value is Scope | null => value === null || isScope(value);

export function feedbackIn(connection: Connection): FeedbackLog {
  const insert = connection.prepare(
    'INSERT INTO feedback (at, subject_id, incident_id, verdict, scope, expires) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const undo = connection.prepare('UPDATE feedback SET undone_at = ? WHERE id = ? AND undone_at IS NULL');
  // What is learned depends on it.
  const findAgain = connection.prepare('UPDATE trainings SET left_out = NULL WHERE subject_id = ?');
  const byId = connection.read(row, 'SELECT * FROM feedback WHERE id = ?');
  const standing = connection.read(
    row,
    'SELECT * FROM feedback WHERE subject_id = ? AND undone_at IS NULL AND (expires IS NULL OR expires > ?) ORDER BY id',
  );
  const all = connection.read(row, 'SELECT * FROM feedback WHERE subject_id = ? ORDER BY id');
  const revision = connection.read(
    columns({ revision: number }),
    'SELECT count(*) + count(undone_at) AS revision FROM feedback',
  );

  return {
    add({ at, subjectId, incidentId, verdict, scope, expires }) {
      connection.mustBeInTransaction();
      findAgain.run(subjectId);
      return insert.run(at, subjectId, incidentId, verdict, JSON.stringify(scope), expires).id;
    },
    undo(id, at) {
      connection.mustBeInTransaction();
      const isUndone = undo.run(at, id).changes === 1;
      if (isUndone) findAgain.run(byId.get(id)!.subject_id);
      return isUndone;
    },
    byId(id) {
      const row = byId.get(id);
      return row && feedbackOf(row, connection);
    },
    standing: (subjectId, now) => standing.all(subjectId, now).map((row) => feedbackOf(row, connection)),
    list: (subjectId) => all.all(subjectId).map((row) => feedbackOf(row, connection)),
    revision: () => revision.get()!.revision,
  };
}

function feedbackOf(row: Row, connection: Connection): Feedback {
  return {
    id: row.id,
    at: row.at,
    subjectId: row.subject_id,
    incidentId: row.incident_id,
    verdict: row.verdict,
    scope: connection.jsonOf(row.scope, scopeOrNull, 'an answer to an alert'),
    expires: row.expires,
    undoneAt: row.undone_at,
  };
}
