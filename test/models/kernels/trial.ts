import { expect } from 'vitest';

import type { Kernels } from '../../../models/kernels/kernels.ts';
import { plainKernels } from '../../../models/kernels/plain.ts';
import { wasmKernels } from '../../../models/kernels/wasm.ts';
import { random } from '../../../models/random.ts';
import { naiveKernels, type Arithmetic } from './naive.ts';

export const builds = ['plain', 'simd', 'fma'] as const;

export function kernelsOf(build: Kernels['name'], initialFloats = 2 ** 10): Kernels {
  return build === 'plain' ? plainKernels(initialFloats) : wasmKernels(build, initialFloats);
}

/** Kernels of one build, arrays of noise on their heap, and a comparison with the formulas. */
export interface Trial {
  readonly kernels: Kernels;
  /** Address of `count` floats in [low, high). */
  noise(count: number, low?: number, high?: number): number;
  /** Address of `count` integers in [low, high). */
  integers(count: number, low: number, high: number): number;
  /** Those floats of the heap. */
  read(address: number, count: number): Float32Array;
  /**
   * Makes the same call of the kernels and of the naive ones, and expects the same on the WHOLE heap afterwards, so that
   * a value written past an array's end, or into the gap between its rows, is found too.
   * @param bound largest |difference| / max(1, |expected|)
   * @param scratch an array whose contents nobody has promised
   */
  expectSame(call: (kernels: Arithmetic) => void, bound: number, scratch?: { address: number; count: number }): void;
  /** The formulas alone, in float64, on a copy of the heap as it is now. */
  naive(): { readonly kernels: Arithmetic; readonly heap: Float64Array };
}

export function trial(build: Kernels['name'], seed: number): Trial {
  const kernels = kernelsOf(build);
  const { heap } = kernels;
  const next = random(seed);
  const fill = (count: number, low: number, high: number, kind: 'f32' | 'i32'): number => {
    const address = heap.alloc(count);
    for (let i = 0; i < count; i++) heap[kind][address / 4 + i] = low + (high - low) * next();
    return address;
  };
  const naive: Trial['naive'] = () => {
    const copy = new Float64Array(heap.f32);
    return { kernels: naiveKernels(copy, heap.i32.slice()), heap: copy };
  };

  return {
    kernels,
    naive,
    noise: (count, low = -1, high = 1) => fill(count, low, high, 'f32'),
    integers(count, low, high) {
      const address = heap.alloc(count);
      for (let i = 0; i < count; i++) heap.i32[address / 4 + i] = Math.floor(low + (high - low) * next());
      return address;
    },
    read: (address, count) => heap.f32.slice(address / 4, address / 4 + count),
    expectSame(call, bound, scratch) {
      const expected = naive();
      call(expected.kernels);
      call(kernels);
      const { f32 } = heap;
      if (scratch) {
        const start = scratch.address / 4;
        expected.heap.set(f32.subarray(start, start + scratch.count), start);
      }
      let [worst, at] = [0, 0];
      for (let i = 0; i < f32.length; i++) {
        const error = difference(f32[i]!, expected.heap[i]!);
        if (error > worst) [worst, at] = [error, i];
      }
      expect(worst, `element ${at} is ${f32[at]}, expected ${expected.heap[at]}`).toBeLessThanOrEqual(bound);
    },
  };
}

/** Relative above 1, absolute below; infinite when only one of the two is a number. */
function difference(actual: number, expected: number): number {
  if (Object.is(actual, expected)) return 0;
  const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  return Number.isNaN(error) ? Infinity : error;
}
