import type { Encoded } from '../features/encode.ts';
import type { Lookup, Target } from './lookup.ts';
import { embeddings, type Network } from './network.ts';
import { INPUT, UNITS, type Head } from './shape.ts';

const FLOAT = 4;
const GATES = 4 * UNITS;
/** Nats that one head can add: one impossible thing must not outweigh a window. */
const MOST_PER_HEAD = 12;

/** −log p of each head, in nats; 0 where the head has nothing to say. */
export type HeadLosses = Record<Head['name'], number>;

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
    this.#a = {
      x: heap.alloc(INPUT),
      z: heap.alloc(GATES),
      base: heap.alloc(GATES),
      c: heap.alloc(UNITS),
      tanh: heap.alloc(UNITS),
      h: heap.alloc(UNITS),
      logits: heap.alloc(network.layout.logits),
      zeros: heap.alloc(Math.max(GATES, network.layout.logits)),
      ids: heap.alloc(4),
    };
  }

  /** How badly the action was foreseen; then reads it. Undefined for the first: nothing was foreseen yet. */
  see(action: Encoded): HeadLosses | undefined {
    const losses = this.#started ? this.#losses(this.#lookup.target(action)) : undefined;
    this.#read(action);
    this.#started = true;
    return losses;
  }

  #losses(target: Target): HeadLosses {
    const losses: HeadLosses = { type: 0, recency: 0, port: 0, token: 0 };
    const conditions = { type: 0, recency: target.byType, port: target.byType, token: target.byTypeAndRecency };
    for (const head of this.#network.layout.heads) {
      const wanted = target[head.name];
      if (wanted < 0) continue;
      losses[head.name] = Math.min(MOST_PER_HEAD, this.#negativeLog(head, conditions[head.name], wanted));
    }
    return losses;
  }

  /** The chance of each class of a head, given the condition. Shape [head.width]; sums to 1. */
  chances(name: Head['name'], condition: number): Float64Array {
    const head = this.#network.layout.heads.find((one) => one.name === name)!;
    const { f32 } = this.#network.kernels.heap;
    const logits = this.#a.logits / FLOAT + head.column;
    const bias = this.#network.at(head.bias.name) / FLOAT + condition * head.width;
    const sums = Float64Array.from({ length: head.width }, (_, i) => f32[logits + i]! + f32[bias + i]!);
    const largest = Math.max(...sums);
    const odds = sums.map((sum) => Math.exp(sum - largest));
    const total = odds.reduce((sum, odd) => sum + odd, 0);
    return odds.map((odd) => odd / total);
  }

  /** Forgets what it has read. */
  restart(): void {
    const { f32 } = this.#network.kernels.heap;
    for (const [address, length] of [
      [this.#a.c, UNITS],
      [this.#a.h, UNITS],
      [this.#a.logits, this.#network.layout.logits],
    ] as const)
      f32.fill(0, address / FLOAT, address / FLOAT + length);
    this.#started = false;
  }

  #negativeLog(head: Head, condition: number, wanted: number): number {
    const { f32 } = this.#network.kernels.heap;
    const logits = this.#a.logits / FLOAT + head.column;
    const bias = this.#network.at(head.bias.name) / FLOAT + condition * head.width;
    let largest = -Infinity;
    for (let i = 0; i < head.width; i++) largest = Math.max(largest, f32[logits + i]! + f32[bias + i]!);
    let sum = 0;
    for (let i = 0; i < head.width; i++) sum += Math.exp(f32[logits + i]! + f32[bias + i]! - largest);
    return largest + Math.log(sum) - f32[logits + wanted]! - f32[bias + wanted]!;
  }

  #read(action: Encoded): void {
    const network = this.#network;
    const { kernels, layout } = network;
    const { x, z, base, c, tanh, h, logits, zeros, ids } = this.#a;
    const input = this.#lookup.input(action);
    embeddings.forEach(({ name, of, column, width }, i) => {
      kernels.heap.i32[ids / FLOAT + i] = input[of];
      kernels.gather(1, width, network.at(name), ids + i * FLOAT, x + column * FLOAT, INPUT);
    });
    kernels.gemv(GATES, INPUT, x, network.at('kernel'), zeros, base);
    kernels.gemv(GATES, UNITS, h, network.at('recurrent_kernel'), base, z);
    kernels.gatesForward(1, UNITS, z, network.at('bias'), c, c, tanh, h);
    kernels.gemv(layout.logits, UNITS, h, network.at('heads'), zeros, logits);
  }
}
