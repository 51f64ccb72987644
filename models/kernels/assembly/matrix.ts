import { FLOAT, madd } from './lanes';
import { pack } from './pack';
import { tile1x8, tile4x8, tile6x8 } from './tiles';

/** Rows of a that stay in the first-level cache while the panels pass by. A multiple of 6 and 4. */
const BLOCK_ROWS: usize = 96;
/** Steps of k that `gemmTransposedA` takes at once, so that what it packs stays in cache. */
const BLOCK_DEPTH: usize = 256;

/**
 * How many of m rows go to the tile of six. Without fused multiply-add none: the product needs a register of its own and
 * six rows leave none. With it, a rest of two or three rows takes six back: the tile of four is quicker than that of one.
 */
@inline
function rowsBySix(m: usize): usize {
  if (!ASC_FEATURE_RELAXED_SIMD) return 0;
  const rest = m % 6;
  const whole = m - rest;
  return (rest == 2 || rest == 3) && whole > 0 ? whole - 6 : whole;
}

export function gemm(
  m: usize,
  n: usize,
  k: usize,
  a: usize,
  lda: usize,
  panels: usize,
  c: usize,
  ldc: usize,
  accumulate: bool,
): void {
  const aRow = lda * FLOAT;
  const cRow = ldc * FLOAT;
  for (let first: usize = 0; first < m; first += BLOCK_ROWS) {
    const rows = min(BLOCK_ROWS, m - first);
    const six = rowsBySix(rows);
    const block = a + first * aRow;
    for (let j: usize = 0; j < n; j += 8) {
      const panel = panels + j * k * FLOAT;
      const to = c + first * cRow + j * FLOAT;
      let i: usize = 0;
      for (; i < six; i += 6) tile6x8(k, block + i * aRow, aRow, FLOAT, panel, to + i * cRow, cRow, accumulate);
      for (; i + 4 <= rows; i += 4) tile4x8(k, block + i * aRow, aRow, FLOAT, panel, to + i * cRow, cRow, accumulate);
      for (; i < rows; i++) tile1x8(k, block + i * aRow, FLOAT, panel, to + i * cRow, accumulate);
    }
  }
}

export function gemmTransposedA(
  m: usize,
  n: usize,
  k: usize,
  a: usize,
  lda: usize,
  b: usize,
  ldb: usize,
  c: usize,
  ldc: usize,
  scratch: usize,
): void {
  const cRow = ldc * FLOAT;
  const six = rowsBySix(m);
  for (let first: usize = 0; first < k; first += BLOCK_DEPTH) {
    const depth = min(BLOCK_DEPTH, k - first);
    const panel = scratch;
    const groups = scratch + depth * 8 * FLOAT;
    packColumns(depth, m, six, a + first * lda * FLOAT, lda * FLOAT, groups);
    for (let j: usize = 0; j < n; j += 8) {
      pack(depth, 8, b + (first * ldb + j) * FLOAT, ldb, panel);
      const to = c + j * FLOAT;
      let i: usize = 0;
      for (; i < six; i += 6) {
        tile6x8(depth, groups + i * depth * FLOAT, FLOAT, 6 * FLOAT, panel, to + i * cRow, cRow, true);
      }
      for (; i < m; i += 4) {
        tile4x8(depth, groups + i * depth * FLOAT, FLOAT, 4 * FLOAT, panel, to + i * cRow, cRow, true);
      }
    }
  }
}

/** Columns of a [k, m] in the groups of six and four that the tiles take: what one step of k needs lies together. */
function packColumns(k: usize, m: usize, six: usize, a: usize, ld: usize, groups: usize): void {
  let to = groups;
  let i: usize = 0;
  for (; i < six; i += 6) {
    let from = a + i * FLOAT;
    for (let q: usize = 0; q < k; q++) {
      v128.store(to, v128.load(from));
      store<u64>(to, load<u64>(from, 16), 16);
      from += ld;
      to += 6 * FLOAT;
    }
  }
  for (; i < m; i += 4) {
    let from = a + i * FLOAT;
    for (let q: usize = 0; q < k; q++) {
      v128.store(to, v128.load(from));
      from += ld;
      to += 4 * FLOAT;
    }
  }
}

export function gemv(n: usize, k: usize, h: usize, w: usize, base: usize, out: usize): void {
  const wRow = n * FLOAT;
  const end = h + k * FLOAT;
  let j: usize = 0;
  // Eight sums at once hide the latency of one multiply-add behind the others.
  for (; j + 32 <= n; j += 32) {
    const from = base + j * FLOAT;
    let s0 = v128.load(from);
    let s1 = v128.load(from, 16);
    let s2 = v128.load(from, 32);
    let s3 = v128.load(from, 48);
    let s4 = v128.load(from, 64);
    let s5 = v128.load(from, 80);
    let s6 = v128.load(from, 96);
    let s7 = v128.load(from, 112);
    let row = w + j * FLOAT;
    for (let at = h; at < end; at += FLOAT) {
      const x = v128.load32_splat(at);
      s0 = madd(x, v128.load(row), s0);
      s1 = madd(x, v128.load(row, 16), s1);
      s2 = madd(x, v128.load(row, 32), s2);
      s3 = madd(x, v128.load(row, 48), s3);
      s4 = madd(x, v128.load(row, 64), s4);
      s5 = madd(x, v128.load(row, 80), s5);
      s6 = madd(x, v128.load(row, 96), s6);
      s7 = madd(x, v128.load(row, 112), s7);
      row += wRow;
    }
    const to = out + j * FLOAT;
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    v128.store(to, s4, 64);
    v128.store(to, s5, 80);
    v128.store(to, s6, 96);
    v128.store(to, s7, 112);
  }
  for (; j < n; j += 8) {
    let s0 = v128.load(base + j * FLOAT);
    let s1 = v128.load(base + j * FLOAT, 16);
    let row = w + j * FLOAT;
    for (let at = h; at < end; at += FLOAT) {
      const x = v128.load32_splat(at);
      s0 = madd(x, v128.load(row), s0);
      s1 = madd(x, v128.load(row, 16), s1);
      row += wRow;
    }
    v128.store(out + j * FLOAT, s0);
    v128.store(out + j * FLOAT, s1, 16);
  }
}
