import { random } from '../random.ts';
import type { Lookup } from './lookup.ts';
import { embeddings, type Network } from './network.ts';
import type { Actions } from './past.ts';
import { INPUT, UNITS } from './shape.ts';

export interface Schedule {
  /** Adam steps. */
  readonly steps: number;
  /** Highest learning rate of the one-cycle schedule (Smith 2018). */
  readonly peak: number;
  readonly dropout: number;
}

/** Actions of a training sequence, and sequences of a batch. */
export const SEQUENCE = 50;
export const BATCH = 16;
const ROWS = SEQUENCE * BATCH;
const GATES = 4 * UNITS;
const FLOAT = 4;
/** Share of the steps in which the rate rises. */
const WARM_UP = 0.3;
/** Gradients longer than this are shortened to it: one odd batch must not throw the weights. */
const LONGEST_GRADIENT = 1;

const heads = ['type', 'recency', 'port', 'token'] as const;

/** The rate of step `step` of `steps`: up linearly, down along a cosine to a hundredth. */
export function oneCycle(step: number, { steps, peak }: Schedule): number {
  const turn = WARM_UP * steps;
  if (step < turn) return peak * (0.04 + (0.96 * step) / turn);
  return peak * (0.01 + 0.99 * 0.5 * (1 + Math.cos((Math.PI * (step - turn)) / (steps - turn))));
}

/** Truncated back-propagation through time over random stretches of the past. */
export class Trainer {
  readonly #network: Network;
  readonly #lookup: Lookup;
  readonly #next: () => number;
  readonly #gradients: number;
  readonly #m: number;
  readonly #v: number;
  readonly #a: Record<
    'x' | 'z' | 'c' | 'tanh' | 'h' | 'hd' | 'mask' | 'logits' | 'dh' | 'dc' | 'dx' | 'losses' | 'panels' | 'scratch',
    number
  >;
  readonly #ids: Record<'type' | 'recency' | 'token' | 'hour', number>;
  readonly #targets: Record<(typeof heads)[number], number>;
  readonly #conditions: { byType: number; byTypeAndRecency: number };
  #step = 0;

  constructor(network: Network, lookup: Lookup, seed: number) {
    this.#network = network;
    this.#lookup = lookup;
    this.#next = random(seed);
    const { heap } = network.kernels;
    const { parameters, logits } = network.layout;
    const alloc = (floats: number): number => heap.alloc(floats);
    this.#gradients = alloc(parameters);
    this.#m = alloc(parameters);
    this.#v = alloc(parameters);
    this.#a = {
      x: alloc(ROWS * INPUT),
      z: alloc(ROWS * GATES),
      c: alloc(ROWS * UNITS),
      tanh: alloc(ROWS * UNITS),
      h: alloc(ROWS * UNITS),
      hd: alloc(ROWS * UNITS),
      mask: alloc(ROWS * UNITS),
      logits: alloc(ROWS * logits),
      dh: alloc(ROWS * UNITS),
      dc: alloc(BATCH * UNITS),
      dx: alloc(ROWS * INPUT),
      losses: alloc(ROWS),
      panels: alloc(UNITS * Math.max(GATES, logits)),
      scratch: alloc(ROWS * (UNITS + 8)),
    };
    this.#ids = { type: alloc(ROWS), recency: alloc(ROWS), token: alloc(ROWS), hour: alloc(ROWS) };
    this.#targets = { type: alloc(ROWS), recency: alloc(ROWS), port: alloc(ROWS), token: alloc(ROWS) };
    this.#conditions = { byType: alloc(ROWS), byTypeAndRecency: alloc(ROWS) };
  }

  /**
   * One Adam step on sequences that start at `starts`; one more action than SEQUENCE follows each start.
   * @returns mean −log p of an action, in nats
   */
  step(past: Actions, starts: readonly number[], schedule: Schedule): number {
    const loss = this.lossAndGradients(past, starts, schedule.dropout);
    const { kernels, layout, parameters } = this.#network;
    this.#shorten();
    this.#step++;
    const rate = oneCycle(this.#step - 1, schedule);
    kernels.adam(layout.parameters, parameters, this.#gradients, this.#m, this.#v, rate, 0.9, 0.999, 1e-8, this.#step);
    return loss;
  }

  /** Fills the gradients (see `gradients`) and returns the mean loss. */
  lossAndGradients(past: Actions, starts: readonly number[], dropout: number): number {
    this.#load(past, starts);
    const { kernels, layout } = this.#network;
    const { f32 } = kernels.heap;
    f32.fill(0, this.#gradients / FLOAT, this.#gradients / FLOAT + layout.parameters);
    this.#forward(dropout);
    const loss = this.#heads();
    this.#backward();
    return loss;
  }

  /** A copy of a block's gradient, row-major. */
  gradients(name: string): Float32Array {
    const { offset, rows, columns } = this.#network.block(name);
    const start = this.#gradients / FLOAT + offset;
    return this.#network.kernels.heap.f32.slice(start, start + rows * columns);
  }

  #load(past: Actions, starts: readonly number[]): void {
    const { i32 } = this.#network.kernels.heap;
    for (let t = 0; t < SEQUENCE; t++) {
      for (let b = 0; b < BATCH; b++) {
        const row = t * BATCH + b;
        const at = starts[b]! + t;
        const input = this.#lookup.input(past.at(at)!);
        for (const { of } of embeddings) i32[this.#ids[of] / FLOAT + row] = input[of];
        const target = this.#lookup.target(past.at(at + 1)!);
        for (const head of heads) i32[this.#targets[head] / FLOAT + row] = target[head];
        i32[this.#conditions.byType / FLOAT + row] = target.byType;
        i32[this.#conditions.byTypeAndRecency / FLOAT + row] = target.byTypeAndRecency;
      }
    }
  }

  #forward(dropout: number): void {
    const network = this.#network;
    const { kernels } = network;
    const { x, z, c, tanh, h, hd, mask, panels } = this.#a;
    for (const { name, of, column, width } of embeddings) {
      kernels.gather(ROWS, width, network.at(name), this.#ids[of], x + column * FLOAT, INPUT);
    }
    kernels.pack(INPUT, GATES, network.at('kernel'), GATES, panels);
    kernels.gemm(ROWS, GATES, INPUT, x, INPUT, panels, z, GATES, false);
    kernels.pack(UNITS, GATES, network.at('recurrent_kernel'), GATES, panels);
    for (let t = 0; t < SEQUENCE; t++) {
      const [zt, ht] = [z + t * BATCH * GATES * FLOAT, t * BATCH * UNITS * FLOAT];
      const before = ht - BATCH * UNITS * FLOAT;
      if (t > 0) kernels.gemm(BATCH, GATES, UNITS, h + before, UNITS, panels, zt, GATES, true);
      kernels.gatesForward(BATCH, UNITS, zt, network.at('bias'), t > 0 ? c + before : 0, c + ht, tanh + ht, h + ht);
    }
    const { f32 } = kernels.heap;
    for (let i = 0; i < ROWS * UNITS; i++) {
      const kept = dropout === 0 ? 1 : this.#next() < dropout ? 0 : 1 / (1 - dropout);
      f32[mask / FLOAT + i] = kept;
      f32[hd / FLOAT + i] = f32[h / FLOAT + i]! * kept;
    }
  }

  /** Losses of all heads; the logits become their own gradient. */
  #heads(): number {
    const network = this.#network;
    const { kernels, layout } = network;
    const { hd, logits, losses, panels } = this.#a;
    const width = layout.logits;
    kernels.pack(UNITS, width, network.at('heads'), width, panels);
    kernels.gemm(ROWS, width, UNITS, hd, UNITS, panels, logits, width, false);
    const conditions = {
      type: 0,
      recency: this.#conditions.byType,
      port: this.#conditions.byType,
      token: this.#conditions.byTypeAndRecency,
    };
    const { f32 } = kernels.heap;
    f32.fill(0, losses / FLOAT, losses / FLOAT + ROWS);
    for (const head of layout.heads) {
      kernels.softmaxCrossEntropy(
        ROWS,
        head.width,
        logits + head.column * FLOAT,
        width,
        network.at(head.bias.name),
        conditions[head.name],
        this.#targets[head.name],
        1 / ROWS,
        losses,
        network.at(head.bias.name, this.#gradients),
      );
      // Between the heads lies padding: what the product left there must not flow back.
      const end = head.column + head.width;
      const pad = ((end + 7) & ~7) - end;
      for (let row = 0; pad > 0 && row < ROWS; row++)
        f32.fill(0, logits / FLOAT + row * width + end, logits / FLOAT + row * width + end + pad);
    }
    let sum = 0;
    for (let row = 0; row < ROWS; row++) sum += f32[losses / FLOAT + row]!;
    return sum / ROWS;
  }

  #backward(): void {
    const network = this.#network;
    const { kernels, layout } = network;
    const { x, z, c, tanh, h, hd, mask, logits, dh, dc, dx, panels, scratch } = this.#a;
    const gradient = (name: string): number => network.at(name, this.#gradients);
    const width = layout.logits;
    kernels.gemmTransposedA(UNITS, width, ROWS, hd, UNITS, logits, width, gradient('heads'), width, scratch);
    kernels.packTransposed(width, UNITS, network.at('heads'), width, panels);
    kernels.gemm(ROWS, UNITS, width, logits, width, panels, dh, UNITS, false);
    const { f32 } = kernels.heap;
    for (let i = 0; i < ROWS * UNITS; i++) f32[dh / FLOAT + i]! *= f32[mask / FLOAT + i]!;
    f32.fill(0, dc / FLOAT, dc / FLOAT + BATCH * UNITS);
    kernels.packTransposed(GATES, UNITS, network.at('recurrent_kernel'), GATES, panels);
    for (let t = SEQUENCE - 1; t >= 0; t--) {
      const [zt, ht] = [z + t * BATCH * GATES * FLOAT, t * BATCH * UNITS * FLOAT];
      const after = zt + BATCH * GATES * FLOAT;
      if (t < SEQUENCE - 1) kernels.gemm(BATCH, UNITS, GATES, after, GATES, panels, dh + ht, UNITS, true);
      kernels.gatesBackward(BATCH, UNITS, zt, t > 0 ? c + ht - BATCH * UNITS * FLOAT : 0, tanh + ht, dh + ht, dc);
    }
    const later = z + BATCH * GATES * FLOAT;
    kernels.gemmTransposedA(
      UNITS,
      GATES,
      ROWS - BATCH,
      h,
      UNITS,
      later,
      GATES,
      gradient('recurrent_kernel'),
      GATES,
      scratch,
    );
    kernels.gemmTransposedA(INPUT, GATES, ROWS, x, INPUT, z, GATES, gradient('kernel'), GATES, scratch);
    kernels.columnSums(ROWS, GATES, z, GATES, gradient('bias'));
    kernels.packTransposed(GATES, INPUT, network.at('kernel'), GATES, panels);
    kernels.gemm(ROWS, INPUT, GATES, z, GATES, panels, dx, INPUT, false);
    for (const { name, of, column, width: columns } of embeddings) {
      kernels.scatterAdd(ROWS, columns, gradient(name), this.#ids[of], dx + column * FLOAT, INPUT);
    }
  }

  #shorten(): void {
    const { f32 } = this.#network.kernels.heap;
    const [start, count] = [this.#gradients / FLOAT, this.#network.layout.parameters];
    let squares = 0;
    for (let i = start; i < start + count; i++) squares += f32[i]! * f32[i]!;
    const length = Math.sqrt(squares);
    if (length <= LONGEST_GRADIENT) return;
    for (let i = start; i < start + count; i++) f32[i]! *= LONGEST_GRADIENT / length;
  }
}
