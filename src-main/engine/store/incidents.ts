import { columns, flag, number, oneOf, orNull, text, type RowOf } from './columns.ts';
import type { Connection } from './sql.ts';

export type Verdict = 'normal' | 'suspicious';

/** How far an incident has come: all that changes while it is open. Times are Unix seconds of the actions. */
export interface IncidentProgress {
  readonly lastAction: number;
  readonly lastTime: number;
  /** The strangest window's z. */
  readonly peak: number;
  readonly band: string;
  /** How many windows or actions it holds: the judge's own count. */
  readonly count: number;
  /** Any JSON. */
  readonly explanation: unknown;
}

export interface NewIncident extends IncidentProgress {
  readonly subjectId: number;
  readonly openedAt: number;
  readonly firstAction: number;
  readonly firstTime: number;
}

export interface Incident extends NewIncident {
  readonly id: number;
  readonly state: 'open' | 'closed';
  readonly closedAt: number | null;
  readonly verdict: Verdict | null;
  /** A person has looked at it, or said something of it, since it became as bad as it is. */
  readonly seen: boolean;
}

export interface IncidentFilter {
  readonly subjectId?: number;
  readonly state?: Incident['state'];
  /** Only those that go on or that nobody has answered. */
  readonly current?: boolean;
  /** Only those that a person has said something of, or only the others. */
  readonly answered?: boolean;
  readonly band?: string;
  /** Unix seconds: incidents whose last action is not older. */
  readonly since?: number;
  /** Unix seconds: incidents whose first action is older. */
  readonly before?: number;
  /** For the next page: the id of the last incident of the page before. */
  readonly beforeId?: number;
  /** Default 100. */
  readonly limit?: number;
}

export type UnwatchedIncident = Pick<Incident, 'id' | 'subjectId' | 'peak' | 'lastTime'>;

/** Writes only in a transaction; those on one incident throw when there is none of that id. */
export interface Incidents {
  open(incident: NewIncident): number;
  extend(id: number, progress: IncidentProgress): void;
  /** @param at Unix seconds */
  close(id: number, at: number): void;
  /** @param verdict null takes it back; either way a person has looked at it */
  mark(id: number, verdict: Verdict | null): void;
  /** A person has looked at it. */
  look(id: number): void;
  byId(id: number): Incident | undefined;
  countOpen(subjectId: number): number;
  /** Those that nobody has looked at, be they over or not. */
  countNew(subjectId: number): number;
  /** Those that nobody has answered, be they over or not. */
  countWaiting(subjectId: number): number;
  /** Of incidents of a subject whose first action is not older than this, Unix seconds. */
  countSince(subjectId: number, since: number): number;
  /** Those of a subject that nobody called normal: what lies in them is no habit. */
  unexplained(subjectId: number): Pick<Incident, 'firstAction' | 'lastAction'>[];
  /** How many of a subject's were called what. */
  verdicts(subjectId: number): { readonly normal: number; readonly suspicious: number; readonly unsaid: number };
  /**
   * Open ones of subjects of whom no model is in use, newest first.
   * @param until Unix seconds: their last action is not newer @param most how many at once
   */
  unwatched(until: number, most: number): UnwatchedIncident[];
  /** Newest first. */
  list(filter?: IncidentFilter): Incident[];
}

const row = columns({
  id: number,
  subject_id: number,
  opened_at: number,
  closed_at: orNull(number),
  first_action: number,
  last_action: number,
  first_time: number,
  last_time: number,
  peak: number,
  band: text,
  count: number,
  state: oneOf('open', 'closed'),
  verdict: orNull(oneOf('normal', 'suspicious')),
  explanation: text,
  seen: flag,
});
type Row = RowOf<typeof row>;

export function incidentsIn(connection: Connection): Incidents {
  const insert = connection.prepare(
    `INSERT INTO incidents (subject_id, opened_at, first_action, last_action, first_time, last_time, peak, band, count, state, explanation)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)`,
  );
  const extend = connection.prepare(
    `UPDATE incidents SET last_action = ?, last_time = ?, peak = ?, seen = CASE WHEN band = ? THEN seen ELSE 0 END, band = ?, count = ?, explanation = ?
     WHERE id = ?`,
  );
  const close = connection.prepare("UPDATE incidents SET state = 'closed', closed_at = ? WHERE id = ?");
  const mark = connection.prepare('UPDATE incidents SET verdict = ?, seen = 1 WHERE id = ?');
  const look = connection.prepare('UPDATE incidents SET seen = 1 WHERE id = ?');
  const byId = connection.read(row, 'SELECT * FROM incidents WHERE id = ?');
  const list = connection.read(
    row,
    `SELECT * FROM incidents
     WHERE (:subject IS NULL OR subject_id = :subject) AND (:state IS NULL OR state = :state)
       AND (:current = 0 OR state = 'open' OR verdict IS NULL) AND (:answered IS NULL OR (verdict IS NOT NULL) = :answered)
       AND (:band IS NULL OR band = :band) AND (:since IS NULL OR last_time >= :since) AND (:before IS NULL OR first_time < :before) AND (:beforeId IS NULL OR id < :beforeId)
     ORDER BY id DESC LIMIT :limit`,
  );

  const countOpen = connection.read(
    columns({ count: number }),
    "SELECT count(*) AS count FROM incidents WHERE subject_id = ? AND state = 'open'",
  );
  const countNew = connection.read(
    columns({ count: number }),
    'SELECT count(*) AS count FROM incidents WHERE subject_id = ? AND seen = 0',
  );
  const countWaiting = connection.read(
    columns({ count: number }),
    'SELECT count(*) AS count FROM incidents WHERE subject_id = ? AND verdict IS NULL',
  );
  const countSince = connection.read(
    columns({ count: number }),
    'SELECT count(*) AS count FROM incidents WHERE subject_id = ? AND first_time >= ?',
  );
  const verdicts = connection.read(
    columns({ normal: number, suspicious: number, unsaid: number }),
    `SELECT count(*) FILTER (WHERE verdict = 'normal') AS normal, count(*) FILTER (WHERE verdict = 'suspicious') AS suspicious,
       count(*) FILTER (WHERE verdict IS NULL) AS unsaid FROM incidents WHERE subject_id = ?`,
  );

  // By the index of what is open: a fleet asks with each block, and most incidents are over.
  const unwatched = connection.read(
    columns({ id: number, subjectId: number, peak: number, lastTime: number }),
    `SELECT id, subject_id AS subjectId, peak, last_time AS lastTime FROM incidents INDEXED BY open_incidents
     WHERE state = 'open' AND last_time <= ?
       AND NOT EXISTS (SELECT 1 FROM versions AS v WHERE v.subject_id = incidents.subject_id AND v.active = 1)
     ORDER BY id DESC LIMIT ?`,
  );

  const unexplained = connection.read(
    columns({ firstAction: number, lastAction: number }),
    "SELECT first_action AS firstAction, last_action AS lastAction FROM incidents WHERE subject_id = ? AND verdict IS NOT 'normal'",
  );

  function one(id: number, write: () => { readonly changes: number }): void {
    connection.mustBeInTransaction();
    if (write().changes === 0) throw new Error(`No incident ${id} in ${connection.path}.`);
  }

  return {
    open(new_) {
      connection.mustBeInTransaction();
      const { subjectId, openedAt, firstAction, lastAction, firstTime, lastTime, peak, band, count } = new_;
      const explanation = JSON.stringify(new_.explanation);
      return insert.run(
        subjectId,
        openedAt,
        firstAction,
        lastAction,
        firstTime,
        lastTime,
        peak,
        band,
        count,
        explanation,
      ).id;
    },
    extend(id, { lastAction, lastTime, peak, band, count, explanation }) {
      one(id, () => extend.run(lastAction, lastTime, peak, band, band, count, JSON.stringify(explanation), id));
    },
    close(id, at) {
      one(id, () => close.run(at, id));
    },
    mark(id, verdict) {
      one(id, () => mark.run(verdict, id));
    },
    look(id) {
      one(id, () => look.run(id));
    },
    byId(id) {
      const row = byId.get(id);
      return row && incidentOf(row, connection);
    },
    countOpen: (subjectId) => countOpen.get(subjectId)!.count,
    countNew: (subjectId) => countNew.get(subjectId)!.count,
    countWaiting: (subjectId) => countWaiting.get(subjectId)!.count,
    countSince: (subjectId, since) => countSince.get(subjectId, since)!.count,
    unwatched: (until, most) => unwatched.all(until, most).map((found) => ({ ...found })),
    unexplained: (subjectId) => unexplained.all(subjectId).map((row) => ({ ...row })),
    verdicts: (subjectId) => ({ ...verdicts.get(subjectId)! }),
    list: (filter = {}) =>
      list
        .all({
          subject: filter.subjectId ?? null,
          state: filter.state ?? null,
          current: filter.current ? 1 : 0,
          answered: filter.answered === undefined ? null : Number(filter.answered),
          band: filter.band ?? null,
          since: filter.since ?? null,
          before: filter.before ?? null,
          beforeId: filter.beforeId ?? null,
          limit: filter.limit ?? 100,
        })
        .map((row) => incidentOf(row, connection)),
  };
}

function incidentOf(row: Row, connection: Connection): Incident {
  return {
    id: row.id,
    subjectId: row.subject_id,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    firstAction: row.first_action,
    lastAction: row.last_action,
    firstTime: row.first_time,
    lastTime: row.last_time,
    peak: row.peak,
    band: row.band,
    count: row.count,
    state: row.state,
    verdict: row.verdict,
    seen: row.seen === 1,
    explanation: connection.json(row.explanation),
  };
}
