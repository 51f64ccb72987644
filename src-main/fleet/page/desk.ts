import { bands, type Band } from '../../contract/alerts.ts';
import { auditActs, type AuditAct, type AuditRow } from '../../contract/fleet-audit.ts';
import type { FleetAlertRow, FleetFilter } from '../../contract/fleet.ts';
import { columns, number, oneOf, orNull, text, type RowOf } from '../../engine/store/columns.ts';
import { firstTeller } from '../inbox/first-teller.ts';
import { openForPage, type OpenDatabase } from '../inbox/open.ts';
import type { AlertKey } from '../inbox/say.ts';
import { alertColumns } from '../inbox/store.ts';
import { numbered } from '../wire/subjects.ts';

const alertRow = columns({ ...alertColumns, person: orNull(text), notes: number });

/** A column each of `alerts`, then what people said of it. */
const SELECT = `SELECT a.partition, a.incident, a.user, a.host, a.band, a.severity, a.count, a.first_time, a.last_time, a.act,
    a.is_open, a.verdict, a.answered_by, a.answered_at, s.person,
    (SELECT count(*) FROM notes n WHERE n.partition = a.partition AND n.incident = a.incident) AS notes
  FROM alerts a LEFT JOIN assignments s ON s.partition = a.partition AND s.incident = a.incident`;
const AUDIT_PAGE = 200;
/** Who looks at the same again within this has looked once. */
const SAME_LOOK = 600;
const DAY = 86_400;

/** Alerts as the inbox keeps them, with what people at the page say of them, and what they looked at. Times are Unix seconds. */
export class Desk {
  readonly #database: OpenDatabase;

  private constructor(database: OpenDatabase) {
    this.#database = database;
  }

  /** @throws FleetProblem where there is no inbox in the folder */
  static open(folder: string): Desk {
    return new Desk(openForPage(folder));
  }

  get #connection() {
    return this.#database.connection;
  }

  close(): void {
    this.#database.close();
  }

  /** Those that wait the most severe first, answered ones the latest first; and how many there are in all. */
  alerts({ text: sought, band, assigned, answered, limit }: FleetFilter): {
    readonly rows: FleetAlertRow[];
    readonly found: number;
  } {
    const where = `WHERE (a.verdict IS NOT NULL) = ?1 AND (?2 IS NULL OR a.band = ?2)
      AND (?3 IS NULL OR coalesce(s.person, '') = ?3)
      AND (?4 = '' OR instr(lower(a.user || char(10) || a.host || char(10) || a.act), ?4) > 0)`;
    const order = answered ? 'a.last_time DESC' : 'a.severity DESC, a.last_time DESC';
    const values = [answered ? 1 : 0, band, assigned, sought.toLowerCase()] as const;
    const rows = this.#connection
      .read(alertRow, `${SELECT} ${where} ORDER BY ${order}, a.partition, a.incident LIMIT ?5`)
      .all(...values, limit);
    const found = this.#connection
      .read(
        columns({ n: number }),
        `SELECT count(*) AS n FROM alerts a LEFT JOIN assignments s ON s.partition = a.partition AND s.incident = a.incident ${where}`,
      )
      .get(...values)!.n;
    return { rows: rows.map(asRow), found };
  }

  alert({ partition, incident }: AlertKey): FleetAlertRow | undefined {
    const row = this.#connection
      .read(alertRow, `${SELECT} WHERE a.partition = ? AND a.incident = ?`)
      .get(partition, incident);
    return row && asRow(row);
  }

  /** The partition that an alert is known by, which may be another one than tells of it now. */
  keyOf({ partition, incident }: AlertKey): AlertKey {
    return { incident, partition: firstTeller(this.#connection, partition, incident) };
  }

  counts(): { readonly waiting: number; readonly alerts: number; readonly lost: number } {
    return this.#connection
      .read(
        columns({ waiting: number, alerts: number, lost: number }),
        `SELECT (SELECT count(*) FROM alerts WHERE verdict IS NULL) AS waiting, (SELECT count(*) FROM alerts) AS alerts,
           coalesce((SELECT sum(lost) FROM partitions), 0) AS lost`,
      )
      .get()!;
  }

  /** How many alerts of each host wait. */
  waitingByHost(): ReadonlyMap<string, number> {
    const rows = this.#connection
      .read(
        columns({ host: text, n: number }),
        'SELECT host, count(*) AS n FROM alerts WHERE verdict IS NULL GROUP BY host',
      )
      .all();
    return new Map(rows.map(({ host, n }) => [host, n]));
  }

  /** @param person null: nobody's any more @returns how many of them there are */
  assign(alerts: readonly AlertKey[], person: string | null, by: string, at: number): number {
    return this.#connection.transaction(() => {
      const known = alerts.filter((alert) => this.alert(alert));
      for (const { partition, incident } of known) {
        this.#connection
          .prepare('DELETE FROM assignments WHERE partition = ? AND incident = ?')
          .run(partition, incident);
        if (person !== null)
          this.#connection
            .prepare('INSERT INTO assignments VALUES (?, ?, ?, ?, ?)')
            .run(partition, incident, person, by, at);
      }
      return known.length;
    });
  }

  note({ partition, incident }: AlertKey, note: { text: string; by: string; at: number }): void {
    this.#connection.transaction(() => {
      this.#connection
        .prepare('INSERT INTO notes (partition, incident, text, by_whom, at) VALUES (?, ?, ?, ?, ?)')
        .run(partition, incident, note.text, note.by, note.at);
    });
  }

  /** Oldest first. */
  notes({ partition, incident }: AlertKey): { text: string; by: string; at: number }[] {
    return this.#connection
      .read(
        columns({ text, by: text, at: number }),
        'SELECT text, by_whom AS by, at FROM notes WHERE partition = ? AND incident = ? ORDER BY id',
      )
      .all(partition, incident)
      .map((row) => ({ ...row }));
  }

  /** Keeps that a person did something. A look again at the same within ten minutes is the same look. */
  did(person: string, did: AuditAct, what: string, at: number): void {
    const isLook = did === 'opened' || did === 'sought' || did === 'people' || did === 'peers' || did === 'audit';
    const before = this.#connection
      .read(
        columns({ at: number }),
        'SELECT at FROM audit WHERE person = ? AND did = ? AND what = ? ORDER BY id DESC LIMIT 1',
      )
      .get(person, did, what);
    if (isLook && before && at - before.at < SAME_LOOK) return;
    this.#connection.transaction(() => {
      this.#connection
        .prepare('INSERT INTO audit (at, person, did, what) VALUES (?, ?, ?, ?)')
        .run(at, person, did, what);
    });
  }

  /** Newest first. @param before those that are older than this */
  audit(before: number | null): AuditRow[] {
    return this.#connection
      .read(
        columns({ at: number, person: text, did: oneOf(...auditActs), what: text }),
        'SELECT at, person, did, what FROM audit WHERE (?1 IS NULL OR at < ?1) ORDER BY id DESC LIMIT ?2',
      )
      .all(before, AUDIT_PAGE)
      .map((row) => ({ ...row }));
  }

  /** Deletes what was kept of who did what longer ago than these days. */
  forgetAudit(now: number, days: number): void {
    this.#connection.transaction(() => {
      this.#connection.prepare('DELETE FROM audit WHERE at < ?').run(now - days * DAY);
    });
  }
}

function asRow(row: RowOf<typeof alertRow>): FleetAlertRow {
  const { partition, incident, user, host, severity, count, act, verdict, notes } = row;
  return {
    alert: `${numbered(partition)}/${incident}`,
    user,
    host,
    band: bandOf(row.band),
    severity,
    count,
    firstTime: row.first_time,
    lastTime: row.last_time,
    act,
    state: row.is_open === 1 ? 'open' : 'closed',
    verdict,
    answeredBy: row.answered_by,
    answeredAt: row.answered_at,
    assigned: row.person,
    notes,
  };
}

const bandOf = (name: string): Band => bands.find((band) => band === name) ?? 'low';
