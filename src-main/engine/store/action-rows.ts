import type { Action } from '../../../models/action.ts';
import { columns, flag, number, orNull, text, type RowOf } from './columns.ts';
import type { Scored } from './scores.ts';
import type { Shapes } from './shapes.ts';

const ofAction = {
  id: number,
  subject_id: number,
  shape_id: number,
  host: text,
  path: text,
  line: number,
  time: number,
  baseline: flag,
  again: flag,
  vals: text,
};
/** Of `ACTION`. */
export const row = columns(ofAction);
export type Row = RowOf<typeof row>;
/** Of `SCORED_ACTION`; of an action that was not judged, all of its score is null. */
export const scoredRow = columns({
  ...ofAction,
  score: orNull(number),
  window_score: orNull(number),
  lstm: orNull(number),
  ocsvm: orNull(number),
  incident_id: orNull(number),
  version_id: orNull(number),
  strange: orNull(flag),
});
export type ScoredRow = RowOf<typeof scoredRow>;

/** What follows SELECT for a row. */
export const ACTION = `a.id, a.subject_id, a.shape_id, o.host, o.path, a.line, a.time, a.baseline, a.again, a.vals
  FROM actions AS a JOIN origins AS o ON o.id = a.origin_id`;
export const SCORED_ACTION = `s.score, s.window_score, s.lstm, s.ocsvm, s.incident_id, s.version_id, s.strange, ${ACTION}
  LEFT JOIN scores AS s ON s.action_id = a.id`;

/** Makes an action of its row again. */
export const actionReader = (shapes: Shapes) => (row: Row) => {
  const said = shapes.unshape({ shape: row.shape_id, values: row.vals });
  const action: Action = {
    ...said,
    time: row.time,
    ...(row.baseline === 1 && { baseline: true }),
    ...(row.again === 1 && { again: true }),
  };
  return { id: row.id, subjectId: row.subject_id, action, host: row.host, path: row.path, line: row.line };
};

export function scoredOf(row: ScoredRow): Scored | undefined {
  if (row.score === null || row.window_score === null) return undefined;
  return {
    actionId: row.id,
    score: row.score,
    window: row.window_score,
    lstm: row.lstm,
    ocsvm: row.ocsvm,
    incidentId: row.incident_id,
    versionId: row.version_id,
    anomalous: row.strange === 1,
  };
}
