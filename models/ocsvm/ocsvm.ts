import {
  demandActions,
  type Detector,
  type DetectorKind,
  type SavedDetector,
  type TrainingOptions,
  type Watch,
} from '../detector.ts';
import { Bags, windowsOf } from '../bags/bags.ts';
import type { Encoded } from '../features/encode.ts';
import type { MathEngine } from '../math-engine.ts';
import { pack, unpack } from '../packed.ts';
import { finite, maybe, mustBeFinite, object, savedBytes, savedJson, whole, type Shape } from '../saved.ts';
import { usualTuning } from '../tuning.ts';
import { BoundaryWatch, trainBoundary, type Boundary, type Drawn } from './boundary.ts';
import { readModel, writeModel } from './libsvm-text.ts';
import { MIX, MovingMix } from './mix.ts';
import { KeptSamples, lastOf, samplesOf, type Samples } from './samples.ts';

/** Normal windows that the boundary is drawn around; the oldest is forgotten first. */
const MOST_SAMPLES = 500;
/** A new normal window begins every half window. */
const OVERLAP = 2;
/** Newly accepted windows after which the boundary is drawn again. */
const REFIT_AFTER = 10;

/** One-Class SVM over windows: is what the user did lately inside what the user's windows fill? */
class Ocsvm implements Detector {
  readonly #windowLength: number;
  readonly #math: MathEngine;
  readonly #nu: number;
  #samples: KeptSamples;
  /** Accepted since the boundary was drawn: joined with the others when it is drawn again. */
  #later: Samples[] = [];
  #boundary: Boundary;
  /** Windows accepted since the boundary was drawn. */
  #fresh: number;

  constructor(
    { windowLength, math }: TrainingOptions,
    samples: Samples,
    boundary: Boundary,
    { fresh = 0, nu }: { readonly fresh?: number; readonly nu: number },
  ) {
    this.#nu = nu;
    this.#windowLength = windowLength;
    this.#math = math;
    this.#samples = new KeptSamples(samples);
    this.#boundary = boundary;
    this.#fresh = fresh;
  }

  watch(): Watch {
    const moving = new MovingMix();
    let boundary = this.#boundary;
    let eyes = new BoundaryWatch(boundary);
    return {
      see: (window) => {
        if (boundary !== this.#boundary) {
          boundary = this.#boundary;
          eyes = new BoundaryWatch(boundary);
        }
        moving.see(window);
        return { window: eyes.see(window, moving) };
      },
      explain: (window) => ({ reasons: eyes.explain(window) }),
    };
  }

  *learn(accepted: readonly Encoded[]): Generator<number, void> {
    const windows = windowsOf(accepted, this.#windowLength, this.#windowLength / OVERLAP);
    this.#later.push(samplesOf(windows));
    this.#fresh += Math.max(1, Math.floor(accepted.length / this.#windowLength));
    if (this.#fresh >= REFIT_AFTER) {
      const samples = this.#all();
      this.#boundary = trainBoundary(samples, this.#math, this.#drawn);
      this.#samples = new KeptSamples(samples);
      this.#later = [];
      this.#fresh = 0;
    }
    yield 1;
  }

  /** The windows that a boundary is drawn around now. */
  #all(): Samples {
    const [first, ...rest] = this.#later;
    const samples = this.#samples.samples();
    if (!first) return samples;
    const later = rest.reduce((joint, next) => lastOf(joint, next, MOST_SAMPLES), first);
    return lastOf(samples, later, MOST_SAMPLES);
  }

  get #drawn(): Drawn {
    return { nu: this.#nu, gamma: this.#boundary.gamma };
  }

  save(): SavedDetector {
    const { mean, deviation } = this.#boundary.scaling;
    const { bags, mixes } = this.#all();
    return {
      'ocsvm.model': writeModel(this.#boundary),
      'ocsvm.windows.bin': bags.save(),
      'ocsvm.mixes.bin': pack([mixes, mean, deviation]),
      'ocsvm.json': JSON.stringify(
        this.#nu === usualTuning.nu ? { fresh: this.#fresh } : { fresh: this.#fresh, nu: this.#nu },
      ),
    };
  }
}

const share: Shape<number> = (value): value is number => finite(value) && value > 0 && value < 1;
const shape = object({ fresh: whole(0, 1e6), nu: maybe(share) });

export const ocsvm: DetectorKind = {
  name: 'ocsvm',
  needs: 400,
  folds: 5,
  cost: 5,
  *train(past, options) {
    demandActions('ocsvm', past, ocsvm.needs);
    const { windowLength, math, tuning = usualTuning } = options;
    const windows = windowsOf(past, windowLength, windowLength / OVERLAP);
    const samples = samplesOf(windows.slice(-MOST_SAMPLES));
    yield 0.1;
    return new Ocsvm(options, samples, trainBoundary(samples, math, tuning), tuning);
  },
  load(saved, options) {
    const { fresh, nu = usualTuning.nu } = savedJson(saved, 'ocsvm.json', shape);
    const bags = Bags.load(savedBytes(saved, 'ocsvm.windows.bin'), 'ocsvm.windows.bin');
    const [mixes, mean, deviation] = unpack(
      savedBytes(saved, 'ocsvm.mixes.bin'),
      [Float32Array, Float64Array, Float64Array],
      'ocsvm.mixes.bin',
    );
    if (mixes.length !== bags.size * MIX || mean.length !== MIX || deviation.length !== MIX)
      throw new SyntaxError('ocsvm.mixes.bin: does not fit ocsvm.windows.bin');
    mustBeFinite('ocsvm.mixes.bin', mixes, mean, deviation);
    if (!deviation.every((spread) => spread > 0)) throw new SyntaxError('ocsvm.mixes.bin: a spread that is none');
    const boundary = {
      ...readModel(savedBytes(saved, 'ocsvm.model')),
      scaling: { mean: mean.slice(), deviation: deviation.slice() },
    };
    return new Ocsvm(options, { bags, mixes }, boundary, { fresh, nu });
  },
};
