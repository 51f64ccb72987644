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
import { finite, list, maybe, object, savedBytes, savedJson, whole, type Shape } from '../saved.ts';
import { usualTuning, type Tuning } from '../tuning.ts';
import { weightOf } from '../window.ts';
import { SEQUENCE } from './batch.ts';
import { readLayersModel, writeLayersModel } from './layers-model.ts';
import { Foresight } from './foresight.ts';
import { Lookup } from './lookup.ts';
import { Network } from './network.ts';
import { Past, type Actions } from './past.ts';
import { stepsOf, type Schedule } from './schedule.ts';
import { MOST_INPUT_TOKENS, MOST_TYPE_CLASSES } from './shape.ts';

const FIRST = { steps: 300, peak: 6e-3 };
/** After newly accepted actions: short and gentle, half on them and half on what was normal before. */
const LATER = { steps: 30, peak: 1e-3 };
/** The first tenth of the past is new by definition: what never was cannot come again. It is read, but not learned. */
const SKIP = 0.1;
/** Actions of the past kept for replay. */
const MOST_REPLAY = 10_000;
/** Accepted actions that are collected before they are learned. */
const LEARN_AFTER = 1000;
/** Adam steps of one slice: about as long as one refit of the SVM, so that neither makes a line wait longer than the other, and few lines wait at all. */
const SLICE = 10;

/** What of the tuning a trained model keeps: it is trained on as it was at first. */
type Kept = Pick<Tuning, 'units' | 'dropout' | 'batch'>;

/** What is beside the network and its past. */
interface More {
  readonly tuning: Kept;
  readonly fresh?: Past;
  readonly curves?: Curves;
}

/** Mean losses by slice: of what was learned and of what was not. */
interface Curves {
  readonly learned: readonly number[];
  readonly unseen: readonly number[];
}

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
  /** … of actions that it did not learn, without dropout. */
  readonly unseenCurve: readonly number[];
  readonly #tuning: Kept;

  constructor(
    options: TrainingOptions,
    lookup: Lookup,
    network: Network,
    past: Past,
    { tuning, fresh = Past.of([]), curves = { learned: [], unseen: [] } }: More,
  ) {
    this.curve = curves.learned;
    this.unseenCurve = curves.unseen;
    this.#tuning = tuning;
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
    const { units, dropout, batch } = this.#tuning;
    const network = new Network(this.#options.math.kernels(), this.#lookup.sizes, units);
    for (const name of network.layout.blocks.keys()) network.write(name, this.#network.read(name));
    const past = this.#past.with(this.#fresh, Infinity);
    const plan = { ...LATER, dropout, batch, seed, recent: this.#fresh.length };
    yield* fit(this.#options.math, network, this.#lookup, past, plan);
    this.#network = network;
    this.#past = this.#past.with(this.#fresh, MOST_REPLAY);
    this.#fresh = Past.of([]);
  }

  save(): SavedDetector {
    const { tokens, types } = this.#lookup;
    return {
      ...writeLayersModel(this.#network),
      'lstm.json': JSON.stringify(isUsual(this.#tuning) ? { tokens, types } : { tokens, types, tuning: this.#tuning }),
      'lstm.past.bin': this.#past.save(),
      'lstm.fresh.bin': this.#fresh.save(),
    };
  }
}

const isUsual = ({ units, dropout, batch }: Kept): boolean =>
  units === usualTuning.units && dropout === usualTuning.dropout && batch === usualTuning.batch;

/**
 * Gives the mean loss of each slice.
 * @param plan.recent when above 0, half of the sequences end in this many of the last actions
 * @param unseen looked at after each slice, never learned
 */
function* fit(
  math: MathEngine,
  network: Network,
  lookup: Lookup,
  past: Actions,
  plan: Schedule & { batch: number; seed: number; recent: number },
  unseen: readonly Encoded[] = [],
): Generator<number, Curves> {
  const { batch } = plan;
  const trainer = math.trainer(network, lookup, plan.seed, batch);
  const looks = startsOver(unseen.length, batch);
  const next = random(plan.seed ^ 0x5eed);
  const last = past.length - SEQUENCE - 1;
  const first = Math.min(last, Math.floor(SKIP * past.length));
  const recent = Math.max(first, past.length - plan.recent - SEQUENCE);
  const curves = { learned: [] as number[], unseen: [] as number[] };
  let sum = 0;
  try {
    for (let step = 0; step < plan.steps; step++) {
      const starts = Array.from({ length: batch }, (_, b) => {
        const from = plan.recent > 0 && b % 2 === 0 ? Math.min(recent, last) : first;
        return from + Math.floor(next() * (last - from + 1));
      });
      sum += trainer.step(past, starts, plan);
      if (step % SLICE !== SLICE - 1) continue;
      curves.learned.push(sum / SLICE);
      if (looks) curves.unseen.push(trainer.loss(unseen, looks));
      sum = 0;
      yield (step + 1) / plan.steps;
    }
    return curves;
  } finally {
    trainer.end?.();
  }
}

/** Where as many sequences as a step reads begin, evenly over that many actions; undefined where not even one fits. */
function startsOver(length: number, batch: number): number[] | undefined {
  const last = length - SEQUENCE - 1;
  return last < 0 ? undefined : Array.from({ length: batch }, (_, b) => Math.floor(((b + 0.5) * (last + 1)) / batch));
}

const share: Shape<number> = (value): value is number => finite(value) && value >= 0 && value < 1;
const cells: Shape<number> = (value): value is number => whole(8, 256)(value) && value % 8 === 0;

const shape = object({
  tokens: list(whole(0, 2 ** 31), MOST_INPUT_TOKENS),
  types: whole(0, MOST_TYPE_CLASSES),
  tuning: maybe(object({ units: cells, dropout: share, batch: whole(1, 64) })),
});

export const lstm: DetectorKind = {
  name: 'lstm',
  needs: 400,
  folds: 3,
  cost: 100,
  *train(past, options, unseen) {
    demandActions('lstm', past, lstm.needs);
    const lookup = Lookup.of(past);
    const { math, seed, tuning = usualTuning } = options;
    const { units, dropout, batch, epochs } = tuning;
    const network = new Network(math.kernels(), lookup.sizes, units);
    network.initialise(seed);
    const steps = epochs === null ? FIRST.steps : stepsOf(epochs, past.length, SEQUENCE * batch, SLICE);
    const plan = { ...FIRST, steps, dropout, batch, seed, recent: 0 };
    const curves = yield* fit(math, network, lookup, past, plan, unseen);
    const kept = { units, dropout, batch };
    return new Lstm(options, lookup, network, Past.of(past.slice(-MOST_REPLAY)), { tuning: kept, curves });
  },
  load(saved, options) {
    const { tokens, types, tuning = usualTuning } = savedJson(saved, 'lstm.json', shape);
    const lookup = new Lookup(tokens, types);
    const network = new Network(options.math.kernels(), lookup.sizes, tuning.units);
    readLayersModel(saved, network);
    const [past, fresh] = ['lstm.past.bin', 'lstm.fresh.bin'].map((file) => Past.load(savedBytes(saved, file), file));
    return new Lstm(options, lookup, network, past!, { tuning, fresh: fresh! });
  },
};
