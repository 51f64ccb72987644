import { chooseKernels } from './kernels/choose.ts';
import type { Kernels } from './kernels/kernels.ts';
import { Stream } from './lstm/stream.ts';
import { Trainer } from './lstm/trainer.ts';
import type { MathEngine } from './math-engine.ts';
import { solveOneClass } from './ocsvm/smo.ts';

const BACKENDS = { plain: 'plain TypeScript', simd: 'WebAssembly simd', fma: 'WebAssembly fma' };

/** The default: our own kernels and solver. @param name of the kernels; the fastest that run here when not given */
export function fusedEngine(name: Kernels['name'] = chooseKernels().name): MathEngine {
  return {
    name: 'fused',
    backend: BACKENDS[name],
    kernels: () => chooseKernels(name),
    trainer: (network, lookup, seed, batch) => new Trainer(network, lookup, seed, batch),
    stream: (network, lookup) => new Stream(network, lookup),
    solveOneClass,
  };
}
