import { isPaused, isQuiet, pauseEnd, type PauseChoice, type QuietHours } from './pause.ts';

/** What of the quiet outlasts a restart. */
export interface QuietState {
  readonly pausedUntil: number | null;
  readonly pausedSince: number | null;
  /** By user. */
  readonly snoozed: Readonly<Record<string, number>>;
}

export interface QuietOptions {
  readonly state: () => QuietState;
  readonly keep: (state: Partial<QuietState>) => void;
  readonly quietHours: () => QuietHours | null;
  /** A pause began, or ends otherwise than it was to: to be kept for those who look back. Unix milliseconds. */
  readonly note: (pause: { readonly from: number; readonly to: number }) => void;
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
    const { state, keep, note, now } = this.#options;
    const pausedUntil = pauseEnd(choice, now());
    // One that is chosen anew while it lasts is the same pause with another end.
    const before = state();
    const pausedSince = (isPaused(before.pausedUntil, now()) ? before.pausedSince : null) ?? now();
    keep({ pausedUntil, pausedSince });
    note({ from: pausedSince, to: pausedUntil });
    this.look();
  }

  resume(): void {
    const { state, keep, note, now } = this.#options;
    const { pausedUntil, pausedSince } = state();
    if (pausedSince !== null && isPaused(pausedUntil, now())) note({ from: pausedSince, to: now() });
    keep({ pausedUntil: null, pausedSince: null });
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
