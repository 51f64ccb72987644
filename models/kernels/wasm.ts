import { fromBase64 } from './base64.ts';
import { fmaModule } from './fma.wasm.ts';
import { BYTES_PER_ELEMENT, growableHeap, INITIAL, LARGEST_HEAP } from './heap.ts';
import type { Kernels } from './kernels.ts';
import { simdModule } from './simd.wasm.ts';
import { webAssembly } from './web-assembly.ts';

/** `simd` runs wherever WebAssembly has 128-bit vectors; `fma` also needs relaxed SIMD (in Node since 22). */
export type WasmBuild = 'simd' | 'fma';

const modules: Record<WasmBuild, string> = { simd: simdModule, fma: fmaModule };

const PAGE = 2 ** 16;

/** What assembly/ exports is the interface itself, but for Adam, whose powers of β are computed here, and for what a dropout means. */
interface Exports extends Omit<Kernels, 'name' | 'heap' | 'adam' | 'dropOut'> {
  readonly dropOut: (
    n: number,
    state: number,
    highest: number,
    kept: number,
    x: number,
    mask: number,
    out: number,
  ) => void;
  readonly adam: (
    n: number,
    parameters: number,
    gradients: number,
    m: number,
    v: number,
    rate: number,
    decay1: number,
    decay2: number,
    epsilon: number,
    correctionOfV: number,
  ) => void;
}

const compiled = new Map<WasmBuild, object | undefined>();

/** Compiled once a process: all kernels share what the engine has made of it, also what it made faster meanwhile. */
function moduleOf(build: WasmBuild): object | undefined {
  if (!compiled.has(build)) {
    const bytes = fromBase64(modules[build]);
    compiled.set(build, webAssembly?.validate(bytes) === true ? new webAssembly.Module(bytes) : undefined);
  }
  return compiled.get(build);
}

/** Whether this engine can run that build. */
export const supportsWasm = (build: WasmBuild): boolean => moduleOf(build) !== undefined;

/**
 * Kernels in WebAssembly. The two builds differ in the last digits, `fma` even between processors (one that has no fused
 * multiply-add rounds twice): where two machines must agree to the bit, name `simd`.
 * @param initialFloats size of the heap before it first has to grow
 * @throws Error where the engine has no WebAssembly or not the features: ask `supportsWasm` first
 */
export function wasmKernels(build: WasmBuild, initialFloats = INITIAL): Kernels {
  if (!webAssembly) throw new Error('Kernels: this JavaScript engine has no WebAssembly; use plainKernels.');
  const module = moduleOf(build);
  if (!module) throw new Error(`Kernels: this JavaScript engine cannot run the ${build} build; use plainKernels.`);
  const memory = new webAssembly.Memory({
    initial: Math.ceil((initialFloats * BYTES_PER_ELEMENT) / PAGE),
    maximum: LARGEST_HEAP / PAGE,
  });
  const { exports } = new webAssembly.Instance(module, { env: { memory, log: Math.log } });
  const { adam, dropOut, ...kernels } = exports as Exports;

  return {
    ...kernels,
    name: build,
    heap: growableHeap({
      get buffer() {
        return memory.buffer;
      },
      grow(bytes) {
        memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / PAGE));
      },
    }),
    dropOut(n, state, dropout, x, mask, out) {
      dropOut(n, state, Math.ceil(dropout * 2 ** 32) - 1, 1 / (1 - dropout), x, mask, out);
    },
    adam(n, parameters, gradients, m, v, rate, beta1, beta2, epsilon, step) {
      const correctedRate = rate / (1 - beta1 ** step);
      const correctionOfV = 1 / (1 - beta2 ** step);
      adam(n, parameters, gradients, m, v, correctedRate, 1 - beta1, 1 - beta2, epsilon, correctionOfV);
    },
  };
}
