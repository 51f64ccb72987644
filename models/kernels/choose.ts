import type { Kernels } from './kernels.ts';
import { plainKernels } from './plain.ts';
import { supportsWasm, wasmKernels } from './wasm.ts';

/**
 * New kernels, with a heap of their own: the fastest that this engine can run, or the ones named.
 * @throws Error when those named cannot run here
 */
export function chooseKernels(name: Kernels['name'] = fastest()): Kernels {
  return name === 'plain' ? plainKernels() : wasmKernels(name);
}

function fastest(): Kernels['name'] {
  if (supportsWasm('fma')) return 'fma';
  return supportsWasm('simd') ? 'simd' : 'plain';
}
