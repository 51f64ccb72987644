import type { Encoded } from '../features/encode.ts';
import type { Input, Lookup } from './lookup.ts';
import { headChances, headLosses, type HeadLosses } from './losses.ts';
import { embeddings, type Network } from './network.ts';
import { INPUT, type Head } from './shape.ts';

const FLOAT = 4;

/** The network reading one user's actions as they come. */
export class Stream {
  readonly #network: Network;
  readonly #lookup: Lookup;
  readonly #a: Record<'x' | 'z' | 'base' | 'c' | 'tanh' | 'h' | 'logits' | 'zeros' | 'ids', number>;
  /** Addresses of what is read of the network for each action. */
  readonly #weights: Record<'kernel' | 'recurrent' | 'bias' | 'heads', number>;
  readonly #tables: readonly {
    readonly of: keyof Input;
    readonly at: number;
    readonly to: number;
    readonly width: number;
  }[];
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
    this.#weights = {
      kernel: network.at('kernel'),
      recurrent: network.at('recurrent_kernel'),
      bias: network.at('bias'),
      heads: network.at('heads'),
    };
    this.#tables = embeddings.map(({ name, of, column, width }) => {
      return { of, at: network.at(name), to: this.#a.x + column * FLOAT, width };
    });
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
    const { kernels, layout } = this.#network;
    const { units } = layout;
    const { x, z, base, c, tanh, h, logits, zeros, ids } = this.#a;
    const { kernel, recurrent, bias, heads } = this.#weights;
    const input = this.#lookup.input(action);
    const { i32 } = kernels.heap;
    for (let i = 0; i < this.#tables.length; i++) {
      const { of, at, to, width } = this.#tables[i]!;
      i32[ids / FLOAT + i] = input[of];
      kernels.gather(1, width, at, ids + i * FLOAT, to, INPUT);
    }
    kernels.gemv(4 * units, INPUT, x, kernel, zeros, base);
    kernels.gemv(4 * units, units, h, recurrent, base, z);
    kernels.gatesForward(1, units, z, bias, c, c, tanh, h);
    kernels.gemv(layout.logits, units, h, heads, zeros, logits);
  }
}
