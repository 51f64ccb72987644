import type { SavedDetector, TrainingOptions } from '../detector.ts';
import { type Encoded } from '../features/encode.ts';
import { weightsOf, type Algorithm } from '../algorithm.ts';
import { detectorKinds } from '../kinds.ts';
import { Window } from '../window.ts';
import { zOf } from './calibration.ts';
import type { Ensemble, Member } from './training.ts';

/** What a user's profile says of an action and of the window that ends with it. All z: deviations above normal, −3…8. */
export interface Judgement {
  /** Of the action alone. */
  readonly action: number;
  /** Of the window, all evidence fused. 0 while the window has too few actions to say. */
  readonly window: number;
  /** Of the window, by detector. */
  readonly votes: Readonly<Record<string, number>>;
}

/** Only windows less strange than this are learned: who trains on what he should have noticed goes blind. */
const ACCEPT_BELOW = 1.5;
/** Share of a window that is given up when the window was too strange to learn; the rest is tried again later. */
const GIVE_UP = 0.2;
/** Share of the window that must be filled before it is judged. */
const ENOUGH = 0.5;

/** One user's normal, watching the user's actions, and learning those that are normal. */
export class Profile {
  readonly #ensemble: Ensemble;
  readonly #options: TrainingOptions;
  #window: Window;
  #watches;
  /** Actions that wait for their window's judgement. */
  #pending: Encoded[];
  #learned = 0;

  /** @param recent the user's last actions, oldest first: what the window holds at the start */
  constructor(ensemble: Ensemble, options: TrainingOptions, recent: readonly Encoded[], pending: Encoded[] = []) {
    this.#ensemble = ensemble;
    this.#options = options;
    this.#pending = pending;
    this.#window = new Window(options.windowLength);
    this.#watches = ensemble.members.map(({ detector }) => detector.watch());
    this.#warm(recent);
  }

  /** Judges the action; learns nothing. */
  observe(action: Encoded): Judgement {
    this.#window.push(action);
    const { members, fused } = this.#ensemble;
    const votes: Record<string, number> = {};
    let sum = 0;
    let own = 0;
    let judges = 0;
    members.forEach(({ kind, window, action: scale, weight }, m) => {
      const seen = this.#watches[m]!.see(this.#window);
      votes[kind.name] = zOf(seen.window, window);
      sum += weight * votes[kind.name]!;
      if (seen.action === undefined || !scale) return;
      own += weight * zOf(seen.action, scale);
      judges += weight;
    });
    const enough = this.#window.filled >= ENOUGH * this.#window.length;
    const judged = enough ? zOf(sum, fused) : 0;
    return { action: judges > 0 ? own / judges : judged, window: judged, votes };
  }

  /**
   * Takes the judged action into account for learning; once a window's worth of actions was found normal, learns it,
   * in slices. Yields progress; most calls yield nothing.
   */
  *learn(action: Encoded, { window }: Judgement): Generator<number, void> {
    this.#pending.push(action);
    if (this.#pending.length < this.#window.length) return;
    if (window >= ACCEPT_BELOW) {
      this.#pending.splice(0, GIVE_UP * this.#window.length);
      return;
    }
    const accepted = this.#pending;
    this.#pending = [];
    this.#learned += accepted.length;
    for (const { detector } of this.#ensemble.members)
      yield* detector.learn(accepted, this.#options.seed + this.#learned);
  }

  /** Takes an action as known without judging it. */
  know(action: Encoded): void {
    for (const { detector } of this.#ensemble.members) detector.know?.(action);
  }

  /** How strange the fused z is among the user's normal windows: 0…1, the share of them that is less strange. */
  rank(z: number): number {
    const { percentiles } = this.#ensemble;
    return percentiles.filter((value) => value < z).length / percentiles.length;
  }

  /** Everything needed to go on elsewhere, by file name; and goes on from there itself, so that both are the same. */
  save(): SavedDetector {
    const recent = this.#window.actions();
    this.#window = new Window(this.#options.windowLength);
    this.#watches = this.#ensemble.members.map(({ detector }) => detector.watch());
    this.#warm(recent);
    const { members, fused, percentiles } = this.#ensemble;
    const scales = Object.fromEntries(
      members.map(({ kind, window, action, weight }) => [kind.name, { window, action, weight }]),
    );
    const profile: SavedProfile = {
      learned: this.#learned,
      recent,
      pending: this.#pending,
      fused,
      percentiles,
      scales,
    };
    return Object.assign(
      { 'profile.json': JSON.stringify(profile) },
      ...members.map(({ detector }) => detector.save()),
    ) as SavedDetector;
  }

  /**
   * @param only judge by this algorithm's detectors alone, where more were trained
   * @throws SyntaxError when the files are not what `save` wrote
   */
  static load(saved: SavedDetector, options: TrainingOptions, only?: Algorithm): Profile {
    const { 'profile.json': text } = saved;
    if (typeof text !== 'string') throw new SyntaxError('profile.json: missing');
    const { learned, recent, pending, fused, percentiles, scales } = JSON.parse(text) as SavedProfile;
    const members = detectorKinds
      .filter(({ name }) => scales[name] !== undefined && (!only || weightsOf[only][name] !== undefined))
      .map((kind): Member => ({ kind, detector: kind.load(saved, options), ...scales[kind.name]! }));
    const sole = members.length === 1 && Object.keys(scales).length > 1 ? members[0] : undefined;
    const scale = sole ? { mean: 0, deviation: sole.weight } : fused;
    const profile = new Profile({ members, fused: scale, percentiles }, options, recent, pending);
    profile.#learned = learned;
    return profile;
  }

  #warm(recent: readonly Encoded[]): void {
    for (const action of recent) {
      this.#window.push(action);
      for (const watch of this.#watches) watch.see(this.#window);
    }
  }
}

interface SavedProfile {
  readonly learned: number;
  readonly recent: readonly Encoded[];
  readonly pending: Encoded[];
  readonly fused: Ensemble['fused'];
  readonly percentiles: readonly number[];
  readonly scales: Readonly<Record<string, Pick<Member, 'window' | 'action' | 'weight'>>>;
}
