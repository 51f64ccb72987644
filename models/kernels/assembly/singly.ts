import { FLOAT, VECTOR } from './lanes';

export function multiply(n: usize, x: usize, by: usize): void {
  for (let at: usize = 0; at < n * FLOAT; at += VECTOR) {
    v128.store(x + at, f32x4.mul(v128.load(x + at), v128.load(by + at)));
  }
}

/** As in models/random.ts: the state grows by it with each number, and nothing else of the state counts. */
const PACE: i32 = 0x6d2b79f5;

/** A number of `random` is an integer of 32 bits: those up to `highest` are dropped, `kept` is the factor of all others. */
export function dropOut(n: usize, state: i32, highest: i32, kept: f32, x: usize, mask: usize, out: usize): void {
  let states = i32x4.add(i32x4.splat(state), i32x4.mul(i32x4.splat(PACE), i32x4(1, 2, 3, 4)));
  for (let at: usize = 0; at < n * FLOAT; at += VECTOR) {
    let t = states;
    t = i32x4.mul(v128.xor(t, i32x4.shr_u(t, 15)), v128.or(t, i32x4.splat(1)));
    t = v128.xor(t, i32x4.add(t, i32x4.mul(v128.xor(t, i32x4.shr_u(t, 7)), v128.or(t, i32x4.splat(61)))));
    t = v128.xor(t, i32x4.shr_u(t, 14));
    const factors = v128.andnot(f32x4.splat(kept), i32x4.le_u(t, i32x4.splat(highest)));
    v128.store(mask + at, factors);
    v128.store(out + at, f32x4.mul(v128.load(x + at), factors));
    states = i32x4.add(states, i32x4.splat(4 * PACE));
  }
}
