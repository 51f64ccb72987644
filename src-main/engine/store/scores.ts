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
  /** The model version that judged. */
  readonly versionId: number | null;
}

export interface Scores {
  /** Only in a transaction.
   *  @throws RangeError for a score that is no finite number: a detector's bug must not look like "not judged" */
  add(scored: Scored): void;
  of(actionId: number): Scored | undefined;
  /** Puts actions that were judged already under an incident that opened later. Only in a transaction. */
  assign(incidentId: number, actionIds: readonly number[]): void;
  /** In log order; what retention took away is missing. */
  ofIncident(incidentId: number): Scored[];
}

interface Row {
  action_id: number;
  score: number;
  window_score: number;
  lstm: number | null;
  ocsvm: number | null;
  incident_id: number | null;
  version_id: number | null;
}

export function scoresIn(connection: Connection): Scores {
  const insert = connection.prepare('INSERT INTO scores VALUES (?, ?, ?, ?, ?, ?, ?)');
  const byAction = connection.prepare<Row>('SELECT * FROM scores WHERE action_id = ?');
  const assign = connection.prepare('UPDATE scores SET incident_id = ? WHERE action_id = ?');
  const byIncident = connection.prepare<Row>('SELECT * FROM scores WHERE incident_id = ? ORDER BY action_id');

  return {
    add({ actionId, score, window, lstm, ocsvm, incidentId, versionId }) {
      connection.mustBeInTransaction();
      for (const value of [score, window, lstm, ocsvm]) {
        if (value !== null && !Number.isFinite(value))
          throw new RangeError(`A score of action ${actionId} is ${value}.`);
      }
      insert.run(actionId, score, window, lstm, ocsvm, incidentId, versionId);
    },
    of(actionId) {
      const row = byAction.get(actionId);
      return row && scoredOf(row);
    },
    assign(incidentId, actionIds) {
      connection.mustBeInTransaction();
      for (const id of actionIds) assign.run(incidentId, id);
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
  };
}
