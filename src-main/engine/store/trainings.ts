import { columns, number, orNull, text, type RowOf } from './columns.ts';
import type { Connection } from './sql.ts';

/** A training that was begun and whose model is not in use yet, or a pause before one is tried again. */
export interface BegunTraining {
  readonly subjectId: number;
  /** Unix seconds. */
  readonly begunAt: number;
  /** The subject's newest action then. */
  readonly begunAfter: number;
  /** How many actions that count it learns from; 0: it is a pause. */
  readonly counted: number;
  /** The last action that it learns from. */
  readonly afterAction: number;
  /** Ids of actions before that one which it does not learn from; undefined: something was said since, they are to be found again. */
  readonly leftOut: readonly number[] | undefined;
}

/** What is trained beside the batches. Empty where batches wait for trainings. Writes only in a transaction. */
export interface Trainings {
  of(subjectId: number): BegunTraining | undefined;
  /** Whether there is one, not only a pause. */
  isBegun(subjectId: number): boolean;
  /** Of whom there is one, not only a pause: subjects' ids, in the order in which they were begun. */
  begun(): number[];
  /** Of whom one was begun at or before a time, Unix seconds, or is to be found again: subjects' ids. */
  toLookAt(begunBy: number): number[];
  put(training: BegunTraining): void;
  remove(subjectId: number): void;
}

const row = columns({
  subject_id: number,
  begun_at: number,
  begun_after: number,
  counted: number,
  after_action: number,
  left_out: orNull(text),
});

const isIds = (value: unknown): value is number[] => Array.isArray(value) && value.every(Number.isSafeInteger);

export function trainingsIn(connection: Connection): Trainings {
  const of = connection.read(row, 'SELECT * FROM trainings WHERE subject_id = ?');
  const ids = columns({ id: number });
  const begun = connection.read(
    ids,
    'SELECT subject_id AS id FROM trainings WHERE counted > 0 ORDER BY begun_after, subject_id',
  );
  const toLookAt = connection.read(
    ids,
    'SELECT subject_id AS id FROM trainings WHERE begun_at <= ? OR left_out IS NULL ORDER BY subject_id',
  );
  const put = connection.prepare(
    `INSERT OR REPLACE INTO trainings (subject_id, begun_at, begun_after, counted, after_action, left_out)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const remove = connection.prepare('DELETE FROM trainings WHERE subject_id = ?');

  const trainingOf = ({ left_out: leftOut, ...known }: RowOf<typeof row>): BegunTraining => ({
    subjectId: known.subject_id,
    begunAt: known.begun_at,
    begunAfter: known.begun_after,
    counted: known.counted,
    afterAction: known.after_action,
    leftOut: leftOut === null ? undefined : connection.jsonOf(leftOut, isIds, 'what a training leaves out'),
  });

  return {
    of(subjectId) {
      const found = of.get(subjectId);
      return found && trainingOf(found);
    },
    isBegun: (subjectId) => (of.get(subjectId)?.counted ?? 0) > 0,
    begun: () => begun.all().map(({ id }) => id),
    toLookAt: (begunBy) => toLookAt.all(begunBy).map(({ id }) => id),
    put({ subjectId, begunAt, begunAfter, counted, afterAction, leftOut }) {
      connection.mustBeInTransaction();
      put.run(subjectId, begunAt, begunAfter, counted, afterAction, leftOut ? JSON.stringify(leftOut) : null);
    },
    remove(subjectId) {
      connection.mustBeInTransaction();
      remove.run(subjectId);
    },
  };
}
