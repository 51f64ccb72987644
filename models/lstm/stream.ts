import type { Encoded } from '../features/encode.ts';
import type { Lookup } from './lookup.ts';
import { headChances, headLosses, type HeadLosses } from './losses.ts';
import { embeddings, type Network } from './network.ts';
import { INPUT, type Head } from './shape.ts';

const FLOAT = 4;

/** The network reading one user's actions as they come. */
export class Stream {
  readonly #network: Network;
  readonly #lookup: Lookup;
  readonly #a: Record<'x' | 'z' | 'base' | 'c' | 'tanh' | 'h' | 'logits' | 'zeros' | 'ids', number>;
  #started = false;

  constructor(network: Network, lookup: Lookup) {
    this.#network = network;
    this.#lookup = lookup;
    const { heap } = network.kernels;
    const { units, logits } = network.layout;
    this.#a = {
      x: heap.alloc(INPUT),
      z: heap.alloc(4 * units),
      base: heap.alloc(4 * units),
      c: heap.alloc(units),
      tanh: heap.alloc(units),
      h: heap.alloc(units),
      logits: heap.alloc(logits),
      zeros: heap.alloc(Math.max(4 * units, logits)),
      ids: heap.alloc(4),
    };
  }

  /** How badly the action was foreseen; then reads it. Undefined for the first: nothing was foreseen yet. */
  see(action: Encoded): HeadLosses | undefined {
    const { f32 } = this.#network.kernels.heap;
    const losses = this.#started
      ? headLosses(this.#network, f32, this.#a.logits / FLOAT, this.#lookup.target(action))
      : undefined;
    this.#read(action);
    this.#started = true;
    return losses;
  }

  chances(head: Head['name'], condition: number): Float64Array {
    return headChances(this.#network, this.#network.kernels.heap.f32, this.#a.logits / FLOAT, head, condition);
  }

  restart(): void {
    const { f32 } = this.#network.kernels.heap;
    const { c, h, logits } = this.#a;
    const { units, logits: width } = this.#network.layout;
    for (const state of [c, h]) f32.fill(0, state / FLOAT, state / FLOAT + units);
    f32.fill(0, logits / FLOAT, logits / FLOAT + width);
    this.#started = false;
  }

  #read(action: Encoded): void {
    const network = this.#network;
    const { kernels, layout } = network;
    const { units } = layout;
    const { x, z, base, c, tanh, h, logits, zeros, ids } = this.#a;
    const input = this.#lookup.input(action);
    embeddings.forEach(({ name, of, column, width }, i) => {
      kernels.heap.i32[ids / FLOAT + i] = input[of];
      kernels.gather(1, width, network.at(name), ids + i * FLOAT, x + column * FLOAT, INPUT);
    });
    kernels.gemv(4 * units, INPUT, x, network.at('kernel'), zeros, base);
    kernels.gemv(4 * units, units, h, network.at('recurrent_kernel'), base, z);
    kernels.gatesForward(1, units, z, network.at('bias'), c, c, tanh, h);
    kernels.gemv(layout.logits, units, h, network.at('heads'), zeros, logits);
  }
}
