import { CALM_SECONDS, bandOf, severityOf, standingThresholds } from '../judge.ts';
import type { IncidentEvent } from '../options.ts';
import type { Store } from '../store/store.ts';

/** Seconds of the log between two looks. */
const LOOK_EVERY = 600;
const MOST = 100;

/**
 * Ends the incidents of subjects that nothing judges any more: of a machine or an account without a model there may be no next
 * row for days.
 */
export class UnwatchedIncidents {
  readonly #store: Store;
  #looked = -Infinity;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Only in a transaction. @param now time of the newest action, Unix seconds @returns what has ended, and whose it was */
  end(now: number): { readonly subjectId: number; readonly event: IncidentEvent }[] {
    if (now < this.#looked + LOOK_EVERY) return [];
    this.#looked = now;
    const { incidents, subjects, versions } = this.#store;
    return incidents
      .list({ state: 'open', limit: MOST })
      .filter(({ subjectId, lastTime }) => {
        const isOver = now - lastTime >= CALM_SECONDS;
        return isOver && !versions.list(subjectId).some(({ active }) => active);
      })
      .map(({ id, subjectId, peak, lastTime }) => {
        incidents.close(id, lastTime + CALM_SECONDS);
        const severity = severityOf(peak, standingThresholds.alarm);
        const subject = subjects.byId(subjectId)?.name ?? '?';
        const event = { change: 'closed', id, subject, band: bandOf(severity), peak, severity, sentence: '' } as const;
        return { subjectId, event };
      });
  }
}
