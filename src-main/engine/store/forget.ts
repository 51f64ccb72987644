import { columns, flag, number, orNull, text } from './columns.ts';
import { MENTIONED_ROW, mentionedRow, type MentionsKept } from './mentions.ts';
import type { Connection } from './sql.ts';

export interface Forgotten {
  readonly actions: number;
  readonly incidents: number;
  readonly versions: number;
}

/**
 * Deletes what a person wants to be gone, and what came of it. Only in a transaction; call `overwrite` around it. The
 * files of models are not here: see versions.ts.
 */
export interface Forget {
  /** All of a subject's, the subject itself, and its name wherever a log told it. */
  subject(id: number): Forgotten;
  /** A subject's actions since a time, Unix seconds, their incidents, what was said of those, and the models that learned
   *  from them; the user where nothing is left. */
  since(id: number, time: number): Forgotten;
  /** Lines that were not understood since a time: they may hold anything. */
  refusedSince(time: number): void;
}

/** What is deleted is in memory for a moment. */
const ROWS_AT_ONCE = 10_000;
const nothing: Forgotten = { actions: 0, incidents: 0, versions: 0 };

export function forgetIn(connection: Connection, mentions: MentionsKept): Forget {
  const run = (sql: string) => connection.prepare(sql);
  const firstSince = connection.read(
    columns({ id: orNull(number) }),
    'SELECT min(id) AS id FROM actions INDEXED BY actions_by_time WHERE subject_id = ? AND time >= ?',
  );
  const deleteAll = run('DELETE FROM actions WHERE subject_id = ?');
  const deleteActions = connection.read(
    mentionedRow,
    `DELETE FROM actions WHERE id IN (SELECT id FROM actions WHERE subject_id = ? AND time >= ? LIMIT ${ROWS_AT_ONCE})
     RETURNING ${MENTIONED_ROW}`,
  );
  const freeScores = run(
    'UPDATE scores SET incident_id = NULL WHERE incident_id IN (SELECT id FROM incidents WHERE subject_id = ? AND last_time >= ?)',
  );
  const deleteFeedback = run(
    'DELETE FROM feedback WHERE incident_id IN (SELECT id FROM incidents WHERE subject_id = ? AND last_time >= ?)',
  );
  const deleteIncidents = run('DELETE FROM incidents WHERE subject_id = ? AND last_time >= ?');
  // Scores go on naming the model that gave them.
  const removeVersions = run(
    'UPDATE versions SET active = 0, removed = 1 WHERE subject_id = ? AND after_action >= ? AND removed = 0',
  );
  const useNewest = run(
    `UPDATE versions SET active = 1 WHERE id IN (SELECT max(v.id) FROM versions AS v WHERE v.subject_id = ? AND v.removed = 0
       AND NOT EXISTS (SELECT 1 FROM versions AS a WHERE a.subject_id = v.subject_id AND a.algorithm = v.algorithm AND a.active = 1)
     GROUP BY v.algorithm)`,
  );
  const discount = run(
    `UPDATE subjects SET stored = stored - ?2,
       last_seen = coalesce((SELECT max(time) FROM actions WHERE subject_id = ?1), first_seen) WHERE id = ?1`,
  );
  const left = connection.read(
    columns({ left: flag }),
    'SELECT EXISTS (SELECT 1 FROM actions WHERE subject_id = ?) AS left',
  );
  const forgetAll = ['feedback', 'versions', 'outbox'].map((table) => run(`DELETE FROM ${table} WHERE subject_id = ?`));
  const endCanary = run('DELETE FROM canaries WHERE subject_id = ?');
  // What it was to learn is partly gone.
  const endTraining = run('DELETE FROM trainings WHERE subject_id = ?');
  // What is known of anybody that names them, or was learned then, is learned again from what is stored.
  const forgetFacts = run('DELETE FROM known_facts WHERE subject_id = ?');
  const forgetFactsNaming = run('DELETE FROM known_facts WHERE instr(memory, ?) > 0');
  const nameOf = connection.read(columns({ name: text }), 'SELECT name FROM subjects WHERE id = ?');
  // As `Who` makes subjects of names: cut, with a mark before what would look like another kind of subject, and with the host.
  const forgetNames = run(
    `DELETE FROM uid_names WHERE ?1 IN (substr(name, 1, 256), substr('user:' || name, 1, 256),
       substr(name || '@' || host, 1, 256), substr('user:' || name || '@' || host, 1, 256))`,
  );
  const forgetLinesNaming = run('DELETE FROM refusals WHERE instr(detail, ?) > 0');
  const forgetSubject = run('DELETE FROM subjects WHERE id = ?');
  const forgetRefusals = run('DELETE FROM refusals WHERE at >= ?');
  const versions = connection.read(
    columns({ count: number }),
    'SELECT count(*) AS count FROM versions WHERE subject_id = ? AND removed = 0',
  );

  function actionsAndIncidents(id: number, time: number): Pick<Forgotten, 'actions' | 'incidents'> {
    freeScores.run(id, time);
    deleteFeedback.run(id, time);
    const actions = time === -Infinity ? allActions(id) : actionsSince(id, time);
    return { actions, incidents: deleteIncidents.run(id, time).changes };
  }

  function allActions(id: number): number {
    mentions.removeSubject(id);
    return deleteAll.run(id).changes;
  }

  function actionsSince(id: number, time: number): number {
    for (let count = 0; ;) {
      const deleted = deleteActions.all(id, time);
      mentions.remove(deleted);
      count += deleted.length;
      if (deleted.length < ROWS_AT_ONCE) return count;
    }
  }

  function subject(id: number): Forgotten {
    connection.mustBeInTransaction();
    const forgotten = { ...actionsAndIncidents(id, -Infinity), versions: versions.get(id)!.count };
    for (const each of forgetAll) each.run(id);
    const name = nameOf.get(id)?.name;
    if (name !== undefined) {
      forgetNames.run(name);
      const called = name.replace(/^user:/, '');
      forgetLinesNaming.run(called);
      forgetFactsNaming.run(called);
    }
    forgetSubject.run(id);
    connection.forget();
    return forgotten;
  }

  return {
    subject,
    since(id, time) {
      connection.mustBeInTransaction();
      const first = firstSince.get(id, time)?.id ?? null;
      if (first === null) return nothing;
      const gone = actionsAndIncidents(id, time);
      if (left.get(id)!.left === 0) {
        const { versions: all } = subject(id);
        return { ...gone, versions: all };
      }
      discount.run(id, gone.actions);
      endCanary.run(id);
      endTraining.run(id);
      forgetFacts.run(id);
      const removed = removeVersions.run(id, first).changes;
      useNewest.run(id);
      return { ...gone, versions: removed };
    },
    refusedSince(time) {
      connection.mustBeInTransaction();
      forgetRefusals.run(time);
    },
  };
}
