import { columns, flag, number, orNull, type RowOf } from './columns.ts';
import type { Connection } from './sql.ts';

/** The judgement of one action. Higher is stranger. */
export interface Scored {
  readonly actionId: number;
  /** The action alone; z after fusion. */
  readonly score: number;
  /** The recent window that ends with the action; z after fusion. */
  readonly window: number;
  /** Each detector's own; null where it did not judge. */
  readonly lstm: number | null;
  readonly ocsvm: number | null;
  readonly incidentId: number | null;
  /** Too strange to be learned unless a person says that it was normal, whatever rules hide. */
  readonly anomalous: boolean;
  /** The model version that judged. */
  readonly versionId: number | null;
}

export interface Scores {
  /** Only in a transaction.
   *  @throws RangeError for a score that is no finite number: a detector's bug must not look like "not judged" */
  add(scored: Scored): void;
  of(actionId: number): Scored | undefined;
  /** The anomalous actions of a subject, and the incident that each belongs to, if any. */
  anomalousOf(subjectId: number): ReadonlyMap<number, number | null>;
  /** Puts actions that were judged already under an incident that opened later. Only in a transaction. */
  assign(incidentId: number, actionIds: readonly number[]): void;
  /** In log order; what retention took away is missing. */
  ofIncident(incidentId: number): Scored[];
  /** How many windows of a subject since a time, Unix seconds, have a z of k/10 to (k+1)/10, by k; without those of
   *  incidents that nobody called normal. */
  histogram(subjectId: number, since: number): Map<number, number>;
  /** The strangest windows of a subject since a time, Unix seconds, that no incident holds and that are not the end of something. */
  mostAnomalous(
    subjectId: number,
    since: number,
    most: number,
  ): { readonly action: number; readonly time: number; readonly z: number }[];
  /** The windows' z and times of a subject since a time, in log order. Page by page, as `Actions.after`. */
  windows(subjectId: number, since: number): Generator<JudgedRow, void>;
}

/** A window that was judged. */
interface JudgedRow {
  readonly z: number;
  readonly time: number;
  /** Whether its last action is the end of something. */
  readonly ends: boolean;
}

const PAGE = 5000;

const row = columns({
  action_id: number,
  score: number,
  window_score: number,
  lstm: orNull(number),
  ocsvm: orNull(number),
  incident_id: orNull(number),
  version_id: orNull(number),
  strange: flag,
});
type Row = RowOf<typeof row>;

export function scoresIn(connection: Connection): Scores {
  const insert = connection.prepare(
    `INSERT INTO scores (action_id, score, window_score, lstm, ocsvm, incident_id, version_id, strange)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const byAction = connection.read(row, 'SELECT * FROM scores WHERE action_id = ?');
  const anomalous = connection.read(
    columns({ action: number, incident: orNull(number) }),
    `SELECT s.action_id AS action, s.incident_id AS incident
     FROM scores AS s INDEXED BY strange_scores CROSS JOIN actions AS a ON a.id = s.action_id
     WHERE s.strange = 1 AND a.subject_id = ?`,
  );
  const assign = connection.prepare('UPDATE scores SET incident_id = ? WHERE action_id = ?');
  const byIncident = connection.read(row, 'SELECT * FROM scores WHERE incident_id = ? ORDER BY action_id');
  const histogram = connection.read(
    columns({ tenths: number, count: number }),
    `SELECT CAST(floor(s.window_score * 10) AS INTEGER) AS tenths, count(*) AS count
     FROM actions AS a INDEXED BY actions_by_time JOIN scores AS s ON s.action_id = a.id
     LEFT JOIN incidents AS i ON i.id = s.incident_id
     WHERE a.subject_id = ? AND a.time >= ? AND (i.id IS NULL OR i.verdict = 'normal') GROUP BY tenths`,
  );
  const mostAnomalous = connection.read(
    columns({ action: number, time: number, z: number }),
    `SELECT a.id AS action, a.time AS time, s.window_score AS z
     FROM actions AS a INDEXED BY actions_by_time JOIN scores AS s ON s.action_id = a.id JOIN shapes AS sh ON sh.id = a.shape_id
     WHERE a.subject_id = ? AND a.time >= ? AND s.incident_id IS NULL AND sh.change <> 'removed'
     ORDER BY s.window_score DESC, a.id LIMIT ?`,
  );
  const windows = connection.read(
    columns({ id: number, z: number, time: number, ended: flag }),
    `SELECT a.id AS id, s.window_score AS z, a.time AS time, sh.change = 'removed' AS ended
     FROM actions AS a JOIN scores AS s ON s.action_id = a.id JOIN shapes AS sh ON sh.id = a.shape_id
     WHERE a.subject_id = ? AND a.id > ? AND a.time >= ? ORDER BY a.id LIMIT ${PAGE}`,
  );

  return {
    add({ actionId, score, window, lstm, ocsvm, incidentId, anomalous, versionId }) {
      connection.mustBeInTransaction();
      for (const value of [score, window, lstm, ocsvm]) {
        if (value !== null && !Number.isFinite(value))
          throw new RangeError(`A score of action ${actionId} is ${value}.`);
      }
      insert.run(actionId, score, window, lstm, ocsvm, incidentId, versionId, anomalous ? 1 : 0);
    },
    of(actionId) {
      const row = byAction.get(actionId);
      return row && scoredOf(row);
    },
    anomalousOf: (subjectId) => new Map(anomalous.all(subjectId).map(({ action, incident }) => [action, incident])),
    assign(incidentId, actionIds) {
      connection.mustBeInTransaction();
      for (const id of actionIds) assign.run(incidentId, id);
    },
    histogram: (subjectId, since) =>
      new Map(histogram.all(subjectId, since).map(({ tenths, count }) => [tenths, count])),
    mostAnomalous: (subjectId, since, most) => mostAnomalous.all(subjectId, since, most).map((row) => ({ ...row })),
    *windows(subjectId, since) {
      for (
        let page = windows.all(subjectId, 0, since);
        page.length > 0;
        page = windows.all(subjectId, page.at(-1)!.id, since)
      )
        for (const { z, time, ended } of page) yield { z, time, ends: ended === 1 };
    },
    ofIncident: (incidentId) => byIncident.all(incidentId).map(scoredOf),
  };
}

function scoredOf(row: Row): Scored {
  return {
    actionId: row.action_id,
    score: row.score,
    window: row.window_score,
    lstm: row.lstm,
    ocsvm: row.ocsvm,
    incidentId: row.incident_id,
    versionId: row.version_id,
    anomalous: row.strange === 1,
  };
}
