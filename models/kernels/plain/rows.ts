import { random } from '../../random.ts';
import type { Heap, Kernels } from '../kernels.ts';

/** Moving and adding whole rows, and numbers one by one. */
export function rowKernels(heap: Heap): Pick<Kernels, 'gather' | 'scatterAdd' | 'columnSums' | 'multiply' | 'dropOut'> {
  return {
    gather(rows, width, table, ids, x, ldx) {
      const { f32, i32 } = heap;
      for (let r = 0; r < rows; r++) {
        const id = i32[(ids >> 2) + r]!;
        const to = (x >> 2) + r * ldx;
        const from = (table >> 2) + id * width;
        if (id < 0) f32.fill(0, to, to + width);
        else f32.copyWithin(to, from, from + width);
      }
    },

    scatterAdd(rows, width, table, ids, x, ldx) {
      const { f32, i32 } = heap;
      for (let r = 0; r < rows; r++) {
        const id = i32[(ids >> 2) + r]!;
        if (id < 0) continue;
        const to = (table >> 2) + id * width;
        const from = (x >> 2) + r * ldx;
        for (let j = 0; j < width; j++) f32[to + j]! += f32[from + j]!;
      }
    },

    columnSums(rows, n, x, ldx, sums) {
      const { f32 } = heap;
      for (let r = 0; r < rows; r++) {
        const row = (x >> 2) + r * ldx;
        for (let j = 0; j < n; j++) f32[(sums >> 2) + j]! += f32[row + j]!;
      }
    },

    multiply(n, x, by) {
      const { f32 } = heap;
      for (let i = 0; i < n; i++) f32[(x >> 2) + i]! *= f32[(by >> 2) + i]!;
    },

    dropOut(n, state, dropout, x, mask, out) {
      const { f32 } = heap;
      const next = random(state);
      // Looked up, since nobody foresees which way a branch would go.
      const values = Float64Array.of(1 / (1 - dropout), 0);
      for (let i = 0; i < n; i++) {
        f32[(mask >> 2) + i] = values[Number(next() < dropout)]!;
        f32[(out >> 2) + i] = f32[(x >> 2) + i]! * f32[(mask >> 2) + i]!;
      }
    },
  };
}
