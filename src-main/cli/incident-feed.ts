import { severityOf } from '../engine/judge.ts';
import { explanationOf } from '../engine/explanation/explanation.ts';
import type { Incident } from '../engine/store/incidents.ts';
import type { Store } from '../engine/store/store.ts';
import { alertThresholdOf } from '../engine/thresholds.ts';
import { bandOf, type ExportEvent, type Feed } from '../export/event.ts';
import { sensitivityOf } from '../settings/engine-options.ts';
import { now, type settingsOf } from './setup.ts';

export interface IncidentFeedOptions {
  readonly settings: ReturnType<typeof settingsOf>;
  /** This machine's name, a part of each id. */
  readonly host: string;
}

/** Incidents from `from` on are looked at; `known` says as what each was told last. */
interface Position {
  readonly from: number;
  readonly known: Readonly<Record<string, string>>;
}

const PAGE = 200;

/**
 * The incidents of this machine's store, each whenever it has changed: it is looked at again until it is over. An answer is told where
 * it comes before that.
 */
export function incidentFeed(open: () => Store, options: IncidentFeedOptions): Feed {
  const withStore = <T>(work: (store: Store) => T): T => {
    const store = open();
    try {
      return work(store);
    } finally {
      store.close();
    }
  };
  return {
    begin: () => withStore((store): Position => ({ from: newestOf(store) + 1, known: {} })),
    next: (position, most) => withStore((store) => changesIn(store, asPosition(position), most, options)),
  };
}

function changesIn(
  store: Store,
  { from, known }: Position,
  most: number,
  options: IncidentFeedOptions,
): { readonly events: ExportEvent[]; readonly position: Position } {
  const incidents = incidentsFrom(store, from);
  const changed = incidents.filter((one) => known[one.id] !== formOf(one)).slice(0, most);
  const events = changed.map((one) => eventOf(store, one, known[one.id] !== undefined, options));
  const told: Record<string, string> = { ...known };
  for (const one of changed) told[one.id] = formOf(one);
  // All before it is over, and was told as it ended.
  const unfinished = incidents.find((one) => one.state === 'open' || told[one.id] !== formOf(one));
  const next = unfinished?.id ?? Math.max(from, (incidents.at(-1)?.id ?? 0) + 1);
  const kept = Object.entries(told).filter(([id]) => Number(id) >= next);
  return { events, position: { from: next, known: Object.fromEntries(kept) } };
}

/** All that changes of an incident while it is looked at. */
const formOf = ({ state, count, band, verdict }: Incident): string => [state, count, band, verdict ?? 'none'].join('.');

function eventOf(
  store: Store,
  incident: Incident,
  wasTold: boolean,
  { settings, host }: IncidentFeedOptions,
): ExportEvent {
  const { id, subjectId, state, count, firstAction, lastAction, firstTime, lastTime, peak, verdict } = incident;
  const alert = `${host}/${id}`;
  const line = alertThresholdOf(
    store,
    { algorithm: settings.algorithm, sensitivity: sensitivityOf(settings) },
    subjectId,
  );
  return {
    id: `${alert}/${formOf(incident)}`,
    alert,
    change: state === 'closed' ? 'closed' : wasTold ? 'extended' : 'opened',
    at: now(),
    user: store.subjects.byId(subjectId)?.name ?? '?',
    host: (store.actions.byId(lastAction) ?? store.actions.byId(firstAction))?.host ?? host,
    band: bandOf(incident.band),
    severity: line === undefined ? null : severityOf(peak, line),
    count,
    firstTime,
    lastTime,
    act: explanationOf(incident)?.story?.act ?? 'other',
    verdict,
  };
}

/** Oldest first. */
function incidentsFrom(store: Store, from: number): Incident[] {
  const found: Incident[] = [];
  for (let beforeId: number | undefined; ;) {
    const page = store.incidents.list({ limit: PAGE, ...(beforeId !== undefined && { beforeId }) });
    found.push(...page.filter(({ id }) => id >= from));
    beforeId = page.at(-1)?.id;
    if (beforeId === undefined || beforeId < from) return found.reverse();
  }
}

const newestOf = (store: Store): number => store.incidents.list({ limit: 1 })[0]?.id ?? 0;

/** A position that was damaged begins again with what is there. */
function asPosition(value: unknown): Position {
  const { from, known } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Position>;
  return { from: typeof from === 'number' ? from : 0, known: typeof known === 'object' ? known : {} };
}
