import type { Heap, Kernels } from '../kernels.ts';

type MatrixKernel = 'pack' | 'packTransposed' | 'gemm' | 'gemmTransposedA' | 'gemv';

/**
 * Products of matrices. Panels are [n / 8][k][8]: the 8 columns that a tile of c needs follow each other in memory.
 * Sums are kept in float64 while they grow, because that is what JavaScript's numbers are.
 */
export function matrixKernels(heap: Heap): Pick<Kernels, MatrixKernel> {
  return {
    pack(k, n, b, ldb, panels) {
      const { f32 } = heap;
      let to = panels >> 2;
      for (let j = 0; j < n; j += 8) {
        for (let row = 0; row < k; row++, to += 8) {
          const from = (b >> 2) + row * ldb + j;
          f32.copyWithin(to, from, from + 8);
        }
      }
    },

    packTransposed(k, n, b, ldb, panels) {
      const { f32 } = heap;
      let to = panels >> 2;
      for (let j = 0; j < n; j += 8) {
        const from = (b >> 2) + j * ldb;
        for (let row = 0; row < k; row++) {
          for (let column = 0; column < 8; column++) f32[to++] = f32[from + column * ldb + row]!;
        }
      }
    },

    gemm(m, n, k, a, lda, panels, c, ldc, accumulate) {
      const { f32 } = heap;
      for (let j = 0; j < n; j += TILE) {
        const panel = (panels >> 2) + (j >> 3) * 8 * k + (j & 7);
        tiles(f32, m, k, a >> 2, lda, 1, panel, 8, (c >> 2) + j, ldc, accumulate);
      }
    },

    gemmTransposedA(m, n, k, a, lda, b, ldb, c, ldc) {
      const { f32 } = heap;
      for (let j = 0; j < n; j += TILE) {
        tiles(f32, m, k, a >> 2, 1, lda, (b >> 2) + j, ldb, (c >> 2) + j, ldc, true);
      }
    },

    gemv(n, k, h, w, base, out) {
      const { f32 } = heap;
      for (let j = 0; j < n; j += 8) {
        const sums = (base >> 2) + j;
        let s0 = f32[sums]!;
        let s1 = f32[sums + 1]!;
        let s2 = f32[sums + 2]!;
        let s3 = f32[sums + 3]!;
        let s4 = f32[sums + 4]!;
        let s5 = f32[sums + 5]!;
        let s6 = f32[sums + 6]!;
        let s7 = f32[sums + 7]!;
        let row = (w >> 2) + j;
        for (let i = 0; i < k; i++, row += n) {
          const x = f32[(h >> 2) + i]!;
          s0 += x * f32[row]!;
          s1 += x * f32[row + 1]!;
          s2 += x * f32[row + 2]!;
          s3 += x * f32[row + 3]!;
          s4 += x * f32[row + 4]!;
          s5 += x * f32[row + 5]!;
          s6 += x * f32[row + 6]!;
          s7 += x * f32[row + 7]!;
        }
        const to = (out >> 2) + j;
        f32[to] = s0;
        f32[to + 1] = s1;
        f32[to + 2] = s2;
        f32[to + 3] = s3;
        f32[to + 4] = s4;
        f32[to + 5] = s5;
        f32[to + 6] = s6;
        f32[to + 7] = s7;
      }
    },
  };
}

/** Side of the square of c whose sums stay in registers. Four divides a panel's eight. */
const TILE = 4;

/**
 * One column of tiles: c[0…m, 0…4) from a, whose element (i, q) is at `a + i·aRow + q·aStep`, and b, whose row q is at
 * `b + q·bStep`. Element numbers here, not addresses.
 */
function tiles(
  f: Float32Array,
  m: number,
  k: number,
  a: number,
  aRow: number,
  aStep: number,
  b: number,
  bStep: number,
  c: number,
  ldc: number,
  accumulate: boolean,
): void {
  let i = 0;
  for (; i + TILE <= m; i += TILE) {
    tile4x4(f, k, a + i * aRow, aRow, aStep, b, bStep, c + i * ldc, ldc, accumulate);
  }
  for (; i < m; i++) tile1x4(f, k, a + i * aRow, aStep, b, bStep, c + i * ldc, accumulate);
}

function tile4x4(
  f: Float32Array,
  k: number,
  a: number,
  aRow: number,
  aStep: number,
  b: number,
  bStep: number,
  c: number,
  ldc: number,
  accumulate: boolean,
): void {
  const c0 = c;
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  let s00 = accumulate ? f[c0]! : 0;
  let s01 = accumulate ? f[c0 + 1]! : 0;
  let s02 = accumulate ? f[c0 + 2]! : 0;
  let s03 = accumulate ? f[c0 + 3]! : 0;
  let s10 = accumulate ? f[c1]! : 0;
  let s11 = accumulate ? f[c1 + 1]! : 0;
  let s12 = accumulate ? f[c1 + 2]! : 0;
  let s13 = accumulate ? f[c1 + 3]! : 0;
  let s20 = accumulate ? f[c2]! : 0;
  let s21 = accumulate ? f[c2 + 1]! : 0;
  let s22 = accumulate ? f[c2 + 2]! : 0;
  let s23 = accumulate ? f[c2 + 3]! : 0;
  let s30 = accumulate ? f[c3]! : 0;
  let s31 = accumulate ? f[c3 + 1]! : 0;
  let s32 = accumulate ? f[c3 + 2]! : 0;
  let s33 = accumulate ? f[c3 + 3]! : 0;
  for (let q = 0; q < k; q++) {
    const b0 = f[b]!;
    const b1 = f[b + 1]!;
    const b2 = f[b + 2]!;
    const b3 = f[b + 3]!;
    const x0 = f[a]!;
    s00 += x0 * b0;
    s01 += x0 * b1;
    s02 += x0 * b2;
    s03 += x0 * b3;
    const x1 = f[a + aRow]!;
    s10 += x1 * b0;
    s11 += x1 * b1;
    s12 += x1 * b2;
    s13 += x1 * b3;
    const x2 = f[a + 2 * aRow]!;
    s20 += x2 * b0;
    s21 += x2 * b1;
    s22 += x2 * b2;
    s23 += x2 * b3;
    const x3 = f[a + 3 * aRow]!;
    s30 += x3 * b0;
    s31 += x3 * b1;
    s32 += x3 * b2;
    s33 += x3 * b3;
    a += aStep;
    b += bStep;
  }
  f[c0] = s00;
  f[c0 + 1] = s01;
  f[c0 + 2] = s02;
  f[c0 + 3] = s03;
  f[c1] = s10;
  f[c1 + 1] = s11;
  f[c1 + 2] = s12;
  f[c1 + 3] = s13;
  f[c2] = s20;
  f[c2 + 1] = s21;
  f[c2 + 2] = s22;
  f[c2 + 3] = s23;
  f[c3] = s30;
  f[c3 + 1] = s31;
  f[c3 + 2] = s32;
  f[c3 + 3] = s33;
}

function tile1x4(
  f: Float32Array,
  k: number,
  a: number,
  aStep: number,
  b: number,
  bStep: number,
  c: number,
  accumulate: boolean,
): void {
  let s0 = accumulate ? f[c]! : 0;
  let s1 = accumulate ? f[c + 1]! : 0;
  let s2 = accumulate ? f[c + 2]! : 0;
  let s3 = accumulate ? f[c + 3]! : 0;
  for (let q = 0; q < k; q++) {
    const x = f[a]!;
    s0 += x * f[b]!;
    s1 += x * f[b + 1]!;
    s2 += x * f[b + 2]!;
    s3 += x * f[b + 3]!;
    a += aStep;
    b += bStep;
  }
  f[c] = s0;
  f[c + 1] = s1;
  f[c + 2] = s2;
  f[c + 3] = s3;
}
