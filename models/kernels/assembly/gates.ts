import { sigmoid, tanh } from './exp';
import { FLOAT, madd, VECTOR } from './lanes';

export function gatesForward(
  batch: usize,
  units: usize,
  z: usize,
  bias: usize,
  previousCell: usize,
  cell: usize,
  cellTanh: usize,
  output: usize,
): void {
  const gate = units * FLOAT;
  let at: usize = 0;
  for (let row: usize = 0; row < batch; row++) {
    for (let u: usize = 0; u < gate; u += VECTOR) {
      const i = z + u;
      const f = i + gate;
      const c = f + gate;
      const o = c + gate;
      const inputGate = sigmoid(f32x4.add(v128.load(i), v128.load(bias + u)));
      const forgetGate = sigmoid(f32x4.add(v128.load(f), v128.load(bias + u + gate)));
      const candidate = tanh(f32x4.add(v128.load(c), v128.load(bias + u + 2 * gate)));
      const outputGate = sigmoid(f32x4.add(v128.load(o), v128.load(bias + u + 3 * gate)));
      v128.store(i, inputGate);
      v128.store(f, forgetGate);
      v128.store(c, candidate);
      v128.store(o, outputGate);

      let state = f32x4.mul(inputGate, candidate);
      if (previousCell) state = madd(forgetGate, v128.load(previousCell + at), state);
      const squashed = tanh(state);
      v128.store(cell + at, state);
      v128.store(cellTanh + at, squashed);
      v128.store(output + at, f32x4.mul(outputGate, squashed));
      at += VECTOR;
    }
    z += 4 * gate;
  }
}

export function gatesBackward(
  batch: usize,
  units: usize,
  z: usize,
  previousCell: usize,
  cellTanh: usize,
  outputGradient: usize,
  cellGradient: usize,
): void {
  const gate = units * FLOAT;
  const one = f32x4.splat(1);
  let at: usize = 0;
  for (let row: usize = 0; row < batch; row++) {
    for (let u: usize = 0; u < gate; u += VECTOR) {
      const i = z + u;
      const f = i + gate;
      const c = f + gate;
      const o = c + gate;
      const inputGate = v128.load(i);
      const forgetGate = v128.load(f);
      const candidate = v128.load(c);
      const outputGate = v128.load(o);

      const squashed = v128.load(cellTanh + at);
      const dOutput = v128.load(outputGradient + at);
      const before = previousCell ? v128.load(previousCell + at) : f32x4.splat(0);
      const slope = f32x4.sub(one, f32x4.mul(squashed, squashed));
      const dState = f32x4.add(v128.load(cellGradient + at), f32x4.mul(f32x4.mul(dOutput, outputGate), slope));
      v128.store(i, f32x4.mul(f32x4.mul(dState, candidate), sigmoidSlope(inputGate)));
      v128.store(f, f32x4.mul(f32x4.mul(dState, before), sigmoidSlope(forgetGate)));
      v128.store(c, f32x4.mul(f32x4.mul(dState, inputGate), f32x4.sub(one, f32x4.mul(candidate, candidate))));
      v128.store(o, f32x4.mul(f32x4.mul(dOutput, squashed), sigmoidSlope(outputGate)));
      v128.store(cellGradient + at, f32x4.mul(dState, forgetGate));
      at += VECTOR;
    }
    z += 4 * gate;
  }
}

/** The slope of the sigmoid where its value is `s`. */
@inline
function sigmoidSlope(s: v128): v128 {
  return f32x4.mul(s, f32x4.sub(f32x4.splat(1), s));
}
