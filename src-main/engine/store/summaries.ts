import type { Shape } from '../../../models/saved.ts';
import { columns, flag, number, orNull, text } from './columns.ts';
import type { Connection } from './sql.ts';

/** Where buckets begin and how long they are, Unix seconds. Bucket n begins at `start + n · width`. */
export interface Buckets {
  readonly start: number;
  readonly width: number;
}

/** Actions of one query in one bucket. `query` empty: one of the few that the store keeps by itself, see shapes.ts. */
export interface LaneCount {
  readonly bucket: number;
  readonly query: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

const laneCountRow: Shape<LaneCount> = columns({
  bucket: number,
  query: text,
  count: number,
  first: number,
  last: number,
});

export interface Peak {
  readonly bucket: number;
  /** Highest z of the windows that end in it. */
  readonly peak: number;
  readonly judged: number;
  /** The newest incident that any of them belongs to. */
  readonly incident: number | null;
}

const peakRow: Shape<Peak> = columns({ bucket: number, peak: number, judged: number, incident: orNull(number) });

/** A bucket as the two models found it too: highest z of each; null where that one did not judge. */
export interface VotePeak extends Peak {
  readonly lstm: number | null;
  readonly ocsvm: number | null;
}

const votePeakRow: Shape<VotePeak> = columns({
  bucket: number,
  peak: number,
  judged: number,
  incident: orNull(number),
  lstm: orNull(number),
  ocsvm: orNull(number),
});

/** Sums that the database makes itself, so that a million actions never leave it. Times: from `from` up to before `to`. */
export interface Summaries {
  /** By bucket; buckets without actions are left out. */
  lanes(subjectId: number, from: number, to: number, buckets: Buckets): LaneCount[];
  /** By bucket; those without judged windows are left out. */
  peaks(subjectId: number, from: number, to: number, buckets: Buckets): Peak[];
  /** The same with what each of the two models found. */
  votePeaks(subjectId: number, from: number, to: number, buckets: Buckets): VotePeak[];
  /** Actions of a subject in a stretch. */
  count(subjectId: number, from: number, to: number): number;
  /** Actions by slot of the clock: slot n begins at `n · width`. In order of time. Slots that an alert reaches into which nobody
   *  called normal are left out: an attack's hour is no usual one. */
  slots(
    subjectId: number,
    from: number,
    to: number,
    width: number,
  ): { readonly slot: number; readonly count: number }[];
  /** The last time at or before `time` at which anybody did anything that is stored; undefined: there is none. */
  lastUpTo(time: number): number | undefined;
  /** The first such time after `time`. */
  firstAfter(time: number): number | undefined;
  /** Whether a query ever gave any result. */
  knows(query: string): boolean;
}

const WITHIN = 'subject_id = :subject AND time >= :from AND time < :to';

export function summariesIn(connection: Connection): Summaries {
  const lanes = connection.read(
    laneCountRow,
    `SELECT n.bucket AS bucket, sh.query AS query, sum(n.count) AS count, min(n.first) AS first, max(n.last) AS last
     FROM (SELECT CAST((time - :start) / :width AS INTEGER) AS bucket, shape_id, count(*) AS count,
             min(time) AS first, max(time) AS last
           FROM actions INDEXED BY actions_by_time WHERE ${WITHIN} GROUP BY bucket, shape_id) AS n
     JOIN shapes AS sh ON sh.id = n.shape_id GROUP BY n.bucket, sh.query ORDER BY n.bucket, sh.query`,
  );
  const PEAK = `SELECT CAST((time - :start) / :width AS INTEGER) AS bucket, max(s.window_score) AS peak, count(*) AS judged,
       max(s.incident_id) AS incident`;
  const OF_SCORES = `FROM actions AS a INDEXED BY actions_by_time JOIN scores AS s ON s.action_id = a.id WHERE ${WITHIN}
     GROUP BY bucket ORDER BY bucket`;
  const peaks = connection.read(peakRow, `${PEAK} ${OF_SCORES}`);
  const votePeaks = connection.read(votePeakRow, `${PEAK}, max(s.lstm) AS lstm, max(s.ocsvm) AS ocsvm ${OF_SCORES}`);
  const counted = connection.read(
    columns({ count: number }),
    `SELECT count(*) AS count FROM actions INDEXED BY actions_by_time WHERE ${WITHIN}`,
  );
  const slots = connection.read(
    columns({ slot: number, count: number }),
    `SELECT slot, count FROM (SELECT CAST(floor(time / :width) AS INTEGER) AS slot, count(*) AS count
       FROM actions INDEXED BY actions_by_time WHERE ${WITHIN} GROUP BY slot)
     WHERE NOT EXISTS (SELECT 1 FROM incidents AS i WHERE i.subject_id = :subject AND i.verdict IS NOT 'normal'
       AND i.first_time < (slot + 1) * :width AND i.last_time >= slot * :width) ORDER BY slot`,
  );
  // One look into the index for each subject, of whom there are few: all rows would be a million.
  const lastUpTo = connection.read(
    columns({ time: orNull(number) }),
    'SELECT max((SELECT max(time) FROM actions WHERE subject_id = s.id AND time <= ?)) AS time FROM subjects AS s',
  );
  const firstAfter = connection.read(
    columns({ time: orNull(number) }),
    'SELECT min((SELECT min(time) FROM actions WHERE subject_id = s.id AND time > ?)) AS time FROM subjects AS s',
  );
  const knows = connection.read(
    columns({ known: flag }),
    'SELECT EXISTS (SELECT 1 FROM shapes WHERE query = ?) AS known',
  );

  return {
    lanes: (subject, from, to, { start, width }) => lanes.all({ subject, from, to, start, width }).map(plain),
    peaks: (subject, from, to, { start, width }) => peaks.all({ subject, from, to, start, width }).map(plain),
    votePeaks: (subject, from, to, { start, width }) => votePeaks.all({ subject, from, to, start, width }).map(plain),
    count: (subject, from, to) => counted.get({ subject, from, to })!.count,
    slots: (subject, from, to, width) => slots.all({ subject, from, to, width }).map(plain),
    lastUpTo: (time) => lastUpTo.get(time)!.time ?? undefined,
    firstAfter: (time) => firstAfter.get(time)!.time ?? undefined,
    knows: (query) => knows.get(query)!.known === 1,
  };
}

/** SQLite's rows have no prototype, which not everything that carries messages likes. */
const plain = <T extends object>(row: T): T => ({ ...row });
