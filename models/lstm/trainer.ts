import { random } from '../random.ts';
import { BATCH, batchOf, fillMask, headNames, SEQUENCE } from './batch.ts';
import type { Lookup } from './lookup.ts';
import { embeddings, type Network } from './network.ts';
import type { Actions } from './past.ts';
import { ADAM, LONGEST_GRADIENT, oneCycle, type Schedule } from './schedule.ts';
import { INPUT, type Head } from './shape.ts';

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
  readonly #batch: number;
  #step = 0;

  /** @param batch sequences of a step */
  constructor(network: Network, lookup: Lookup, seed: number, batch = BATCH) {
    this.#batch = batch;
    this.#network = network;
    this.#lookup = lookup;
    this.#next = random(seed);
    const { heap } = network.kernels;
    const { parameters, logits, units } = network.layout;
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
      logits: alloc(rows * logits),
      dh: alloc(rows * units),
      dc: alloc(batch * units),
      dx: alloc(rows * INPUT),
      losses: alloc(rows),
      panels: alloc(widest * Math.max(gates, logits)),
      scratch: alloc(rows * (widest + 8)),
    };
    this.#ids = { type: alloc(rows), recency: alloc(rows), token: alloc(rows), hour: alloc(rows) };
    this.#targets = { type: alloc(rows), recency: alloc(rows), port: alloc(rows), token: alloc(rows) };
    this.#conditions = { type: 0, recency: alloc(rows), port: alloc(rows), token: alloc(rows) };
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

  /** The mean loss as it is without dropout; changes nothing but the gradients. */
  loss(past: Actions, starts: readonly number[]): number {
    this.#load(past, starts);
    this.#forward(0);
    return this.#heads();
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
    const batch = batchOf(this.#lookup, past, starts);
    for (const { of } of embeddings) i32.set(batch.ids[of], this.#ids[of] / FLOAT);
    for (const head of headNames) {
      i32.set(batch.targets[head], this.#targets[head] / FLOAT);
      if (this.#conditions[head] > 0) i32.set(batch.conditions[head], this.#conditions[head] / FLOAT);
    }
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
    const { f32 } = kernels.heap;
    const kept = f32.subarray(mask / FLOAT, mask / FLOAT + rows * units);
    fillMask(kept, dropout, this.#next);
    const [from, to] = [h / FLOAT, hd / FLOAT];
    for (let i = 0; i < kept.length; i++) f32[to + i] = f32[from + i]! * kept[i]!;
  }

  /** Losses of all heads; the logits become their own gradient. */
  #heads(): number {
    const { rows, units } = this.#sizes;
    const network = this.#network;
    const { kernels, layout } = network;
    const { hd, logits, losses, panels } = this.#a;
    const width = layout.logits;
    kernels.pack(units, width, network.at('heads'), width, panels);
    kernels.gemm(rows, width, units, hd, units, panels, logits, width, false);
    const { f32 } = kernels.heap;
    f32.fill(0, losses / FLOAT, losses / FLOAT + rows);
    for (const head of layout.heads) {
      kernels.softmaxCrossEntropy(
        rows,
        head.width,
        logits + head.column * FLOAT,
        width,
        network.at(head.bias.name),
        this.#conditions[head.name],
        this.#targets[head.name],
        1 / rows,
        losses,
        network.at(head.bias.name, this.#gradients),
      );
      // Between the heads lies padding: what the product left there must not flow back.
      const end = head.column + head.width;
      const pad = ((end + 7) & ~7) - end;
      if (pad === 0) continue;
      for (let at = logits / FLOAT + end; at < logits / FLOAT + rows * width; at += width) f32.fill(0, at, at + pad);
    }
    let sum = 0;
    const first = losses / FLOAT;
    for (let row = 0; row < rows; row++) sum += f32[first + row]!;
    return sum / rows;
  }

  #backward(): void {
    const { batch, rows, units, gates } = this.#sizes;
    const network = this.#network;
    const { kernels, layout } = network;
    const { x, z, c, tanh, h, hd, mask, logits, dh, dc, dx, panels, scratch } = this.#a;
    const gradient = (name: string): number => network.at(name, this.#gradients);
    const width = layout.logits;
    kernels.gemmTransposedA(units, width, rows, hd, units, logits, width, gradient('heads'), width, scratch);
    kernels.packTransposed(width, units, network.at('heads'), width, panels);
    kernels.gemm(rows, units, width, logits, width, panels, dh, units, false);
    const { f32 } = kernels.heap;
    const [flowing, kept] = [dh / FLOAT, mask / FLOAT];
    for (let i = 0; i < rows * units; i++) f32[flowing + i]! *= f32[kept + i]!;
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
