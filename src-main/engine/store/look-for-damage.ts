import { isCorruption, StoreBroken, StoreFull } from './problem.ts';
import type { Store } from './store.ts';

export interface DamageLookOptions {
  readonly store: Store;
  /** Unix seconds. */
  readonly now: () => number;
  /** Damage was found. The look is over; nothing else was done about it. */
  readonly onDamage: (error: Error) => void;
  /** Tests are in a hurry. */
  readonly firstMs?: number;
  readonly pauseMs?: number;
  readonly askAgainMs?: number;
}

/** After opening, so that what waited in the log comes first. */
const FIRST_MS = 30_000;
/** Between two slices of some milliseconds. */
const PAUSE_MS = 50;
/** What was found sound is looked at again after a day. */
const EVERY_SECONDS = 86_400;
const ASK_AGAIN_MS = 3_600_000;

/** Looks for damage of an open store in the background: a clean end proves nothing of what disks do afterwards. */
export class DamageLook {
  readonly #options: DamageLookOptions;
  #timer: NodeJS.Timeout | undefined;
  #slices: Generator<undefined, void> | undefined;

  constructor(options: DamageLookOptions) {
    this.#options = options;
    this.#in(options.firstMs ?? FIRST_MS);
  }

  /** To be called before the store is closed. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #in(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#step();
    }, ms).unref();
  }

  #step(): void {
    const { onDamage, pauseMs = PAUSE_MS, askAgainMs = ASK_AGAIN_MS } = this.#options;
    try {
      this.#in(this.#slice() ? pauseMs : askAgainMs);
    } catch (error) {
      if (!(error instanceof StoreFull || error instanceof StoreBroken)) throw error;
      this.#slices = undefined;
      if (isCorruption(error)) onDamage(error);
      // A disk that fails is told where lines are stored.
      else this.#in(askAgainMs);
    }
  }

  /** @returns whether there is more to look at now */
  #slice(): boolean {
    const { store, now } = this.#options;
    if (!this.#slices) {
      const since = store.state.soundAt();
      // A time from the future is of a clock that was wrong.
      const isFresh = since !== null && now() >= since && now() - since < EVERY_SECONDS;
      if (isFresh) return false;
      this.#slices = store.look();
    }
    if (!this.#slices.next().done) return true;
    this.#slices = undefined;
    store.transaction(() => {
      store.state.setSoundAt(now());
    });
    return false;
  }
}
