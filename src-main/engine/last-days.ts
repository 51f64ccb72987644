import type { Rank } from './explanation/explain.ts';
import { shareBelow, type Normal } from '../../models/profile/normal.ts';
import type { Store } from './store/store.ts';

const DAYS = 30;
const DAY = 86_400;
/** Fewer judged windows than this are no month to compare with. */
const ENOUGH = 1000;

/** How strange a subject's windows of the last days were, as a histogram: asked for again only after a day. */
export class LastDays {
  readonly #store: Store;
  readonly #subjectId: number;
  #read = -Infinity;
  #counts = new Map<number, number>();

  constructor(store: Store, subjectId: number) {
    this.#store = store;
    this.#subjectId = subjectId;
  }

  /** @param now time of the newest action, Unix seconds */
  rank(z: number, normal: Normal, now: number): Rank {
    if (Math.abs(now - this.#read) > DAY) {
      this.#read = now;
      this.#counts = this.#store.scores.histogram(this.#subjectId, now - DAYS * DAY);
    }
    let [below, all] = [0, 0];
    for (const [from, count] of this.#counts) {
      all += count;
      if (from < Math.floor(z * 10)) below += count;
    }
    return all < ENOUGH ? { share: shareBelow(normal, z), of: 'training' } : { share: below / all, of: 'last-30-days' };
  }
}
