import { weightsOf, type Algorithm } from '../algorithm.ts';
import type { Watch } from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { SHORTEST, Window } from '../window.ts';
import { fuseActions, type Calibration } from './calibrate.ts';
import { LEAST_Z, scalesBySize, voteOf, zOf, type Scale } from './calibration.ts';
import { fuseExplanations, thingsOf, type Explained } from './explain.ts';
import type { Drift } from './drift.ts';
import { LastTen } from './last-ten.ts';
import { Lasting } from './lasting.ts';
import { BURST, LATEST, Latest, STAY } from './latest.ts';
import { DOUBTFUL, otherZ, stayZ, USER_IS_BACK } from './normal.ts';
import type { Ensemble, Member } from './training.ts';

/** What a user's profile says of an action and of the window that ends with it. All z: deviations above normal, −3…8. */
export interface Judgement {
  /** Of the action alone. */
  readonly action: number;
  /** Of the window, by detector. */
  readonly votes: Readonly<Record<string, number>>;
  /** The votes as they were calibrated, before drift was followed. */
  readonly undrifted: readonly number[];
  /** Actions in the window. */
  readonly filled: number;
  /** Of the window, all evidence fused. 0 while the window has too few actions to say. */
  readonly stretch: number;
  /** Of the last handful of actions; the least z where none of the detectors judges single actions. */
  readonly burst: number;
  /** Mean of `stretch` over the last hundreds of actions, since the last pause. */
  readonly stay: number;
  /**
   * What counts: `stretch` and the one before it, but no more than the very latest actions are strange themselves; or
   * `burst`, or that such a mean since the last calm window is high and `stretch` still is, where that is more.
   */
  readonly window: number;
  /** The same, had no action been suppressed. */
  readonly whole: number;
  /**
   * What `window` was at least at three of the last ten actions since the last pause, on its own scale: it passes any z as rarely as
   * windows do. The least z where that says nothing, or fewer were judged.
   */
  readonly lasts: number;
}

/** Means of the windows' z that go on from action to action. */
export interface Stays {
  /** Since the last pause. */
  readonly lately: number;
  /** Since the last pause or calm window. */
  readonly sinceCalm: number;
  /** What counted at the last actions: see `Judgement.lasts`. Models of earlier versions have none. */
  readonly windows?: readonly number[] | undefined;
}

/** Where nothing was seen yet. */
export const NOBODY: Stays = { lately: 0, sinceCalm: 0 };

interface Judge extends Member {
  readonly weight: number;
  readonly scales: readonly Scale[];
  readonly watch: Watch;
}

/** One stream of actions under the eyes of a user's detectors. Looking never changes them. */
export class View {
  readonly window: Window;
  readonly #judges: readonly Judge[];
  readonly #weights: readonly number[];
  readonly #calibration: Calibration;
  readonly #fused: readonly Scale[];
  readonly #latest = new Latest(LATEST);
  readonly #handful = new Latest(BURST);
  readonly #lasting: Lasting;
  /** … of them, and of those since the last calm window: whether anything is learned asks the first, what alarms the second. */
  #lately = new Latest(STAY);
  #staying = new Latest(STAY);
  readonly #drift: Drift;
  /** z of the last window. */
  #stretch = 0;
  /** What counted lately. */
  #lastTen = new LastTen();

  /**
   * @param algorithm one that the ensemble is calibrated for
   * @param drift of its detectors, in the order of the ensemble's members
   */
  constructor({ members, calibrations }: Ensemble, algorithm: Algorithm, windowLength: number, drift: Drift) {
    this.#drift = drift;
    const calibration = calibrations[algorithm];
    if (!calibration) throw new RangeError(`not calibrated for ${algorithm}`);
    const weights = weightsOf[algorithm];
    this.window = new Window(windowLength);
    this.#lasting = new Lasting(windowLength);
    this.#judges = members
      .filter(({ kind }) => weights[kind.name] !== undefined)
      .map((member) => ({
        ...member,
        weight: weights[member.kind.name]!,
        scales: scalesBySize(member.window, windowLength),
        watch: member.detector.watch(),
      }));
    this.#weights = this.#judges.map(({ weight }) => weight);
    this.#calibration = calibration;
    this.#fused = scalesBySize(calibration.fused, windowLength);
  }

  /** Why the window is as strange as `see` said last. Takes milliseconds. */
  explain({ votes }: Judgement): Explained {
    return fuseExplanations(
      this.#judges.map(({ kind, watch, weight }) => ({
        detector: kind.name,
        weight,
        z: votes[kind.name]!,
        counts: weight * voteOf(votes[kind.name]!, this.#judges.length),
        explanation: watch.explain(this.window),
      })),
      thingsOf(this.window.actions),
    );
  }

  /** What the last actions have left. */
  get stays(): Stays {
    return { lately: this.#lately.mean, sinceCalm: this.#staying.mean, windows: [...this.#lastTen.windows] };
  }

  /** Goes on as if what was seen before had left this: a loaded profile looks at the last actions only. */
  resume({ lately, sinceCalm, windows }: Stays): void {
    this.#lastTen = new LastTen(windows);
    this.#lately = new Latest(STAY, lately);
    this.#staying = new Latest(STAY, sinceCalm);
  }

  see(action: Encoded): Judgement {
    this.window.push(action, this.#stretch < DOUBTFUL);
    const { filled } = this.window;
    const votes: Record<string, number> = {};
    let sum = 0;
    const drift = this.#drift.scales;
    const undrifted: number[] = [];
    const alone = this.#judges.map(({ kind, watch, weight, scales, action, amount }, j) => {
      const seen = watch.see(this.window);
      const calibrated = zOf(seen.window, scales[filled]!);
      undrifted.push(calibrated);
      const z = zOf(calibrated, drift[j]!);
      votes[kind.name] = z;
      sum += weight * voteOf(z, this.#judges.length);
      if (seen.action === undefined || !action || !amount) return undefined;
      return { action: zOf(seen.action, action), amount: zOf(seen.amount ?? seen.action, amount) };
    });
    const stretch = filled < SHORTEST ? 0 : zOf(sum, this.#fused[filled]!);
    const fused = (by: 'action' | 'amount'): number | undefined =>
      fuseActions(
        alone.map((one) => one?.[by]),
        this.#weights,
      );
    const [mostAnomalous, whole] = [fused('action'), fused('amount')];
    const { latest, lasting, burst: scale, stay: stayScale } = this.#calibration;
    this.#stretch = stretch;
    // Who comes back after a pause, or is the user again, is not the one who stayed before.
    const isAfterPause = this.window.since === 1;
    if (isAfterPause) {
      this.#lately = new Latest(STAY);
      this.#lastTen = new LastTen();
    }
    if (isAfterPause || stretch < USER_IS_BACK) this.#staying = new Latest(STAY);
    const stay = this.#lately.see(stretch);
    const stayed = this.#staying.see(stretch);
    const told = { votes, undrifted, filled, stretch, stay };
    const carried = zOf(this.#lasting.see(stretch, this.window.since), lasting);
    const lasted = filled < SHORTEST ? 0 : carried;
    const stays = stayZ(stayed, stayScale, stretch);
    if (mostAnomalous === undefined || whole === undefined || !latest) {
      const window = Math.max(lasted, stays);
      return { ...told, action: stretch, burst: LEAST_Z, window, whole: window, lasts: this.#lasts(window) };
    }
    const lately = zOf(this.#latest.see(mostAnomalous), latest);
    const burst = otherZ(this.#handful.see(whole), scale);
    const window = filled < SHORTEST ? 0 : Math.max(Math.min(lasted, lately), burst, stays);
    return { ...told, action: mostAnomalous, burst, window, whole: window, lasts: this.#lasts(window) };
  }

  #lasts(window: number): number {
    const third = this.#lastTen.see(window);
    const { lasts } = this.#calibration;
    return lasts ? otherZ(third, lasts) : third;
  }
}
