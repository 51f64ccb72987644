import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { fromBase64 } from '../../../models/kernels/base64.ts';
import type { Kernels } from '../../../models/kernels/kernels.ts';
import { builds } from './trial.ts';

/** The module as an engine with another WebAssembly loads it. */
async function chooserOn(engine: object | undefined): Promise<(name?: Kernels['name']) => Kernels> {
  vi.resetModules();
  vi.stubGlobal('WebAssembly', engine);
  const { chooseKernels } = await import('../../../models/kernels/choose.ts');
  return chooseKernels;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The engine here, but for relaxed SIMD: it refuses the first module that it is asked about, which is fma. */
function withoutRelaxedSimd(): object {
  let asked = 0;
  const { Memory, Module, Instance, validate } = WebAssembly;
  return { Memory, Module, Instance, validate: (bytes: BufferSource) => asked++ > 0 && validate(bytes) };
}

describe('chooseKernels', () => {
  it('takes the fastest that the engine can run', async () => {
    expect((await chooserOn(WebAssembly))().name).toBe('fma');
    expect((await chooserOn(withoutRelaxedSimd()))().name).toBe('simd');
    expect((await chooserOn({ validate: () => false }))().name).toBe('plain');
    expect((await chooserOn(undefined))().name).toBe('plain');
  });

  it.each(builds)('gives %s when asked for it', async (build) => {
    expect((await chooserOn(WebAssembly))(build).name).toBe(build);
  });

  it('says so when those asked for cannot run here', async () => {
    const chooseKernels = await chooserOn(undefined);
    expect(() => chooseKernels('fma')).toThrow('no WebAssembly; use plainKernels');
    expect(chooseKernels('plain').name).toBe('plain');
  });

  it('gives every caller a heap of its own', async () => {
    const chooseKernels = await chooserOn(WebAssembly);
    for (const build of builds) expect(chooseKernels(build).heap.f32).not.toBe(chooseKernels(build).heap.f32);
  });
});

it('reads base64', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(fromBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
    }),
  );
});
