import { isPaused, isQuiet, pauseEnd, type PauseChoice, type QuietHours } from './pause.ts';

/** What of the quiet outlasts a restart. */
export interface QuietState {
  readonly pausedUntil: number | null;
  /** By user. */
  readonly snoozed: Readonly<Record<string, number>>;
}

export interface QuietOptions {
  readonly state: () => QuietState;
  readonly keep: (state: Partial<QuietState>) => void;
  readonly quietHours: () => QuietHours | null;
  /** Something began or ended. */
  readonly changed: () => void;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Looked at so often: a timer alone would be late after the computer has slept. */
const LOOK_MS = 5000;
const MINUTE = 60_000;

/** Pause, snooze and quiet hours: who is told nothing now, and when that is over. */
export class Quiet {
  readonly #options: QuietOptions;
  readonly #timer: NodeJS.Timeout;
  #before: string;

  constructor(options: QuietOptions) {
    this.#options = options;
    this.#before = this.#what();
    this.#timer = setInterval(() => {
      this.look();
    }, LOOK_MS).unref();
  }

  /** Whether a user's alerts are held back. */
  holds(user: string): boolean {
    const { state, quietHours, now } = this.#options;
    const { pausedUntil, snoozed } = state();
    const time = now();
    return isPaused(pausedUntil, time) || isQuiet(quietHours(), time) || isPaused(snoozed[user] ?? null, time);
  }

  pause(choice: PauseChoice): void {
    this.#options.keep({ pausedUntil: pauseEnd(choice, this.#options.now()) });
    this.look();
  }

  resume(): void {
    this.#options.keep({ pausedUntil: null });
    this.look();
  }

  snooze(user: string, minutes: number): void {
    const { state, keep, now } = this.#options;
    keep({ snoozed: { ...state().snoozed, [user]: now() + minutes * MINUTE } });
    this.look();
  }

  unsnooze(user: string): void {
    const { state, keep } = this.#options;
    const { [user]: _ended, ...others } = state().snoozed;
    keep({ snoozed: others });
    this.look();
  }

  /** Forgets what is over, and tells when anything began or ended since the last look. */
  look(): void {
    const { state, keep, changed, now } = this.#options;
    const { pausedUntil, snoozed } = state();
    const standing = Object.entries(snoozed).filter(([, until]) => isPaused(until, now()));
    if (pausedUntil !== null && !isPaused(pausedUntil, now())) keep({ pausedUntil: null });
    if (standing.length < Object.keys(snoozed).length) keep({ snoozed: Object.fromEntries(standing) });
    const what = this.#what();
    if (what === this.#before) return;
    this.#before = what;
    changed();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #what(): string {
    const { state, quietHours, now } = this.#options;
    return JSON.stringify([state(), isQuiet(quietHours(), now())]);
  }
}
