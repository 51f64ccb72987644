import type { Heap, Kernels } from '../kernels.ts';

/** What is particular to an LSTM: its gates, its loss and its optimiser. */
export function lstmKernels(
  heap: Heap,
): Pick<Kernels, 'gatesForward' | 'gatesBackward' | 'softmaxCrossEntropy' | 'adam'> {
  return {
    gatesForward(batch, units, z, bias, previousCell, cell, cellTanh, output) {
      const { f32 } = heap;
      for (let row = 0; row < batch; row++) {
        for (let u = 0; u < units; u++) {
          const i = (z >> 2) + row * 4 * units + u;
          const f = i + units;
          const c = f + units;
          const o = c + units;
          const biasOf = (bias >> 2) + u;
          const inputGate = sigmoid(f32[i]! + f32[biasOf]!);
          const forgetGate = sigmoid(f32[f]! + f32[biasOf + units]!);
          const candidate = Math.tanh(f32[c]! + f32[biasOf + 2 * units]!);
          const outputGate = sigmoid(f32[o]! + f32[biasOf + 3 * units]!);
          f32[i] = inputGate;
          f32[f] = forgetGate;
          f32[c] = candidate;
          f32[o] = outputGate;

          const at = row * units + u;
          const kept = previousCell === 0 ? 0 : forgetGate * f32[(previousCell >> 2) + at]!;
          const state = inputGate * candidate + kept;
          const squashed = Math.tanh(state);
          f32[(cell >> 2) + at] = state;
          f32[(cellTanh >> 2) + at] = squashed;
          f32[(output >> 2) + at] = outputGate * squashed;
        }
      }
    },

    gatesBackward(batch, units, z, previousCell, cellTanh, outputGradient, cellGradient) {
      const { f32 } = heap;
      for (let row = 0; row < batch; row++) {
        for (let u = 0; u < units; u++) {
          const i = (z >> 2) + row * 4 * units + u;
          const f = i + units;
          const c = f + units;
          const o = c + units;
          const inputGate = f32[i]!;
          const forgetGate = f32[f]!;
          const candidate = f32[c]!;
          const outputGate = f32[o]!;

          const at = row * units + u;
          const squashed = f32[(cellTanh >> 2) + at]!;
          const dOutput = f32[(outputGradient >> 2) + at]!;
          const before = previousCell === 0 ? 0 : f32[(previousCell >> 2) + at]!;
          const dState = f32[(cellGradient >> 2) + at]! + dOutput * outputGate * (1 - squashed * squashed);
          f32[i] = dState * candidate * inputGate * (1 - inputGate);
          f32[f] = dState * before * forgetGate * (1 - forgetGate);
          f32[c] = dState * inputGate * (1 - candidate * candidate);
          f32[o] = dOutput * squashed * outputGate * (1 - outputGate);
          f32[(cellGradient >> 2) + at] = dState * forgetGate;
        }
      }
    },

    softmaxCrossEntropy(rows, width, logits, ldl, bias, condition, targets, scale, losses, biasGradient) {
      const { f32, i32 } = heap;
      for (let r = 0; r < rows; r++) {
        const row = (logits >> 2) + r * ldl;
        const target = i32[(targets >> 2) + r]!;
        if (target < 0) {
          f32.fill(0, row, row + width);
          continue;
        }
        const shift = (condition === 0 ? 0 : i32[(condition >> 2) + r]!) * width;
        const biasRow = (bias >> 2) + shift;

        let largest = -Infinity;
        // Not kept in between: rounded to 32 bits, a logit near 80 is off by as much as a loss may be.
        const logitAt = (j: number): number => f32[row + j]! + f32[biasRow + j]!;
        for (let j = 0; j < width; j++) largest = Math.max(largest, logitAt(j));
        const atTarget = logitAt(target);
        let sum = 0;
        for (let j = 0; j < width; j++) sum += f32[row + j] = Math.exp(logitAt(j) - largest);
        f32[(losses >> 2) + r]! += Math.log(sum) + largest - atTarget;

        const normal = scale / sum;
        for (let j = 0; j < width; j++) f32[row + j]! *= normal;
        f32[row + target]! -= scale;
        if (biasGradient === 0) continue;
        const gradientRow = (biasGradient >> 2) + shift;
        for (let j = 0; j < width; j++) f32[gradientRow + j]! += f32[row + j]!;
      }
    },

    adam(n, parameters, gradients, m, v, rate, beta1, beta2, epsilon, step) {
      const { f32 } = heap;
      const correctedRate = rate / (1 - beta1 ** step);
      const correctionOfV = 1 / (1 - beta2 ** step);
      for (let i = 0; i < n; i++) {
        const g = f32[(gradients >> 2) + i]!;
        const first = beta1 * f32[(m >> 2) + i]! + (1 - beta1) * g;
        const second = beta2 * f32[(v >> 2) + i]! + (1 - beta2) * g * g;
        f32[(m >> 2) + i] = first;
        f32[(v >> 2) + i] = second;
        f32[(parameters >> 2) + i]! -= (correctedRate * first) / (Math.sqrt(second * correctionOfV) + epsilon);
      }
    },
  };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
