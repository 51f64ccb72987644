import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { builds, kernelsOf } from './trial.ts';

describe.each(builds)('heap of %s', (build) => {
  it('grows, keeps what is there, overlaps nothing and hands out zeros', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.array(fc.nat(20_000), { maxLength: 12 }), (initial, counts) => {
        const { heap } = kernelsOf(build, initial);
        const arrays = counts.map((count, i) => {
          const address = heap.alloc(count);
          const start = address / 4;
          expect(heap.f32.subarray(start, start + count).every((x) => Object.is(x, 0))).toBe(true);
          heap.i32.fill(i + 1, start, start + count);
          return { address, start, count };
        });
        arrays.forEach(({ address, start, count }, i) => {
          expect(address % 16).toBe(0);
          expect(address).toBeGreaterThan(0);
          expect(heap.i32.subarray(start, start + count)).toHaveLength(count);
          expect(heap.i32.subarray(start, start + count).every((x) => x === i + 1)).toBe(true);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('gives floats and integers views of the same bytes', () => {
    const { heap } = kernelsOf(build);
    const address = heap.alloc(1);
    heap.f32[address / 4] = 1;
    expect(heap.i32[address / 4]).toBe(0x3f800000);
  });

  it('is seen by the kernels after it has grown', () => {
    const kernels = kernelsOf(build, 0);
    const x = kernels.heap.alloc(4);
    kernels.heap.f32.set([1, 2, 3, 4], x / 4);
    const sums = kernels.heap.alloc(1_000_000);
    kernels.columnSums(1, 4, x, 4, sums);
    expect(Array.from(kernels.heap.f32.subarray(sums / 4, sums / 4 + 4))).toEqual([1, 2, 3, 4]);
  });

  it.each([-1, 0.5, NaN, Infinity])('refuses %d elements', (count) => {
    expect(() => kernelsOf(build).heap.alloc(count)).toThrow(RangeError);
  });

  it('refuses to pass 2 GiB, and goes on', () => {
    const { heap } = kernelsOf(build);
    expect(() => heap.alloc(2 ** 29)).toThrow(/2 GiB/);
    expect(heap.alloc(4)).toBeGreaterThan(0);
  });
});
