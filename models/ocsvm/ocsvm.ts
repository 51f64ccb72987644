import {
  demandActions,
  savedText,
  type Detector,
  type DetectorKind,
  type SavedDetector,
  type TrainingOptions,
  type Watch,
} from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import type { MathEngine } from '../math-engine.ts';
import { windowsOf, type Bag } from '../neighbours/references.ts';
import { BoundaryWatch, sampleOf, trainBoundary, type Boundary, type Sample } from './boundary.ts';
import { readModel, writeModel } from './libsvm-text.ts';
import { MovingMix } from './mix.ts';

/** Normal windows that the boundary is drawn around; the oldest is forgotten first. */
const MOST_SAMPLES = 500;
/** A new normal window begins every quarter window. */
const OVERLAP = 4;
/** Newly accepted windows after which the boundary is drawn anew. */
const REFIT_AFTER = 5;

/** One-Class SVM over windows: is what the user did lately inside what the user's windows fill? */
class Ocsvm implements Detector {
  readonly #windowLength: number;
  readonly #math: MathEngine;
  readonly #samples: Sample[];
  #boundary: Boundary;
  #fresh: number;

  constructor({ windowLength, math }: TrainingOptions, samples: Sample[], boundary?: Boundary, fresh = 0) {
    this.#windowLength = windowLength;
    this.#math = math;
    this.#samples = samples;
    this.#boundary = boundary ?? trainBoundary(samples, math);
    this.#fresh = fresh;
  }

  watch(): Watch {
    const moving = new MovingMix(this.#windowLength);
    let boundary = this.#boundary;
    let eyes = new BoundaryWatch(boundary);
    return {
      see: (window) => {
        if (boundary !== this.#boundary) {
          boundary = this.#boundary;
          eyes = new BoundaryWatch(boundary);
        }
        moving.push(window.latest);
        return { window: eyes.see(window, moving) };
      },
    };
  }

  *learn(accepted: readonly Encoded[]): Generator<number, void> {
    const windows = windowsOf(accepted, this.#windowLength, this.#windowLength / OVERLAP);
    this.#samples.push(...windows.map(sampleOf));
    this.#samples.splice(0, this.#samples.length - MOST_SAMPLES);
    this.#fresh += Math.max(1, Math.floor(accepted.length / this.#windowLength));
    if (this.#fresh >= REFIT_AFTER) {
      this.#boundary = trainBoundary(this.#samples, this.#math);
      this.#fresh = 0;
    }
    yield 1;
  }

  save(): SavedDetector {
    const { mean, deviation } = this.#boundary.scaling;
    return {
      'ocsvm.model': writeModel(this.#boundary),
      'ocsvm.json': JSON.stringify({
        mean: [...mean],
        deviation: [...deviation],
        fresh: this.#fresh,
        samples: this.#samples.map(({ bag, mix }) => ({ bag, mix: [...mix] })),
      }),
    };
  }
}

interface SavedRest {
  mean: number[];
  deviation: number[];
  fresh: number;
  samples: { bag: Bag; mix: number[] }[];
}

export const ocsvm: DetectorKind = {
  name: 'ocsvm',
  needs: 400,
  folds: 5,
  *train(past, options) {
    demandActions('ocsvm', past, ocsvm.needs);
    const windows = windowsOf(past, options.windowLength, options.windowLength / OVERLAP);
    yield 0.1;
    return new Ocsvm(options, windows.slice(-MOST_SAMPLES).map(sampleOf));
  },
  load(saved, options) {
    const rest = JSON.parse(savedText(saved, 'ocsvm.json')) as SavedRest;
    const scaling = { mean: Float64Array.from(rest.mean), deviation: Float64Array.from(rest.deviation) };
    const samples = rest.samples.map(({ bag, mix }) => ({ bag, mix: Float64Array.from(mix) }));
    const boundary = { ...readModel(savedText(saved, 'ocsvm.model')), scaling };
    return new Ocsvm(options, samples, boundary, rest.fresh);
  },
};
