import { madd } from './lanes';

/**
 * eˣ with a relative error below 2⁻²²; x is first cut to −87…88, where the result is a normal number. NaN stays NaN.
 * `x = n·ln 2 + r`, eʳ by a polynomial, 2ⁿ by writing n into the exponent's bits.
 * Source: Cephes, single/expf.c (Moshier), its constants.
 */
@inline
export function exp(x: v128): v128 {
  // pmin and pmax give their first operand when one is NaN: with x first, NaN passes.
  x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87)), f32x4.splat(88));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  // ln 2 in two parts: n times the first is exact.
  let r = madd(n, f32x4.splat(-0.693359375), x);
  r = madd(n, f32x4.splat(2.12194440e-4), r);

  let p = f32x4.splat(1.9875691500e-4);
  p = madd(p, r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, f32x4.splat(1)));

  const exponent = ASC_FEATURE_RELAXED_SIMD ? i32x4.relaxed_trunc_f32x4_s(n) : i32x4.trunc_sat_f32x4_s(n);
  return f32x4.mul(p, i32x4.shl(i32x4.add(exponent, i32x4.splat(127)), 23));
}

/** 1 / (1 + e⁻ˣ) */
@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** 1 − 2 / (1 + e²ˣ): an absolute error below 2⁻²², so near 0 few digits are right. */
@inline
export function tanh(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(one, exp(f32x4.add(x, x)))));
}
