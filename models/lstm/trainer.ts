import { later } from '../random.ts';
import { BATCH, Batches, SEQUENCE } from './batch.ts';
import { HeadsPass } from './heads.ts';
import type { Lookup } from './lookup.ts';
import { embeddings, type Network } from './network.ts';
import type { Actions } from './past.ts';
import { ADAM, LONGEST_GRADIENT, oneCycle, type Schedule } from './schedule.ts';
import { INPUT } from './shape.ts';

const FLOAT = 4;

/** Truncated back-propagation through time over random stretches of the past. */
export class Trainer {
  readonly #network: Network;
  readonly #batches: Batches;
  readonly #heads: HeadsPass;
  /** Of the dropout's random numbers. */
  #state: number;
  readonly #gradients: number;
  readonly #m: number;
  readonly #v: number;
  readonly #a: Record<
    'x' | 'z' | 'c' | 'tanh' | 'h' | 'hd' | 'mask' | 'dh' | 'dc' | 'dx' | 'panels' | 'scratch',
    number
  >;
  readonly #ids: Record<'type' | 'recency' | 'token' | 'hour', number>;
  readonly #batch: number;
  #step = 0;

  /** @param batch sequences of a step */
  constructor(network: Network, lookup: Lookup, seed: number, batch = BATCH) {
    this.#batch = batch;
    this.#network = network;
    this.#batches = new Batches(lookup);
    this.#state = seed | 0;
    const { heap } = network.kernels;
    const { parameters, units } = network.layout;
    const [rows, gates] = [SEQUENCE * batch, 4 * units];
    // The input is packed and multiplied through the same room as the cells' outputs.
    const widest = Math.max(units, INPUT);
    const alloc = (floats: number): number => heap.alloc(floats);
    this.#gradients = alloc(parameters);
    this.#m = alloc(parameters);
    this.#v = alloc(parameters);
    this.#a = {
      x: alloc(rows * INPUT),
      z: alloc(rows * gates),
      c: alloc(rows * units),
      tanh: alloc(rows * units),
      h: alloc(rows * units),
      hd: alloc(rows * units),
      mask: alloc(rows * units),
      dh: alloc(rows * units),
      dc: alloc(batch * units),
      dx: alloc(rows * INPUT),
      panels: alloc(widest * gates),
      scratch: alloc(rows * (widest + 8)),
    };
    this.#ids = { type: alloc(rows), recency: alloc(rows), token: alloc(rows), hour: alloc(rows) };
    this.#heads = new HeadsPass(network, rows);
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
    const loss = this.#heads.forward(this.#a.hd, this.#gradients);
    this.#backward();
    return loss;
  }

  /** The mean loss as it is without dropout; changes nothing but the gradients. */
  loss(past: Actions, starts: readonly number[]): number {
    this.#load(past, starts);
    this.#forward(0);
    return this.#heads.forward(this.#a.hd, this.#gradients);
  }

  /** A copy of a block's gradient, row-major. */
  gradients(name: string): Float32Array {
    const { offset, rows, columns } = this.#network.block(name);
    const start = this.#gradients / FLOAT + offset;
    return this.#network.kernels.heap.f32.slice(start, start + rows * columns);
  }

  get #sizes(): { batch: number; rows: number; units: number; gates: number } {
    const { units } = this.#network.layout;
    return { batch: this.#batch, rows: SEQUENCE * this.#batch, units, gates: 4 * units };
  }

  #load(past: Actions, starts: readonly number[]): void {
    const { i32 } = this.#network.kernels.heap;
    const batch = this.#batches.of(past, starts);
    for (const { of } of embeddings) i32.set(batch.ids[of], this.#ids[of] / FLOAT);
    this.#heads.load(batch);
  }

  #forward(dropout: number): void {
    const { batch, rows, units, gates } = this.#sizes;
    const network = this.#network;
    const { kernels } = network;
    const { x, z, c, tanh, h, hd, mask, panels } = this.#a;
    for (const { name, of, column, width } of embeddings) {
      kernels.gather(rows, width, network.at(name), this.#ids[of], x + column * FLOAT, INPUT);
    }
    kernels.pack(INPUT, gates, network.at('kernel'), gates, panels);
    kernels.gemm(rows, gates, INPUT, x, INPUT, panels, z, gates, false);
    kernels.pack(units, gates, network.at('recurrent_kernel'), gates, panels);
    for (let t = 0; t < SEQUENCE; t++) {
      const [zt, ht] = [z + t * batch * gates * FLOAT, t * batch * units * FLOAT];
      const before = ht - batch * units * FLOAT;
      if (t > 0) kernels.gemm(batch, gates, units, h + before, units, panels, zt, gates, true);
      kernels.gatesForward(batch, units, zt, network.at('bias'), t > 0 ? c + before : 0, c + ht, tanh + ht, h + ht);
    }
    if (dropout > 0) {
      kernels.dropOut(rows * units, this.#state, dropout, h, mask, hd);
      this.#state = later(this.#state, rows * units);
      return;
    }
    const { f32 } = kernels.heap;
    f32.fill(1, mask / FLOAT, mask / FLOAT + rows * units);
    f32.copyWithin(hd / FLOAT, h / FLOAT, h / FLOAT + rows * units);
  }

  #backward(): void {
    const { batch, rows, units, gates } = this.#sizes;
    const network = this.#network;
    const { kernels } = network;
    const { x, z, c, tanh, h, hd, mask, dh, dc, dx, panels, scratch } = this.#a;
    const gradient = (name: string): number => network.at(name, this.#gradients);
    this.#heads.backward(hd, this.#gradients, dh);
    kernels.multiply(rows * units, dh, mask);
    const { f32 } = kernels.heap;
    f32.fill(0, dc / FLOAT, dc / FLOAT + batch * units);
    kernels.packTransposed(gates, units, network.at('recurrent_kernel'), gates, panels);
    for (let t = SEQUENCE - 1; t >= 0; t--) {
      const [zt, ht] = [z + t * batch * gates * FLOAT, t * batch * units * FLOAT];
      const after = zt + batch * gates * FLOAT;
      if (t < SEQUENCE - 1) kernels.gemm(batch, units, gates, after, gates, panels, dh + ht, units, true);
      kernels.gatesBackward(batch, units, zt, t > 0 ? c + ht - batch * units * FLOAT : 0, tanh + ht, dh + ht, dc);
    }
    const later = z + batch * gates * FLOAT;
    kernels.gemmTransposedA(
      units,
      gates,
      rows - batch,
      h,
      units,
      later,
      gates,
      gradient('recurrent_kernel'),
      gates,
      scratch,
    );
    kernels.gemmTransposedA(INPUT, gates, rows, x, INPUT, z, gates, gradient('kernel'), gates, scratch);
    kernels.columnSums(rows, gates, z, gates, gradient('bias'));
    kernels.packTransposed(gates, INPUT, network.at('kernel'), gates, panels);
    kernels.gemm(rows, INPUT, gates, z, gates, panels, dx, INPUT, false);
    for (const { name, of, column, width: columns } of embeddings) {
      kernels.scatterAdd(rows, columns, gradient(name), this.#ids[of], dx + column * FLOAT, INPUT);
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
