import { explanationOf } from './explanation/explanation.ts';
import type { IncidentEvent } from './options.ts';
import type { Store } from './store/store.ts';

/** An incident event as the outbox keeps it: nothing of the log but the names of user and host. Times are Unix seconds. */
export interface OutboxAlert {
  readonly change: IncidentEvent['change'];
  readonly incident: number;
  readonly user: string;
  readonly host: string;
  readonly band: string;
  /** 0…100. */
  readonly severity: number;
  readonly peak: number;
  readonly count: number;
  readonly firstTime: number;
  readonly lastTime: number;
  /** Which kind of act heads it: see contract/story/. */
  readonly act: string;
}

/** Keeps the events of a batch to be told. Only in its transaction. @param seq the position after the batch */
export function putInOutbox(store: Store, seq: number, events: readonly IncidentEvent[]): void {
  for (const event of events) {
    const incident = store.incidents.byId(event.id)!;
    const { subjectId, firstAction, lastAction, count, firstTime, lastTime } = incident;
    const { change, subject: user, band, severity, peak } = event;
    const host = (store.actions.byId(lastAction) ?? store.actions.byId(firstAction))?.host ?? '';
    const act = explanationOf(incident)?.story?.act ?? 'other';
    const body: OutboxAlert = {
      change,
      incident: event.id,
      user,
      host,
      band,
      severity,
      peak,
      count,
      firstTime,
      lastTime,
      act,
    };
    store.outbox.add({ seq, subjectId, body });
  }
}
