import { FLOAT, madd, VECTOR } from './lanes';

/**
 * `decay1`, `decay2` are 1 − β: float32 holds the small number to seven digits, 1 − 0.999f only to four.
 * `rate` comes divided by 1 − β₁ᵗ, `correctionOfV` is 1 / (1 − β₂ᵗ).
 */
export function adam(
  n: usize,
  parameters: usize,
  gradients: usize,
  m: usize,
  v: usize,
  rate: f32,
  decay1: f32,
  decay2: f32,
  epsilon: f32,
  correctionOfV: f32,
): void {
  for (let at: usize = 0; at < n * FLOAT; at += VECTOR) {
    const g = v128.load(gradients + at);
    const first = v128.load(m + at);
    const second = v128.load(v + at);
    const newFirst = madd(f32x4.splat(decay1), f32x4.sub(g, first), first);
    const newSecond = madd(f32x4.splat(decay2), f32x4.sub(f32x4.mul(g, g), second), second);
    v128.store(m + at, newFirst);
    v128.store(v + at, newSecond);

    const root = f32x4.sqrt(f32x4.mul(newSecond, f32x4.splat(correctionOfV)));
    const change = f32x4.div(f32x4.mul(newFirst, f32x4.splat(rate)), f32x4.add(root, f32x4.splat(epsilon)));
    v128.store(parameters + at, f32x4.sub(v128.load(parameters + at), change));
  }
}
