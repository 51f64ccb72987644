/** Bytes of a float32, of a vector of four, and of the eight columns of a panel's row. */
export const FLOAT: usize = 4;
export const VECTOR: usize = 16;
export const PANEL_ROW: usize = 32;

/** `a·b + c`: rounded once in the build with relaxed SIMD (on a processor that can), twice in the other. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** The first `count` (1…3) floats at `from`, then zeros; reads nothing behind them. */
@inline
export function loadFirst(from: usize, count: usize): v128 {
  if (count == 1) return v128.load32_zero(from);
  const two = v128.load64_zero(from);
  return count == 2 ? two : v128.load32_lane(from, two, 2, 8);
}

/** Writes the first `count` (1…3) lanes and nothing behind them. */
@inline
export function storeFirst(to: usize, value: v128, count: usize): void {
  if (count == 1) {
    v128.store32_lane(to, value, 0);
    return;
  }
  v128.store64_lane(to, value, 0);
  if (count == 3) v128.store32_lane(to, value, 2, 8);
}

/** Sum of the four lanes. */
@inline
export function laneSum(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** Largest of the four lanes. */
@inline
export function laneMax(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}
