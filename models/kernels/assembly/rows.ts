import { FLOAT, VECTOR } from './lanes';

export function gather(rows: usize, width: usize, table: usize, ids: usize, x: usize, ldx: usize): void {
  const bytes = width * FLOAT;
  for (let r: usize = 0; r < rows; r++) {
    const id = load<i32>(ids + r * FLOAT);
    const to = x + r * ldx * FLOAT;
    const from = table + <usize>id * bytes;
    if (id < 0) {
      for (let at: usize = 0; at < bytes; at += VECTOR) v128.store(to + at, f32x4.splat(0));
    } else {
      for (let at: usize = 0; at < bytes; at += VECTOR) v128.store(to + at, v128.load(from + at));
    }
  }
}

export function scatterAdd(rows: usize, width: usize, table: usize, ids: usize, x: usize, ldx: usize): void {
  const bytes = width * FLOAT;
  for (let r: usize = 0; r < rows; r++) {
    const id = load<i32>(ids + r * FLOAT);
    if (id < 0) continue;
    const to = table + <usize>id * bytes;
    const from = x + r * ldx * FLOAT;
    for (let at: usize = 0; at < bytes; at += VECTOR) {
      v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
    }
  }
}

export function columnSums(rows: usize, n: usize, x: usize, ldx: usize, sums: usize): void {
  const ld = ldx * FLOAT;
  let j: usize = 0;
  for (; j + 16 <= n; j += 16) {
    const to = sums + j * FLOAT;
    let s0 = v128.load(to);
    let s1 = v128.load(to, 16);
    let s2 = v128.load(to, 32);
    let s3 = v128.load(to, 48);
    let from = x + j * FLOAT;
    for (let r: usize = 0; r < rows; r++) {
      s0 = f32x4.add(s0, v128.load(from));
      s1 = f32x4.add(s1, v128.load(from, 16));
      s2 = f32x4.add(s2, v128.load(from, 32));
      s3 = f32x4.add(s3, v128.load(from, 48));
      from += ld;
    }
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
  }
  for (; j < n; j += 4) {
    let sum = v128.load(sums + j * FLOAT);
    let from = x + j * FLOAT;
    for (let r: usize = 0; r < rows; r++) {
      sum = f32x4.add(sum, v128.load(from));
      from += ld;
    }
    v128.store(sums + j * FLOAT, sum);
  }
}
