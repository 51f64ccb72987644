import type { Encoded } from './features/encode.ts';
import type { Kernels } from './kernels/kernels.ts';
import type { Lookup } from './lstm/lookup.ts';
import type { HeadLosses } from './lstm/losses.ts';
import type { Network } from './lstm/network.ts';
import type { Actions } from './lstm/past.ts';
import type { Schedule } from './lstm/schedule.ts';
import type { Head } from './lstm/shape.ts';
import type { SolveOneClass } from './ocsvm/smo.ts';

/** Who does the two models' arithmetic: our own kernels, TensorFlow.js for the LSTM, or libsvm-js for the SVM. */
export const mathEngines = ['fused', 'tfjs', 'libsvm-js'] as const;
export type MathEngineName = (typeof mathEngines)[number];

/** Trains a network in place: what a step has learned stands in the network when the step is done. */
export interface LstmTrainer {
  /**
   * One Adam step on the sequences of `past` that start at `starts`; one more action than a sequence follows each.
   * @returns mean −log p of an action before the step, in nats
   */
  step(past: Actions, starts: readonly number[], schedule: Schedule): number;
  /** The same loss of sequences that are not learned, without dropout. As many as a step has. */
  loss(past: Actions, starts: readonly number[]): number;
  /** Gives back what only training needed. No step may follow. */
  end?(): void;
}

/** A network reading one user's actions as they come. */
export interface LstmStream {
  /** How badly the action was foreseen; then reads it. Undefined for the first: nothing was foreseen yet. */
  see(action: Encoded): HeadLosses | undefined;
  /** The chance of each class of a head for the next action, given the condition. Shape [head.width]; sums to 1. */
  chances(head: Head['name'], condition: number): Float64Array;
  /** Forgets what it has read. */
  restart(): void;
}

/**
 * An implementation of the heavy arithmetic. All mean the same: a model that one has saved goes on with any other, and the
 * tests hold their results together. To the bit a model repeats only with the same engine and backend.
 */
export interface MathEngine {
  readonly name: MathEngineName;
  /** What computes, for people: "WebAssembly fma", "TensorFlow.js wasm". */
  readonly backend: string;
  /** New kernels with a heap of their own, on which a network's parameters lie, whoever trains them. */
  kernels(): Kernels;
  /** @param seed of the dropout @param batch sequences of a step; the usual number when not given */
  trainer(network: Network, lookup: Lookup, seed: number, batch?: number): LstmTrainer;
  /** Reads with the parameters that the network has now. */
  stream(network: Network, lookup: Lookup): LstmStream;
  readonly solveOneClass: SolveOneClass;
}
