import {
  demandActions,
  type Detector,
  type DetectorKind,
  type SavedDetector,
  type TrainingOptions,
  type Watch,
} from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import type { MathEngine } from '../math-engine.ts';
import { random } from '../random.ts';
import { list, object, savedBytes, savedJson, whole } from '../saved.ts';
import { weightOf } from '../window.ts';
import { BATCH, SEQUENCE } from './batch.ts';
import { readLayersModel, writeLayersModel } from './layers-model.ts';
import { Foresight } from './foresight.ts';
import { Lookup } from './lookup.ts';
import { Network } from './network.ts';
import { Past, type Actions } from './past.ts';
import type { Schedule } from './schedule.ts';
import { MOST_INPUT_TOKENS, MOST_TYPE_CLASSES } from './shape.ts';

const FIRST: Schedule = { steps: 300, peak: 6e-3, dropout: 0.3 };
/** After newly accepted actions: short and gentle, half on them and half on what was normal before. */
const LATER: Schedule = { steps: 30, peak: 1e-3, dropout: 0.3 };
/** The first tenth of the past is new by definition: what never was cannot come again. It is read, but not learned. */
const SKIP = 0.1;
/** Actions of the past kept for replay. */
const MOST_REPLAY = 10_000;
/** Accepted actions that are collected before they are learned. */
const LEARN_AFTER = 1000;
/** Adam steps of one slice: about as long as one refit of the SVM, so that neither makes a line wait longer than the other, and few lines wait at all. */
const SLICE = 10;

/** A factored next-action model: how badly did what the user did lately follow from what came before? */
class Lstm implements Detector {
  readonly #options: TrainingOptions;
  readonly #lookup: Lookup;
  #network: Network;
  #past: Past;
  /** Accepted, and not learned yet. */
  #fresh: Past;
  /** Nats an action. */
  readonly curve: readonly number[];

  constructor(
    options: TrainingOptions,
    lookup: Lookup,
    network: Network,
    past: Past,
    { fresh = Past.of([]), curve = [] }: { readonly fresh?: Past; readonly curve?: readonly number[] } = {},
  ) {
    this.curve = curve;
    this.#options = options;
    this.#lookup = lookup;
    this.#network = network;
    this.#past = past;
    this.#fresh = fresh;
  }

  watch(): Watch {
    let network = this.#network;
    let stream = this.#options.math.stream(network, this.#lookup);
    let foresight: Foresight | undefined;
    /** What came before the window, so that its first actions are not unforeseen for want of a past. */
    const before: Encoded[] = [];
    /** Losses of the window's actions, times their weights, and the weights. */
    const lately: { loss: number; weight: number }[] = [];
    let [sum, weights] = [0, 0];
    return {
      see: (window) => {
        if (network !== this.#network) {
          network = this.#network;
          stream = this.#options.math.stream(network, this.#lookup);
          foresight = undefined;
          for (const action of window.actions.slice(0, -1)) stream.see(action);
        }
        before.push(window.latest);
        before.splice(0, before.length - 2 * window.length);
        const losses = stream.see(window.latest);
        const action = losses ? losses.type + losses.recency + losses.port + losses.token : 0;
        const weight = weightOf(window.latest);
        lately.push({ loss: weight * action, weight });
        sum += weight * action;
        weights += weight;
        for (const left of lately.splice(0, lately.length - window.filled)) {
          sum -= left.loss;
          weights -= left.weight;
        }
        return { window: sum / Math.max(weights, Number.EPSILON), action };
      },
      explain: (window) => {
        foresight ??= new Foresight(this.#options.math.stream(network, this.#lookup), this.#lookup);
        return foresight.explain(before, window.filled);
      },
    };
  }

  *learn(accepted: readonly Encoded[], seed: number): Generator<number, void> {
    this.#fresh = this.#fresh.with(Past.of(accepted), Infinity);
    if (this.#fresh.length < LEARN_AFTER) return;
    const network = new Network(this.#options.math.kernels(), this.#lookup.sizes);
    for (const name of network.layout.blocks.keys()) network.write(name, this.#network.read(name));
    const past = this.#past.with(this.#fresh, Infinity);
    yield* fit(this.#options.math, network, this.#lookup, past, { ...LATER, seed, recent: this.#fresh.length });
    this.#network = network;
    this.#past = this.#past.with(this.#fresh, MOST_REPLAY);
    this.#fresh = Past.of([]);
  }

  save(): SavedDetector {
    return {
      ...writeLayersModel(this.#network),
      'lstm.json': JSON.stringify({ tokens: this.#lookup.tokens, types: this.#lookup.types }),
      'lstm.past.bin': this.#past.save(),
      'lstm.fresh.bin': this.#fresh.save(),
    };
  }
}

/**
 * Gives the mean loss of each slice.
 * @param plan.recent when above 0, half of the sequences end in this many of the last actions
 */
function* fit(
  math: MathEngine,
  network: Network,
  lookup: Lookup,
  past: Actions,
  plan: Schedule & { seed: number; recent: number },
): Generator<number, number[]> {
  const trainer = math.trainer(network, lookup, plan.seed);
  const next = random(plan.seed ^ 0x5eed);
  const last = past.length - SEQUENCE - 1;
  const first = Math.min(last, Math.floor(SKIP * past.length));
  const recent = Math.max(first, past.length - plan.recent - SEQUENCE);
  const curve: number[] = [];
  let sum = 0;
  try {
    for (let step = 0; step < plan.steps; step++) {
      const starts = Array.from({ length: BATCH }, (_, b) => {
        const from = plan.recent > 0 && b % 2 === 0 ? Math.min(recent, last) : first;
        return from + Math.floor(next() * (last - from + 1));
      });
      sum += trainer.step(past, starts, plan);
      if (step % SLICE !== SLICE - 1) continue;
      curve.push(sum / SLICE);
      sum = 0;
      yield (step + 1) / plan.steps;
    }
    return curve;
  } finally {
    trainer.end?.();
  }
}

const shape = object({
  tokens: list(whole(0, 2 ** 31), MOST_INPUT_TOKENS),
  types: whole(0, MOST_TYPE_CLASSES),
});

export const lstm: DetectorKind = {
  name: 'lstm',
  needs: 400,
  folds: 3,
  cost: 100,
  *train(past, options) {
    demandActions('lstm', past, lstm.needs);
    const lookup = Lookup.of(past);
    const network = new Network(options.math.kernels(), lookup.sizes);
    network.initialise(options.seed);
    const curve = yield* fit(options.math, network, lookup, past, { ...FIRST, seed: options.seed, recent: 0 });
    return new Lstm(options, lookup, network, Past.of(past.slice(-MOST_REPLAY)), { curve });
  },
  load(saved, options) {
    const { tokens, types } = savedJson(saved, 'lstm.json', shape);
    const lookup = new Lookup(tokens, types);
    const network = new Network(options.math.kernels(), lookup.sizes);
    readLayersModel(saved, network);
    const [past, fresh] = ['lstm.past.bin', 'lstm.fresh.bin'].map((file) => Past.load(savedBytes(saved, file), file));
    return new Lstm(options, lookup, network, past!, { fresh: fresh! });
  },
};
