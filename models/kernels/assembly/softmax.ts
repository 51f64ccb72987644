import { exp } from './exp';
import { FLOAT, laneMax, laneSum, loadFirst, storeFirst, VECTOR } from './lanes';

/** JavaScript's Math.log: one a row, so not worth a polynomial. */
@external('env', 'log')
declare function log(x: f64): f64;

export function softmaxCrossEntropy(
  rows: usize,
  width: usize,
  logits: usize,
  ldl: usize,
  bias: usize,
  condition: usize,
  targets: usize,
  scale: f32,
  losses: usize,
  biasGradient: usize,
): void {
  const bytes = width * FLOAT;
  for (let r: usize = 0; r < rows; r++) {
    const row = logits + r * ldl * FLOAT;
    const target = load<i32>(targets + r * FLOAT);
    if (target < 0) {
      memory.fill(row, 0, bytes);
      continue;
    }
    const shift = condition ? <usize>load<i32>(condition + r * FLOAT) * bytes : 0;
    const atTarget = row + <usize>target * FLOAT;

    const largest = addBias(row, bias + shift, width, largestOf(row, width));
    const logit = load<f32>(atTarget);
    const sum = exponentials(row, width, largest);
    const loss = losses + r * FLOAT;
    store<f32>(loss, load<f32>(loss) + <f32>(log(sum) + largest - logit));

    const gradient = biasGradient ? biasGradient + shift : 0;
    multiply(row, width, scale / sum, gradient);
    store<f32>(atTarget, load<f32>(atTarget) - scale);
    if (gradient) {
      const bit = gradient + <usize>target * FLOAT;
      store<f32>(bit, load<f32>(bit) - scale);
    }
  }
}

@inline
function largestOf(row: usize, width: usize): f32 {
  const last = row + (width & ~3) * FLOAT;
  const rest = width & 3;
  let largest = f32x4.splat(-Infinity);
  for (; row < last; row += VECTOR) largest = f32x4.pmax(largest, v128.load(row));
  if (rest) {
    const x = loadFirst(row, rest);
    largest = f32x4.pmax(largest, v128.bitselect(x, f32x4.splat(-Infinity), firstLanes(rest)));
  }
  return laneMax(largest);
}

/**
 * `row = (row − pivot) + bias`; returns the largest. With the largest logit as pivot the sum that decides is small: near
 * 80, a logit rounded to 32 bits is off by as much as a loss may be.
 */
@inline
function addBias(row: usize, bias: usize, width: usize, pivot: f32): f32 {
  const last = row + (width & ~3) * FLOAT;
  const rest = width & 3;
  const pivots = f32x4.splat(pivot);
  let largest = f32x4.splat(-Infinity);
  for (; row < last; row += VECTOR, bias += VECTOR) {
    const x = f32x4.add(f32x4.sub(v128.load(row), pivots), v128.load(bias));
    v128.store(row, x);
    largest = f32x4.pmax(largest, x);
  }
  if (rest) {
    const x = f32x4.add(f32x4.sub(loadFirst(row, rest), pivots), loadFirst(bias, rest));
    storeFirst(row, x, rest);
    largest = f32x4.pmax(largest, v128.bitselect(x, f32x4.splat(-Infinity), firstLanes(rest)));
  }
  return laneMax(largest);
}

/** `row = e^(row − largest)`; returns the sum. */
@inline
function exponentials(row: usize, width: usize, largest: f32): f32 {
  const last = row + (width & ~3) * FLOAT;
  const rest = width & 3;
  const top = f32x4.splat(largest);
  let sum = f32x4.splat(0);
  for (; row < last; row += VECTOR) {
    const e = exp(f32x4.sub(v128.load(row), top));
    v128.store(row, e);
    sum = f32x4.add(sum, e);
  }
  if (rest) {
    const e = v128.and(exp(f32x4.sub(loadFirst(row, rest), top)), firstLanes(rest));
    storeFirst(row, e, rest);
    sum = f32x4.add(sum, e);
  }
  return laneSum(sum);
}

/** `row *= factor`, and the result is added to `total` unless that is 0. */
@inline
function multiply(row: usize, width: usize, factor: f32, total: usize): void {
  const last = row + (width & ~3) * FLOAT;
  const rest = width & 3;
  const times = f32x4.splat(factor);
  if (!total) {
    for (; row < last; row += VECTOR) v128.store(row, f32x4.mul(v128.load(row), times));
    if (rest) storeFirst(row, f32x4.mul(loadFirst(row, rest), times), rest);
    return;
  }
  for (; row < last; row += VECTOR, total += VECTOR) {
    const x = f32x4.mul(v128.load(row), times);
    v128.store(row, x);
    v128.store(total, f32x4.add(v128.load(total), x));
  }
  if (rest) {
    const x = f32x4.mul(loadFirst(row, rest), times);
    storeFirst(row, x, rest);
    storeFirst(total, f32x4.add(loadFirst(total, rest), x), rest);
  }
}

/** All bits set in the first `count` lanes. */
@inline
function firstLanes(count: usize): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>count));
}
