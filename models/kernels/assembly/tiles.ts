import { madd, PANEL_ROW } from './lanes';

/**
 * The micro-kernels: a tile of c whose sums stay in registers while the loop runs down k. One step of k a turn: unrolled
 * by hand it would need more registers than the sixteen there are.
 *
 * Element (i, q) of a is at `a + i·aRow + q·aStep` and ldc is in bytes, so a may lie either way round; b is a panel.
 */
export function tile6x8(
  k: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  c: usize,
  ldc: usize,
  accumulate: bool,
): void {
  const c0 = c;
  const c1 = c0 + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  const c4 = c3 + ldc;
  const c5 = c4 + ldc;
  const zero = f32x4.splat(0);
  let s00 = accumulate ? v128.load(c0) : zero;
  let s01 = accumulate ? v128.load(c0, 16) : zero;
  let s10 = accumulate ? v128.load(c1) : zero;
  let s11 = accumulate ? v128.load(c1, 16) : zero;
  let s20 = accumulate ? v128.load(c2) : zero;
  let s21 = accumulate ? v128.load(c2, 16) : zero;
  let s30 = accumulate ? v128.load(c3) : zero;
  let s31 = accumulate ? v128.load(c3, 16) : zero;
  let s40 = accumulate ? v128.load(c4) : zero;
  let s41 = accumulate ? v128.load(c4, 16) : zero;
  let s50 = accumulate ? v128.load(c5) : zero;
  let s51 = accumulate ? v128.load(c5, 16) : zero;

  let a0 = a;
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let a4 = a3 + aRow;
  let a5 = a4 + aRow;
  let step: usize = 0;
  const end = b + k * PANEL_ROW;
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0 + step);
    s00 = madd(x, b0, s00);
    s01 = madd(x, b1, s01);
    x = v128.load32_splat(a1 + step);
    s10 = madd(x, b0, s10);
    s11 = madd(x, b1, s11);
    x = v128.load32_splat(a2 + step);
    s20 = madd(x, b0, s20);
    s21 = madd(x, b1, s21);
    x = v128.load32_splat(a3 + step);
    s30 = madd(x, b0, s30);
    s31 = madd(x, b1, s31);
    x = v128.load32_splat(a4 + step);
    s40 = madd(x, b0, s40);
    s41 = madd(x, b1, s41);
    x = v128.load32_splat(a5 + step);
    s50 = madd(x, b0, s50);
    s51 = madd(x, b1, s51);
    step += aStep;
    b += PANEL_ROW;
  }

  v128.store(c0, s00);
  v128.store(c0, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
  v128.store(c4, s40);
  v128.store(c4, s41, 16);
  v128.store(c5, s50);
  v128.store(c5, s51, 16);
}

export function tile4x8(
  k: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  c: usize,
  ldc: usize,
  accumulate: bool,
): void {
  const c0 = c;
  const c1 = c0 + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  const zero = f32x4.splat(0);
  let s00 = accumulate ? v128.load(c0) : zero;
  let s01 = accumulate ? v128.load(c0, 16) : zero;
  let s10 = accumulate ? v128.load(c1) : zero;
  let s11 = accumulate ? v128.load(c1, 16) : zero;
  let s20 = accumulate ? v128.load(c2) : zero;
  let s21 = accumulate ? v128.load(c2, 16) : zero;
  let s30 = accumulate ? v128.load(c3) : zero;
  let s31 = accumulate ? v128.load(c3, 16) : zero;

  let a0 = a;
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let step: usize = 0;
  const end = b + k * PANEL_ROW;
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0 + step);
    s00 = madd(x, b0, s00);
    s01 = madd(x, b1, s01);
    x = v128.load32_splat(a1 + step);
    s10 = madd(x, b0, s10);
    s11 = madd(x, b1, s11);
    x = v128.load32_splat(a2 + step);
    s20 = madd(x, b0, s20);
    s21 = madd(x, b1, s21);
    x = v128.load32_splat(a3 + step);
    s30 = madd(x, b0, s30);
    s31 = madd(x, b1, s31);
    step += aStep;
    b += PANEL_ROW;
  }

  v128.store(c0, s00);
  v128.store(c0, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

export function tile1x8(k: usize, a: usize, aStep: usize, b: usize, c: usize, accumulate: bool): void {
  let s0 = accumulate ? v128.load(c) : f32x4.splat(0);
  let s1 = accumulate ? v128.load(c, 16) : f32x4.splat(0);
  const end = b + k * PANEL_ROW;
  while (b < end) {
    const x = v128.load32_splat(a);
    s0 = madd(x, v128.load(b), s0);
    s1 = madd(x, v128.load(b, 16), s1);
    a += aStep;
    b += PANEL_ROW;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}
