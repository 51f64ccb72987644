import type { InboxCounts, InboxRead } from './counts.ts';
import { forgetIn } from './forget.ts';
import { firstTeller } from './first-teller.ts';
import { columns, flag, number, oneOf, orNull, text, type RowOf } from '../../engine/store/columns.ts';
import type { Connection } from '../../engine/store/sql.ts';
import { FleetProblem } from '../failure.ts';
import type { AlertMessage, IncidentMessage } from '../wire/messages.ts';
import { openForReading, openForWriting, type OpenDatabase } from './open.ts';

/** What was told on the stream, with its place there. */
export interface Told {
  /** Its sequence in the stream of alerts. */
  readonly position: number;
  /** When the server stored it, Unix seconds. */
  readonly at: number;
  readonly partition: number;
  /** Undefined: a message of no form that is known. */
  readonly message: AlertMessage | undefined;
}

/** A row of `alerts`. */
export const alertColumns = {
  partition: number,
  incident: number,
  user: text,
  host: text,
  band: text,
  severity: number,
  count: number,
  first_time: number,
  last_time: number,
  act: text,
  is_open: flag,
  verdict: orNull(oneOf('normal', 'suspicious')),
  answered_by: orNull(text),
  answered_at: orNull(number),
} as const;
const alertRow = columns(alertColumns);
/** An alert as it stands. Times are Unix seconds. */
export type InboxAlert = RowOf<typeof alertRow>;

const toldRow = columns({ position: number, partition: number, n: number, at: number, body: text });
export interface ToldRow {
  readonly position: number;
  readonly partition: number;
  readonly n: number;
  readonly at: number;
  readonly message: AlertMessage;
}

const DAY = 86_400;
const ALERT_COLUMNS =
  'partition, incident, user, host, band, severity, count, first_time, last_time, act, is_open, verdict, answered_by, answered_at';

/** All alerts of a fleet, each once, with the position up to which they were read. */
export class InboxStore {
  readonly #database: OpenDatabase;
  readonly #connection: Connection;

  private constructor(database: OpenDatabase) {
    this.#database = database;
    this.#connection = database.connection;
  }

  /** @throws FleetProblem for what a person has to see to */
  static open(folder: string): InboxStore {
    return new InboxStore(openForWriting(folder));
  }

  /** Beside its writer. @throws FleetProblem where there is none */
  static read(folder: string): InboxStore {
    return new InboxStore(openForReading(folder));
  }

  get connection(): Connection {
    return this.#connection;
  }

  close(): void {
    this.#database.close();
  }

  /** Begins with a stream, or goes on with it. @returns the position up to which it was read @throws FleetProblem for another stream */
  begin(stream: string, created: string, last: number): number {
    const known = this.#connection
      .read(columns({ created: text, position: number }), 'SELECT created, position FROM inbox_state')
      .get();
    if (!known) {
      this.#connection.prepare('INSERT INTO inbox_state VALUES (1, ?, 0, 0, 0)').run(created);
      return 0;
    }
    if (known.created === created && known.position <= last) return known.position;
    throw new FleetProblem(
      known.created === created
        ? `The inbox has read up to ${known.position}, the stream ${stream} ends at ${last}: the server has lost what it had acknowledged. To go on and keep what is here: ubad fleet adopt`
        : `The inbox was read from another stream (made ${known.created}); ${stream} was made ${created}. To go on with it and keep what is here: ubad fleet adopt`,
    );
  }

  /** What was read last: for who compares it with the stream. */
  get progress(): InboxRead | undefined {
    const state = this.#connection
      .read(
        columns({ created: text, position: number, shift: number }),
        'SELECT created, position, shift FROM inbox_state',
      )
      .get();
    if (!state) return undefined;
    const last = this.#connection
      .read(columns({ position: number, at: number }), 'SELECT position, at FROM told ORDER BY position DESC LIMIT 1')
      .get();
    const { shift, ...rest } = state;
    return { ...rest, last: last && last.position > shift ? { seq: last.position - shift, at: last.at } : undefined };
  }

  /** The last number of each partition that was told. */
  numbers(): readonly { readonly partition: number; readonly n: number }[] {
    return this.#connection
      .read(
        columns({ partition: number, n: number }),
        'SELECT partition, n FROM partitions WHERE n > 0 ORDER BY partition',
      )
      .all();
  }

  /** Goes on with another stream, or with one that lost its end: it is read from its beginning, and what is known is passed over. */
  adopt(created: string): void {
    this.#connection.transaction(() => {
      this.#connection
        .prepare(
          'UPDATE inbox_state SET created = ?, shift = max(position + shift, (SELECT coalesce(max(position), 0) FROM told)), position = 0',
        )
        .run(created);
    });
  }

  /**
   * Stores what was told, and the position after it, in one transaction. What was told before is passed over.
   * @returns how many alerts of each partition were told while nobody read, and are gone
   * @throws StoreFull or StoreBroken: the same is to be given again
   */
  take(batch: readonly Told[], keepDays: number): ReadonlyMap<number, number> {
    const lost = new Map<number, number>();
    const takeAll = (): void => {
      this.#connection.transaction(() => {
        for (const told of batch) this.#takeOne(told, lost);
        const last = batch.at(-1);
        if (!last) return;
        this.#connection.prepare('UPDATE inbox_state SET position = ?').run(last.position);
        this.#prune(last.at - keepDays * DAY);
      });
    };
    // What is forgotten is not to be found in the file either.
    if (batch.some(({ message }) => message?.kind === 'owner' && message.forgot !== undefined))
      this.#connection.overwriting(takeAll);
    else takeAll();
    return lost;
  }

  /** Those that wait first, the most severe first; else the latest. @param onlyWaiting leaves answered ones out */
  alerts({ onlyWaiting, limit }: { readonly onlyWaiting: boolean; readonly limit: number }): InboxAlert[] {
    const which = onlyWaiting ? 'WHERE verdict IS NULL' : '';
    const order = 'ORDER BY verdict IS NOT NULL, severity DESC, last_time DESC, partition, incident';
    return this.#connection.read(alertRow, `SELECT ${ALERT_COLUMNS} FROM alerts ${which} ${order} LIMIT ?`).all(limit);
  }

  alert(partition: number, incident: number): InboxAlert | undefined {
    return this.#connection
      .read(alertRow, `SELECT ${ALERT_COLUMNS} FROM alerts WHERE partition = ? AND incident = ?`)
      .get(partition, incident);
  }

  /** What was told after a position, in order, at most `limit`. */
  after(position: number, limit: number): ToldRow[] {
    return this.#connection
      .read(toldRow, 'SELECT position, partition, n, at, body FROM told WHERE position > ? ORDER BY position LIMIT ?')
      .all(position, limit)
      .map(({ body, ...row }) => ({ ...row, message: this.#connection.json(body) as AlertMessage }));
  }

  counts(): InboxCounts {
    const counted = columns({
      position: number,
      newest: number,
      refused: number,
      lost: number,
      waiting: number,
      alerts: number,
      told: number,
    });
    return this.#connection
      .read(
        counted,
        `SELECT coalesce((SELECT position FROM inbox_state), 0) AS position,
           coalesce((SELECT position + shift FROM inbox_state), 0) AS newest, coalesce((SELECT refused FROM inbox_state), 0) AS refused,
           coalesce((SELECT sum(lost) FROM partitions), 0) AS lost, (SELECT count(*) FROM alerts WHERE verdict IS NULL) AS waiting,
           (SELECT count(*) FROM alerts) AS alerts, (SELECT count(*) FROM told) AS told`,
      )
      .get()!;
  }

  #takeOne({ position, at, partition, message }: Told, lost: Map<number, number>): void {
    if (!message) {
      this.#connection.prepare('UPDATE inbox_state SET refused = refused + 1').run();
      return;
    }
    const last = this.#lastOf(partition);
    // An owner says what was told before it took over; all else comes one by one.
    const gap = message.kind === 'owner' ? message.n - Math.max(last, message.since ?? 0) : message.n - last - 1;
    if (gap > 0) {
      lost.set(partition, (lost.get(partition) ?? 0) + gap);
      this.#connection.prepare('UPDATE partitions SET lost = lost + ? WHERE partition = ?').run(gap, partition);
    }
    if (message.kind === 'owner') {
      this.#advance(partition, Math.max(last, message.n));
      if (message.forgot !== undefined) forgetIn(this.#connection, message.forgot);
      const splitOff = message.since === undefined ? 0 : 1;
      this.#connection
        .prepare('UPDATE partitions SET owner = ?, split_off = max(split_off, ?) WHERE partition = ?')
        .run(message.owner, splitOff, partition);
      return;
    }
    if (message.n <= last) return;
    this.#advance(partition, message.n);
    this.#connection
      .prepare('INSERT INTO told VALUES (? + (SELECT shift FROM inbox_state), ?, ?, ?, ?)')
      .run(position, partition, message.n, at, JSON.stringify(message));
    const key = this.keyOf(partition, message);
    if (message.kind === 'incident') this.#keep(key, at, message);
    else
      this.#connection
        .prepare('UPDATE alerts SET verdict = ?, answered_by = ?, answered_at = ? WHERE partition = ? AND incident = ?')
        .run(
          message.verdict === 'none' ? null : message.verdict,
          message.verdict === 'none' ? null : message.by,
          message.verdict === 'none' ? null : message.at,
          key,
          message.incident,
        );
  }

  /**
   * The partition that an alert is known by: where its host has moved since, the one that told it first.
   * @param partition that tells of it now
   */
  keyOf(partition: number, { incident }: Pick<IncidentMessage, 'incident'>): number {
    return firstTeller(this.#connection, partition, incident);
  }

  #keep(partition: number, at: number, told: IncidentMessage): void {
    const { incident, user, host, band, severity, count, firstTime, lastTime, act, change } = told;
    this.#connection
      .prepare(
        `INSERT INTO alerts (partition, incident, user, host, band, severity, count, first_time, last_time, act, is_open, told_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET host = excluded.host, band = excluded.band, severity = excluded.severity, count = excluded.count,
           first_time = excluded.first_time, last_time = excluded.last_time, act = excluded.act, is_open = excluded.is_open,
           told_at = excluded.told_at`,
      )
      .run(
        partition,
        incident,
        user,
        host,
        band,
        severity,
        count,
        firstTime,
        lastTime,
        act,
        change === 'closed' ? 0 : 1,
        at,
      );
  }

  #lastOf(partition: number): number {
    this.#connection
      .prepare('INSERT OR IGNORE INTO partitions (partition, n, lost, owner) VALUES (?, 0, 0, NULL)')
      .run(partition);
    return this.#connection.read(columns({ n: number }), 'SELECT n FROM partitions WHERE partition = ?').get(partition)!
      .n;
  }

  #advance(partition: number, n: number): void {
    this.#connection.prepare('UPDATE partitions SET n = ? WHERE partition = ?').run(n, partition);
  }

  #prune(before: number): void {
    this.#connection.prepare('DELETE FROM told WHERE at < ?').run(before);
    this.#connection.prepare('DELETE FROM alerts WHERE told_at < ?').run(before);
  }
}
