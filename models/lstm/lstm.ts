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
import { random } from '../random.ts';
import { weightOf } from '../window.ts';
import { BATCH, SEQUENCE } from './batch.ts';
import { readLayersModel, writeLayersModel } from './layers-model.ts';
import { Lookup } from './lookup.ts';
import { Network } from './network.ts';
import type { Schedule } from './schedule.ts';

const FIRST: Schedule = { steps: 300, peak: 6e-3, dropout: 0.3 };
/** After newly accepted actions: short and gentle, half on them and half on what was normal before. */
const LATER: Schedule = { steps: 30, peak: 1e-3, dropout: 0.3 };
/** The first tenth of the past is new by definition: what never was cannot come again. It is read, but not learned. */
const SKIP = 0.1;
/** Actions of the past kept for replay. */
const MOST_REPLAY = 10_000;
/** Accepted actions that are collected before they are learned. */
const LEARN_AFTER = 1000;
/** Adam steps of one slice. */
const SLICE = 5;

/** A factored next-action model: how badly did what the user did lately follow from what came before? */
class Lstm implements Detector {
  readonly #options: TrainingOptions;
  readonly #lookup: Lookup;
  #network: Network;
  #past: Encoded[];
  #fresh: Encoded[];

  constructor(options: TrainingOptions, lookup: Lookup, network: Network, past: Encoded[], fresh: Encoded[] = []) {
    this.#options = options;
    this.#lookup = lookup;
    this.#network = network;
    this.#past = past;
    this.#fresh = fresh;
  }

  watch(): Watch {
    let network = this.#network;
    let stream = this.#options.math.stream(network, this.#lookup);
    /** Losses of the window's actions, times their weights, and the weights. */
    const lately: { loss: number; weight: number }[] = [];
    let [sum, weights] = [0, 0];
    return {
      see: (window) => {
        if (network !== this.#network) {
          network = this.#network;
          stream = this.#options.math.stream(network, this.#lookup);
          for (const action of window.actions().slice(0, -1)) stream.see(action);
        }
        const losses = stream.see(window.latest);
        const action = losses ? losses.type + losses.recency + losses.port + losses.token : 0;
        const weight = weightOf(window.latest);
        lately.push({ loss: weight * action, weight });
        sum += weight * action;
        weights += weight;
        if (lately.length > window.length) {
          const left = lately.shift()!;
          sum -= left.loss;
          weights -= left.weight;
        }
        return { window: sum / Math.max(weights, Number.EPSILON), action };
      },
    };
  }

  *learn(accepted: readonly Encoded[], seed: number): Generator<number, void> {
    this.#fresh.push(...accepted);
    if (this.#fresh.length < LEARN_AFTER) return;
    const network = new Network(this.#options.math.kernels(), this.#lookup.sizes);
    for (const name of network.layout.blocks.keys()) network.write(name, this.#network.read(name));
    const past = [...this.#past, ...this.#fresh];
    yield* fit(this.#options.math, network, this.#lookup, past, { ...LATER, seed, recent: this.#fresh.length });
    this.#network = network;
    this.#past = past.slice(-MOST_REPLAY);
    this.#fresh = [];
  }

  save(): SavedDetector {
    return {
      ...writeLayersModel(this.#network),
      'lstm.json': JSON.stringify({
        tokens: this.#lookup.tokens,
        types: this.#lookup.types,
        past: this.#past.map(pack),
        fresh: this.#fresh.map(pack),
      }),
    };
  }
}

type Packed = readonly [time: number, type: number, token: number, recency: number, port: number];
const pack = ({ time, type, token, recency, port }: Encoded): Packed => [time, type, token, recency, port];
const unpack = ([time, type, token, recency, port]: Packed): Encoded => ({
  ...{ time, type, token, recency, port },
  ...{ fields: [], importance: 0, added: true, baseline: false },
});

/** @param plan.recent when above 0, half of the sequences end in the last so many actions */
function* fit(
  math: MathEngine,
  network: Network,
  lookup: Lookup,
  past: readonly Encoded[],
  plan: Schedule & { seed: number; recent: number },
): Generator<number, void> {
  const trainer = math.trainer(network, lookup, plan.seed);
  const next = random(plan.seed ^ 0x5eed);
  const last = past.length - SEQUENCE - 1;
  const first = Math.min(last, Math.floor(SKIP * past.length));
  const recent = Math.max(first, past.length - plan.recent - SEQUENCE);
  try {
    for (let step = 0; step < plan.steps; step++) {
      const starts = Array.from({ length: BATCH }, (_, b) => {
        const from = plan.recent > 0 && b % 2 === 0 ? Math.min(recent, last) : first;
        return from + Math.floor(next() * (last - from + 1));
      });
      trainer.step(past, starts, plan);
      if (step % SLICE === SLICE - 1) yield (step + 1) / plan.steps;
    }
  } finally {
    trainer.end?.();
  }
}

export const lstm: DetectorKind = {
  name: 'lstm',
  needs: 400,
  folds: 3,
  *train(past, options) {
    demandActions('lstm', past, lstm.needs);
    const lookup = Lookup.of(past);
    const network = new Network(options.math.kernels(), lookup.sizes);
    network.initialise(options.seed);
    yield* fit(options.math, network, lookup, past, { ...FIRST, seed: options.seed, recent: 0 });
    return new Lstm(options, lookup, network, past.slice(-MOST_REPLAY));
  },
  load(saved, options) {
    const rest = JSON.parse(savedText(saved, 'lstm.json')) as {
      tokens: number[];
      types: number;
      past: Packed[];
      fresh: Packed[];
    };
    const lookup = new Lookup(rest.tokens, rest.types);
    const network = new Network(options.math.kernels(), lookup.sizes);
    readLayersModel(saved, network);
    return new Lstm(options, lookup, network, rest.past.map(unpack), rest.fresh.map(unpack));
  },
};
