import type { Kernels } from '../kernels/kernels.ts';
import { DenseProducts } from './dense-products.ts';
import { placesOf } from './places.ts';
import { sampleAt, type Samples } from './samples.ts';
import { RareProducts } from './rare-products.ts';

/**
 * `exp(−γ(2 − 2·cosine + ‖mixᵢ − mixⱼ‖²))` of all pairs, shape [n, n]: nearly all that training a boundary costs. The fields
 * that many bags have are multiplied as matrices of float32, the many rare ones pair by pair. Exact to some 10⁻⁷.
 * @param samples their mixes scaled
 */
export function kernelMatrix(samples: Samples, gamma: number, kernels: Kernels): Float64Array {
  const n = samples.bags.size;
  const all = Array.from({ length: n }, (_, i) => sampleAt(samples, i));
  const bags = all.map(({ bag }) => bag);
  const mixes = all.map(({ mix }) => mix);
  const places = placesOf(bags);
  const dense = new DenseProducts(kernels, bags, mixes, places);
  const sparse = new RareProducts(bags, places);
  const lengths = Float64Array.from(mixes, (mix) => 1 + mix.reduce((sum, value) => sum + value * value, 0));
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const common = dense.next();
    const more = sparse.next();
    const own = lengths[i]!;
    const row = matrix.subarray(i * n, i * n + i);
    for (let j = 0; j < i; j++) {
      const distance = own + lengths[j]! - 2 * (common[j]! + more[j]!);
      // Float32 may bring two that are alike a little nearer than 0.
      row[j] = distance > 0 ? Math.exp(-gamma * distance) : 1;
    }
    matrix[i * n + i] = 1;
  }
  mirror(matrix, n);
  return matrix;
}

/** Side of the squares that are mirrored at once: two of them stay in the first-level cache. */
const SQUARE = 32;

/** Copies what is below the diagonal above it. */
function mirror(matrix: Float64Array, n: number): void {
  for (let top = 0; top < n; top += SQUARE) {
    for (let left = 0; left <= top; left += SQUARE) {
      for (let i = top; i < Math.min(n, top + SQUARE); i++) {
        for (let j = left; j < Math.min(i, left + SQUARE); j++) matrix[j * n + i] = matrix[i * n + j]!;
      }
    }
  }
}
