import { isPaused, isInQuietHours, pauseEnd, type PauseChoice, type QuietHours } from './pause.ts';

/** What of the quiet outlasts a restart. */
export interface DoNotDisturbState {
  readonly pausedUntil: number | null;
  readonly pausedSince: number | null;
  /** By user. */
  readonly snoozed: Readonly<Record<string, number>>;
  /** By user: when that began. */
  readonly snoozedSince?: Readonly<Record<string, number>>;
}

export interface DoNotDisturbOptions {
  readonly state: () => DoNotDisturbState;
  readonly keep: (state: Partial<DoNotDisturbState>) => void;
  readonly quietHours: () => QuietHours | null;
  /** A pause began, or ends otherwise than it was to: to be kept for those who look back. Unix milliseconds. */
  readonly tellUser: (pause: { readonly from: number; readonly to: number }) => void;
  /** Something began or ended. */
  readonly changed: () => void;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic?: () => number;
}

/** Looked at so often: a timer alone would be late after the computer has slept. */
const LOOK_MS = 5000;
const MINUTE = 60_000;
/** Clocks that nobody sets differ by less from those that are kept right. */
const SLACK_MS = 1000;

/** Pause, snooze and quiet hours: who is told nothing now, and when that is over. */
export class DoNotDisturb {
  readonly #options: DoNotDisturbOptions;
  readonly #timer: NodeJS.Timeout;
  /** By user, and '' for the pause: its end by the wall clock as it was known last, and by the one that nobody sets. */
  readonly #ends = new Map<string, { readonly until: number; readonly at: number }>();
  #before: string;

  constructor(options: DoNotDisturbOptions) {
    this.#options = options;
    this.#before = this.#what();
    this.#timer = setInterval(() => {
      this.look();
    }, LOOK_MS).unref();
  }

  /** Whether a user's alerts are held back. */
  holds(user: string): boolean {
    this.#settle();
    const { state, quietHours, now } = this.#options;
    const { pausedUntil, snoozed } = state();
    const time = now();
    return isPaused(pausedUntil, time) || isInQuietHours(quietHours(), time) || isPaused(snoozed[user] ?? null, time);
  }

  pause(choice: PauseChoice): void {
    const { state, keep, tellUser: record, now } = this.#options;
    const pausedUntil = pauseEnd(choice, now());
    // One that is chosen again while it lasts is the same pause with another end.
    const before = state();
    const pausedSince = (isPaused(before.pausedUntil, now()) ? before.pausedSince : null) ?? now();
    keep({ pausedUntil, pausedSince });
    record({ from: pausedSince, to: pausedUntil });
    this.look();
  }

  resume(): void {
    const { state, keep, tellUser: record, now } = this.#options;
    const { pausedUntil, pausedSince } = state();
    if (pausedSince !== null && isPaused(pausedUntil, now())) record({ from: pausedSince, to: now() });
    keep({ pausedUntil: null, pausedSince: null });
    this.look();
  }

  snooze(user: string, minutes: number): void {
    const { state, keep, now } = this.#options;
    const { snoozed, snoozedSince } = state();
    keep({
      snoozed: { ...snoozed, [user]: now() + minutes * MINUTE },
      snoozedSince: { ...snoozedSince, [user]: now() },
    });
    this.look();
  }

  unsnooze(user: string): void {
    const { state, keep } = this.#options;
    const { [user]: _ended, ...others } = state().snoozed;
    const { [user]: _began, ...since } = state().snoozedSince ?? {};
    keep({ snoozed: others, snoozedSince: since });
    this.look();
  }

  /** Forgets what is over, and tells when anything began or ended since the last look. */
  look(): void {
    this.#settle();
    const { state, keep, changed, now } = this.#options;
    const { pausedUntil, snoozed, snoozedSince = {} } = state();
    const standing = Object.entries(snoozed).filter(([, until]) => isPaused(until, now()));
    if (pausedUntil !== null && !isPaused(pausedUntil, now())) keep({ pausedUntil: null });
    if (standing.length < Object.keys(snoozed).length) {
      const since = Object.entries(snoozedSince).filter(([user]) => standing.some(([one]) => one === user));
      keep({ snoozed: Object.fromEntries(standing), snoozedSince: Object.fromEntries(since) });
    }
    const what = this.#what();
    if (what === this.#before) return;
    this.#before = what;
    changed();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * What lasts so long ends after so long, whatever is done to the wall clock: the earlier end counts of what that clock says and
   * of what one says that nobody sets. The latter stands still while the computer sleeps, so it can only be late. Over a restart
   * nothing is left of it: then it is as long again as it was to last, at most, which a clock that was set back cannot lengthen.
   */
  #settle(): void {
    const { state, keep, tellUser: record } = this.#options;
    const { pausedUntil, pausedSince, snoozed, snoozedSince = {} } = state();
    const paused = pausedUntil === null ? null : this.#settled('', pausedUntil, pausedSince);
    if (paused !== null && paused !== pausedUntil) {
      keep({ pausedUntil: paused });
      if (pausedSince !== null && pausedSince < paused) record({ from: pausedSince, to: paused });
    }
    const settled = Object.entries(snoozed).map(([user, until]): [string, number] => [
      user,
      this.#settled(user, until, snoozedSince[user] ?? null),
    ]);
    if (settled.some(([user, until]) => until !== snoozed[user])) keep({ snoozed: Object.fromEntries(settled) });
  }

  /** @returns its end by the wall clock as that goes now */
  #settled(key: string, until: number, since: number | null): number {
    const { now, monotonic = () => performance.now() } = this.#options;
    const [time, clock] = [now(), monotonic()];
    let known = this.#ends.get(key);
    if (known?.until !== until) {
      const length = since === null ? Infinity : Math.max(0, until - since);
      known = { until, at: clock + Math.min(Math.max(0, until - time), length) };
    }
    const left = known.at - clock;
    const end = left < until - time - SLACK_MS ? time + left : until;
    this.#ends.set(key, { until: end, at: known.at });
    return end;
  }

  #what(): string {
    const { state, quietHours, now } = this.#options;
    return JSON.stringify([state(), isInQuietHours(quietHours(), now())]);
  }
}
