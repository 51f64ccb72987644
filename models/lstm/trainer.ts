import { random } from '../random.ts';
import { BATCH, batchOf, fillMask, headNames, ROWS, SEQUENCE } from './batch.ts';
import type { Lookup } from './lookup.ts';
import { embeddings, type Network } from './network.ts';
import type { Actions } from './past.ts';
import { ADAM, LONGEST_GRADIENT, oneCycle, type Schedule } from './schedule.ts';
import { INPUT, UNITS, type Head } from './shape.ts';

const GATES = 4 * UNITS;
const FLOAT = 4;

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
  readonly #targets: Record<Head['name'], number>;
  /** Address of each head's conditions; 0 where it has none. */
  readonly #conditions: Record<Head['name'], number>;
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
    this.#conditions = { type: 0, recency: alloc(ROWS), port: alloc(ROWS), token: alloc(ROWS) };
  }

  /**
   * One Adam step on sequences that start at `starts`; one more action than SEQUENCE follows each start.
   * @returns mean −log p of an action, in nats
   */
  step(past: Actions, starts: readonly number[], schedule: Schedule): number {
    const loss = this.lossAndGradients(past, starts, schedule.dropout);
    const { kernels, layout, parameters } = this.#network;
    const { beta1, beta2, epsilon } = ADAM;
    this.#shorten();
    const rate = oneCycle(this.#step, schedule);
    this.#step++;
    const [g, m, v, n] = [this.#gradients, this.#m, this.#v, layout.parameters];
    kernels.adam(n, parameters, g, m, v, rate, beta1, beta2, epsilon, this.#step);
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
    const batch = batchOf(this.#lookup, past, starts);
    for (const { of } of embeddings) i32.set(batch.ids[of], this.#ids[of] / FLOAT);
    for (const head of headNames) {
      i32.set(batch.targets[head], this.#targets[head] / FLOAT);
      if (this.#conditions[head] > 0) i32.set(batch.conditions[head], this.#conditions[head] / FLOAT);
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
    fillMask(f32.subarray(mask / FLOAT, mask / FLOAT + ROWS * UNITS), dropout, this.#next);
    for (let i = 0; i < ROWS * UNITS; i++) f32[hd / FLOAT + i] = f32[h / FLOAT + i]! * f32[mask / FLOAT + i]!;
  }

  /** Losses of all heads; the logits become their own gradient. */
  #heads(): number {
    const network = this.#network;
    const { kernels, layout } = network;
    const { hd, logits, losses, panels } = this.#a;
    const width = layout.logits;
    kernels.pack(UNITS, width, network.at('heads'), width, panels);
    kernels.gemm(ROWS, width, UNITS, hd, UNITS, panels, logits, width, false);
    const { f32 } = kernels.heap;
    f32.fill(0, losses / FLOAT, losses / FLOAT + ROWS);
    for (const head of layout.heads) {
      kernels.softmaxCrossEntropy(
        ROWS,
        head.width,
        logits + head.column * FLOAT,
        width,
        network.at(head.bias.name),
        this.#conditions[head.name],
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
