import type { Action, QueryLearning } from '../action.ts';
import { teaches } from '../teaching.ts';
import type { SavedDetector, TrainingOptions } from '../detector.ts';
import { Encoder, savedEncoder, type Encoded } from '../features/encode.ts';
import type { Named } from '../features/named.ts';
import type { Algorithm } from '../algorithm.ts';
import { savedJson } from '../saved.ts';
import type { Scale } from './calibration.ts';
import type { Explained } from './explain.ts';
import type { Normal } from './normal.ts';
import { Profile } from './profile.ts';
import { scoreFoldsFor, trainEnsemble, type FoldsElsewhere, type ScoredFold, type ToldOfHeldOut } from './training.ts';
import type { Judgement } from './view.ts';

/** `Explained`, in the log's own words. */
export interface WindowExplanation extends Pick<Explained, 'rest' | 'votes' | 'nearest'> {
  /** `what` undefined: the window's mix of kinds of action. */
  readonly factors: readonly {
    readonly what: Named | undefined;
    readonly share: number;
    readonly by: Readonly<Record<string, number>>;
  }[];
  readonly familiar: readonly { readonly what: Named; readonly share: number }[];
  readonly surprises: readonly {
    /** Place in the window, 0 the oldest. */
    readonly at: number;
    readonly probability: number;
    readonly expected: readonly { readonly what: Named; readonly probability: number }[];
  }[];
}

/** Queries from which on a log tells of much of what a user does. */
const MUCH = 4;

/** All that is known of one user: what the user's actions are called, and what of them is normal. */
export class UserModel {
  readonly #encoder: Encoder;
  readonly #profile: Profile;

  constructor(encoder: Encoder, profile: Profile) {
    this.#encoder = encoder;
    this.#profile = profile;
  }

  /**
   * Learns a user from the past, in slices; yields progress 0…1.
   * @param past oldest first
   * @param elsewhere scores folds of it meanwhile
   * @throws RangeError when there are fewer than `actionsNeeded(algorithm)`
   */
  static *train(
    past: readonly Action[],
    learning: ReadonlyMap<string, QueryLearning>,
    algorithm: Algorithm,
    options: TrainingOptions,
    elsewhere?: FoldsElsewhere,
  ): Generator<number, UserModel> {
    const { encoder, encoded, done } = encodedOf(past, learning);
    const ensemble = yield* trainEnsemble(done, algorithm, options, elsewhere);
    const profile = new Profile(ensemble, algorithm, options, done.slice(-options.windowLength));
    for (const action of encoded) if (action.baseline && action.importance > 0) profile.know(action);
    return new UserModel(encoder, profile);
  }

  /** `scoreFoldsFor` of a training of `past` that runs elsewhere. */
  static scoreFolds(
    past: readonly Action[],
    learning: ReadonlyMap<string, QueryLearning>,
    algorithm: Algorithm,
    options: TrainingOptions,
    claim: (place: number) => boolean,
  ): Generator<ScoredFold> {
    return scoreFoldsFor(encodedOf(past, learning).done, algorithm, options, claim);
  }

  /**
   * Judges the user's next action; with `learn` what is normal is learned. Undefined where there is nothing to judge.
   * @param suppressed a person said that it is normal: see `suppress`
   */
  observe(action: Action, learn: boolean, suppressed = false): Judgement | undefined {
    if (action.again === true) return undefined;
    const encoded = this.#encoder.encode(action);
    if (encoded.importance === 0) return undefined;
    if (encoded.baseline) {
      this.#profile.know(encoded);
      return undefined;
    }
    const { own, told } = this.#profile.observe(encoded, suppressed);
    if (learn) this.#profile.learn(encoded, own, this.#encoder.queries >= MUCH);
    return told;
  }

  /** As `Profile.suppress`. */
  suppress(suppressed: readonly boolean[]): void {
    this.#profile.suppress(suppressed);
  }

  /** Why the window is as strange as `observe` said last, in the log's own words. Takes milliseconds. */
  explain(judgement: Judgement): WindowExplanation {
    const { factors, familiar, surprises, ...rest } = this.#profile.explain(judgement);
    const named = (field: number | undefined): Named | undefined =>
      field === undefined ? undefined : this.#encoder.nameOf(field);
    return {
      ...rest,
      factors: factors.map(({ field, share, by }) => ({ what: named(field), share, by })),
      familiar: familiar.map(({ field, share }) => ({ what: this.#encoder.nameOf(field), share })),
      surprises: surprises.map(({ at, probability, expected }) => ({
        at,
        probability,
        expected: expected.map(({ type, token, probability: chance }) => ({
          what: token === 0 ? this.#encoder.typeOf(type) : this.#encoder.nameOf(-token),
          probability: chance,
        })),
      })),
    };
  }

  /** What the user's normal looked like to detectors that had not learned it. */
  get normal(): Normal {
    return this.#profile.normal;
  }

  /** Losses of the training, by detector: see `Detector.curve`. */
  get curves(): Readonly<Record<string, readonly number[]>> {
    return this.#profile.curves;
  }

  /** What is told of actions that were held out of its training: none of one that was loaded. */
  get heldOut(): ToldOfHeldOut {
    return this.#profile.heldOut;
  }

  /** Names and values that it knows. */
  get words(): number {
    return this.#encoder.sizes.fields;
  }

  /** How far each detector's view of the user has moved since it was calibrated: 0 and 1 at first. */
  get drift(): Readonly<Record<string, Scale>> {
    return this.#profile.drift;
  }

  /** The user's model by file name. What is saved and what goes on from here are the same. */
  save(): SavedDetector {
    return { ...this.#profile.save(), 'encoder.json': JSON.stringify(this.#encoder.save()) };
  }

  /**
   * @param algorithm judge by this one's detectors alone, where more were trained
   * @throws SyntaxError when the files are not what `save` wrote
   */
  static load(
    saved: SavedDetector,
    learning: ReadonlyMap<string, QueryLearning>,
    algorithm: Algorithm,
    options: TrainingOptions,
  ): UserModel {
    const encoder = new Encoder(learning, savedJson(saved, 'encoder.json', savedEncoder));
    return new UserModel(encoder, Profile.load(saved, algorithm, options));
  }
}

/** What a past looks like to the detectors, and of it what is learned. */
function encodedOf(
  past: readonly Action[],
  learning: ReadonlyMap<string, QueryLearning>,
): { readonly encoder: Encoder; readonly encoded: readonly Encoded[]; readonly done: readonly Encoded[] } {
  const encoder = new Encoder(learning);
  const met = past.filter(({ again }) => again !== true);
  const encoded = met.map((action) => encoder.encode(action));
  return { encoder, encoded, done: encoded.filter((_, m) => teaches(met[m]!, learning)) };
}
