/** By how much the state of `random` grows with each number. */
const PACE = 0x6d2b79f5;

/** The state of `random` after `count` more numbers: nothing else of it is random. */
export const later = (state: number, count: number): number => (state + Math.imul(count, PACE)) | 0;

/** Numbers in [0, 1) that a seed repeats exactly. Source: mulberry32, Tommy Ettinger 2017 (public domain). */
export function random(seed: number): () => number {
  // Signed: V8 keeps what fits 32 bits with a sign without allocating it.
  let state = seed | 0;
  return () => {
    state = (state + PACE) | 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
