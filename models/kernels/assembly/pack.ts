import { FLOAT, PANEL_ROW, VECTOR } from './lanes';

export function pack(k: usize, n: usize, b: usize, ldb: usize, panels: usize): void {
  let to = panels;
  for (let j: usize = 0; j < n; j += 8) {
    let from = b + j * FLOAT;
    for (let row: usize = 0; row < k; row++) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += ldb * FLOAT;
      to += PANEL_ROW;
    }
  }
}

export function packTransposed(k: usize, n: usize, b: usize, ldb: usize, panels: usize): void {
  const ld = ldb * FLOAT;
  let to = panels;
  for (let j: usize = 0; j < n; j += 8) {
    let from = b + j * ld;
    let row: usize = 0;
    for (; row + 4 <= k; row += 4) {
      transpose4x4(from, ld, to);
      transpose4x4(from + 4 * ld, ld, to + VECTOR);
      from += VECTOR;
      to += 4 * PANEL_ROW;
    }
    for (; row < k; row++) {
      for (let column: usize = 0; column < 8; column++) {
        store<f32>(to + column * FLOAT, load<f32>(from + column * ld));
      }
      from += FLOAT;
      to += PANEL_ROW;
    }
  }
}

/** Four rows at `from`, `ld` bytes apart, become four columns of a panel at `to`. */
@inline
function transpose4x4(from: usize, ld: usize, to: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + ld);
  const r2 = v128.load(from + 2 * ld);
  const r3 = v128.load(from + 3 * ld);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
  v128.store(to + PANEL_ROW, v128.shuffle<f64>(low01, low23, 1, 3));
  v128.store(to + 2 * PANEL_ROW, v128.shuffle<f64>(high01, high23, 0, 2));
  v128.store(to + 3 * PANEL_ROW, v128.shuffle<f64>(high01, high23, 1, 3));
}
