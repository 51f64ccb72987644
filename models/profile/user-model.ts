import type { Action, QueryLearning } from '../action.ts';
import { savedText, type SavedDetector, type TrainingOptions } from '../detector.ts';
import { Encoder, type SavedEncoder } from '../features/encode.ts';
import type { Algorithm } from '../algorithm.ts';
import { Profile, type Judgement } from './profile.ts';
import { trainEnsemble } from './training.ts';

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
   * @throws RangeError when there are fewer than `actionsNeeded(algorithm)`
   */
  static *train(
    past: readonly Action[],
    learning: ReadonlyMap<string, QueryLearning>,
    algorithm: Algorithm,
    options: TrainingOptions,
  ): Generator<number, UserModel> {
    const encoder = new Encoder(learning);
    const encoded = past.map((action) => encoder.encode(action)).filter(({ importance }) => importance > 0);
    const done = encoded.filter(({ baseline }) => !baseline);
    const ensemble = yield* trainEnsemble(done, algorithm, options);
    const profile = new Profile(ensemble, options, done.slice(-options.windowLength));
    for (const action of encoded) if (action.baseline) profile.know(action);
    return new UserModel(encoder, profile);
  }

  /** Judges the user's next action; with `learn` what is normal is learned. Undefined where there is nothing to judge. */
  observe(action: Action, learn: boolean): Judgement | undefined {
    const encoded = this.#encoder.encode(action);
    if (encoded.importance === 0) return undefined;
    if (encoded.baseline) {
      this.#profile.know(encoded);
      return undefined;
    }
    const judgement = this.#profile.observe(encoded);
    // Slices of a lesson matter to whoever waits; here nobody does before the next action.
    if (learn) for (const _ of this.#profile.learn(encoded, judgement));
    return judgement;
  }

  /** Share of the user's normal windows that are less strange than `z`, 0…1. */
  rank(z: number): number {
    return this.#profile.rank(z);
  }

  /** The user's model by file name. What is saved and what goes on from here are the same. */
  save(): SavedDetector {
    return { ...this.#profile.save(), 'encoder.json': JSON.stringify(this.#encoder.save()) };
  }

  /**
   * @param only judge by this algorithm's detectors alone, where more were trained
   * @throws SyntaxError when the files are not what `save` wrote
   */
  static load(
    saved: SavedDetector,
    learning: ReadonlyMap<string, QueryLearning>,
    options: TrainingOptions,
    only?: Algorithm,
  ): UserModel {
    const encoder = new Encoder(learning, JSON.parse(savedText(saved, 'encoder.json')) as SavedEncoder);
    return new UserModel(encoder, Profile.load(saved, options, only));
  }
}
