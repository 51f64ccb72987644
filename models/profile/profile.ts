import type { Algorithm } from '../algorithm.ts';
import type { SavedDetector, TrainingOptions } from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { detectorKinds } from '../kinds.ts';
import { savedJson } from '../saved.ts';
import type { Scale } from './calibration.ts';
import { Drift, type SavedDrift } from './drift.ts';
import type { Explained } from './explain.ts';
import type { Normal } from './normal.ts';
import { fits, savedProfile, type Pending, type SavedProfile } from './saved-profile.ts';
import { kindsOf, type Ensemble, type Member, type ToldOfHeldOut } from './training.ts';
import { NOBODY, View, type Judgement, type Stays } from './view.ts';

/** Only windows less strange than this are learned: who trains on what they should have noticed goes blind. */
const ACCEPT_BELOW = 1.5;
/**
 * … and, where a log tells of much, while the mean of the last hundreds is less than this, once as many came after them: somebody
 * who stays is not learned for being only a little strange (docs/decisions/stay.md).
 */
const NOBODY_STAYS = 0.75;
/** … and only without a burst so strange: that hides in a window that is normal as a whole. */
const NO_BURST = 3;
/** Windows' worth of actions that are accepted together: the longer, the less of a stranger passes for normal. */
const TOGETHER = 2;
/** Share of them that is given up when they were too strange to learn; the rest is tried again later. */
const GIVE_UP = 0.2;
/** Judged actions of the past that a loaded profile looks at again, so that it sees what it saw before. */
const LOOKS_BACK = 2;

/** What was seen, and what is to be told of it: the same but where actions are suppressed. */
export interface Observed {
  readonly own: Judgement;
  readonly told: Judgement;
}

/** One user's normal, watching the user's actions, and learning those that are normal. */
export class Profile {
  readonly #ensemble: Ensemble;
  readonly #options: TrainingOptions;
  readonly #algorithm: Algorithm;
  #view: View;
  /** The last judged actions, oldest first. */
  #recent: Encoded[] = [];
  /** Whether each of them was suppressed. */
  #suppressed: boolean[] = [];
  #suppressing: View | undefined;
  #pending: Pending[];
  #learned = 0;
  readonly #drift: Drift;
  #update: Generator<number, void> | undefined;

  /** @param recent the user's last actions, oldest first: what the window holds at the start */
  constructor(
    ensemble: Ensemble,
    algorithm: Algorithm,
    options: TrainingOptions,
    recent: readonly Encoded[],
    { pending = [], drift, stays = NOBODY }: { pending?: Pending[]; drift?: SavedDrift; stays?: Stays } = {},
  ) {
    this.#ensemble = ensemble;
    this.#algorithm = algorithm;
    this.#options = options;
    this.#pending = pending;
    this.#drift = new Drift(ensemble.members.length, drift);
    this.#view = this.#newView();
    for (const action of recent) this.#see(action);
    this.#view.resume(stays);
  }

  /**
   * Judges the action; learns nothing.
   * @param suppressed a person said that it is normal: what is told is what is left of the window without such actions
   */
  observe(action: Encoded, suppressed = false): Observed {
    const own = this.#see(action);
    this.#suppressed.push(suppressed);
    this.#suppressed.splice(0, this.#suppressed.length - this.#recent.length);
    if (!this.#suppressing) return { own, told: own };
    return {
      own,
      told: { ...(suppressed ? { ...own, window: 0 } : this.#suppressing.see(action)), whole: own.window },
    };
  }

  /**
   * Begins to look at what is left of the windows without suppressed actions, beside the whole; what is learned stays
   * the same, so that a suppression may be taken back.
   * @param suppressed whether the last actions were, oldest first; those before them were not
   */
  suppress(suppressed: readonly boolean[]): void {
    const unknown = this.#recent.length - suppressed.length;
    this.#suppressed = this.#recent.map((_, r) => suppressed[r - unknown] ?? false);
    this.#suppressing = this.#warmed();
  }

  /** Why the window is as strange as was told last. */
  explain(judgement: Judgement): Explained {
    return (this.#suppressing ?? this.#view).explain(judgement);
  }

  /**
   * Takes the judged action into account for learning. Once enough actions were found normal together they are
   * learned: one slice at each later call, so that no action waits long for its judgement.
   * @param tellsMuch the log has many kinds of action: what is new to the user is then only a part of what they do
   */
  learn(action: Encoded, { stretch, burst, undrifted, stay }: Judgement, tellsMuch: boolean): void {
    if (this.#update?.next().done) this.#update = undefined;
    this.#pending.push({ action, stretch, burst, undrifted });
    const together = TOGETHER * this.#options.windowLength;
    if (this.#pending.length < (tellsMuch ? 2 : 1) * together || this.#update) return;
    const oldest = this.#pending.slice(0, together);
    const mean = oldest.reduce((sum, pending) => sum + pending.stretch, 0) / together;
    const isBurst = oldest.some((pending) => pending.burst >= NO_BURST);
    const isStrange = tellsMuch ? stay >= NOBODY_STAYS : stretch >= ACCEPT_BELOW;
    if (mean >= ACCEPT_BELOW || isStrange || isBurst) {
      this.#pending.splice(0, GIVE_UP * together);
      return;
    }
    this.#drift.accept(oldest.map((pending) => pending.undrifted));
    this.#update = this.#learnAll(this.#pending.splice(0, together).map((pending) => pending.action));
  }

  /** Takes an action as known without judging it. */
  know(action: Encoded): void {
    for (const { detector } of this.#ensemble.members) detector.know?.(action);
  }

  /** What the user's normal looked like to detectors that had not learned it. */
  get normal(): Normal {
    return this.#ensemble.calibrations[this.#algorithm]!.normal;
  }

  /** By detector, the losses of its training, where it has any and was trained here. */
  get curves(): Readonly<Record<string, readonly number[]>> {
    const curves = this.#ensemble.members.map(({ kind, detector: { curve = [] } }) => [kind.name, curve] as const);
    return Object.fromEntries(curves.filter(([, curve]) => curve.length > 0));
  }

  /** What is told of held-out actions, where it was trained here. */
  get heldOut(): ToldOfHeldOut {
    return this.#ensemble.heldOut ?? { curves: {}, spreads: {} };
  }

  /** How far each detector's view of the user's accepted windows has moved since it was calibrated. */
  get drift(): Readonly<Record<string, Scale>> {
    return Object.fromEntries(this.#ensemble.members.map(({ kind }, m) => [kind.name, this.#drift.scales[m]!]));
  }

  /** Everything needed to go on elsewhere, by file name; and goes on from there itself, so that both are the same. */
  save(): SavedDetector {
    if (this.#update) for (const _ of this.#update);
    this.#update = undefined;
    const { members, calibrations } = this.#ensemble;
    const scales = Object.fromEntries(
      members.map(({ kind, window, action, amount }) => [kind.name, { window, action, amount }]),
    );
    const profile = {
      learned: this.#learned,
      recent: this.#recent,
      pending: this.#pending,
      stays: this.#view.stays,
      drift: this.#drift.save(),
      calibrations,
      scales,
    } satisfies SavedProfile;
    const saved = Object.assign(
      { 'profile.json': JSON.stringify(profile) },
      ...members.map(({ detector }) => detector.save()),
    ) as SavedDetector;
    this.#view = this.#newView();
    for (const action of this.#recent) this.#view.see(action);
    this.#view.resume(profile.stays);
    if (this.#suppressing) this.#suppressing = this.#warmed();
    return saved;
  }

  /**
   * @param algorithm judge by this one's detectors alone, where more were trained
   * @throws SyntaxError when the files are not what `save` wrote
   */
  static load(saved: SavedDetector, algorithm: Algorithm, options: TrainingOptions): Profile {
    const {
      learned,
      recent,
      pending,
      stays = NOBODY,
      drift,
      calibrations,
      scales,
    } = savedJson(saved, 'profile.json', savedProfile);
    if (!Object.hasOwn(calibrations, algorithm)) throw new SyntaxError(`profile.json: not trained for ${algorithm}`);
    const wanted = kindsOf(algorithm);
    const members = detectorKinds
      .filter((kind) => wanted.includes(kind))
      .map((kind): Member => ({ kind, detector: kind.load(saved, options), ...scales[kind.name]! }));
    const isWhole = members.length === Object.keys(scales).length;
    if (
      !members.every(({ kind }) => Object.hasOwn(scales, kind.name)) ||
      !fits(drift, pending, Object.keys(scales).length)
    )
      throw new SyntaxError('profile.json: its parts do not fit together');
    const kept = isWhole ? { pending: [...pending], drift, stays } : {};
    const profile = new Profile({ members, calibrations }, algorithm, options, recent, kept);
    profile.#learned = learned;
    return profile;
  }

  /** Other eyes on the same normal, which have seen nothing yet. */
  #newView(): View {
    return new View(this.#ensemble, this.#algorithm, this.#options.windowLength, this.#drift);
  }

  /** Eyes that have seen the last actions but for those that were suppressed. */
  #warmed(): View {
    const view = this.#newView();
    this.#recent.forEach((action, r) => {
      if (!this.#suppressed[r]) view.see(action);
    });
    view.resume(this.#view.stays);
    return view;
  }

  *#learnAll(accepted: readonly Encoded[]): Generator<number, void> {
    this.#learned += accepted.length;
    const seed = this.#options.seed + this.#learned;
    for (const { detector } of this.#ensemble.members) yield* detector.learn(accepted, seed);
  }

  #see(action: Encoded): Judgement {
    this.#recent.push(action);
    const most = LOOKS_BACK * this.#options.windowLength;
    if (this.#recent.length > most) this.#recent.splice(0, this.#recent.length - most);
    return this.#view.see(action);
  }
}
