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
  readonly #every: number;
  #looked = -Infinity;

  /** @param always with every batch, so that a restart changes nothing of when an end is told */
  constructor(store: Store, always = false) {
    this.#store = store;
    this.#every = always ? 0 : LOOK_EVERY;
  }

  /** Only in a transaction. @param now time of the newest action, Unix seconds @returns what has ended, and whose it was */
  end(now: number): { readonly subjectId: number; readonly event: IncidentEvent }[] {
    if (now < this.#looked + this.#every) return [];
    this.#looked = now;
    const { incidents, subjects } = this.#store;
    return incidents.unwatched(now - CALM_SECONDS, MOST).map(({ id, subjectId, peak, lastTime }) => {
      incidents.close(id, lastTime + CALM_SECONDS);
      const severity = severityOf(peak, standingThresholds.alarm);
      const subject = subjects.byId(subjectId)?.name ?? '?';
      const event = { change: 'closed', id, subject, band: bandOf(severity), peak, severity, sentence: '' } as const;
      return { subjectId, event };
    });
  }
}
