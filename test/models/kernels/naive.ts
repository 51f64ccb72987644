import type { Kernels } from '../../../models/kernels/kernels.ts';
import { random } from '../../../models/random.ts';

/** Everything of `Kernels` that computes. */
export type Arithmetic = Omit<Kernels, 'name' | 'heap'>;

/**
 * What each kernel promises, written as the formula says it, in float64 and without a thought for speed.
 * @param f the heap's floats, one element for every four bytes of an address
 * @param ids the same heap read as integers
 */
export function naiveKernels(f: Float64Array, ids: Int32Array): Arithmetic {
  const get = (address: number, element: number): number => f[address / 4 + element]!;
  const set = (address: number, element: number, value: number): void => {
    f[address / 4 + element] = value;
  };
  const add = (address: number, element: number, value: number): void => {
    set(address, element, get(address, element) + value);
  };
  const id = (address: number, row: number): number => ids[address / 4 + row]!;
  const each = (count: number, visit: (index: number) => void): void => {
    for (let index = 0; index < count; index++) visit(index);
  };
  /** Where element (row, column) of a matrix of k rows lies in panels. */
  const inPanel = (k: number, row: number, column: number): number =>
    Math.floor(column / 8) * k * 8 + row * 8 + (column % 8);

  return {
    pack(k, n, b, ldb, panels) {
      each(k, (q) => {
        each(n, (j) => {
          set(panels, inPanel(k, q, j), get(b, q * ldb + j));
        });
      });
    },
    packTransposed(k, n, b, ldb, panels) {
      each(k, (q) => {
        each(n, (j) => {
          set(panels, inPanel(k, q, j), get(b, j * ldb + q));
        });
      });
    },
    gemm(m, n, k, a, lda, panels, c, ldc, accumulate) {
      each(m, (i) => {
        each(n, (j) => {
          if (!accumulate) set(c, i * ldc + j, 0);
          each(k, (q) => {
            add(c, i * ldc + j, get(a, i * lda + q) * get(panels, inPanel(k, q, j)));
          });
        });
      });
    },
    gemmTransposedA(m, n, k, a, lda, b, ldb, c, ldc) {
      each(m, (i) => {
        each(n, (j) => {
          each(k, (q) => {
            add(c, i * ldc + j, get(a, q * lda + i) * get(b, q * ldb + j));
          });
        });
      });
    },
    gemv(n, k, h, w, base, out) {
      each(n, (j) => {
        set(out, j, get(base, j));
        each(k, (q) => {
          add(out, j, get(h, q) * get(w, q * n + j));
        });
      });
    },

    gather(rows, width, table, chosen, x, ldx) {
      each(rows, (r) => {
        const from = id(chosen, r);
        each(width, (j) => {
          set(x, r * ldx + j, from < 0 ? 0 : get(table, from * width + j));
        });
      });
    },
    scatterAdd(rows, width, table, chosen, x, ldx) {
      each(rows, (r) => {
        const to = id(chosen, r);
        each(to < 0 ? 0 : width, (j) => {
          add(table, to * width + j, get(x, r * ldx + j));
        });
      });
    },
    columnSums(rows, n, x, ldx, sums) {
      each(rows, (r) => {
        each(n, (j) => {
          add(sums, j, get(x, r * ldx + j));
        });
      });
    },
    multiply(n, x, by) {
      each(n, (i) => {
        set(x, i, Math.fround(get(x, i) * get(by, i)));
      });
    },
    dropOut(n, state, dropout, x, mask, out) {
      const next = random(state);
      each(n, (i) => {
        set(mask, i, next() < dropout ? 0 : Math.fround(1 / (1 - dropout)));
        set(out, i, Math.fround(get(x, i) * get(mask, i)));
      });
    },

    gatesForward(batch, units, z, bias, previousCell, cell, cellTanh, output) {
      each(batch, (row) => {
        each(units, (u) => {
          const [i, f, c, o] = gatesOf(row, u, units);
          const at = row * units + u;
          const before = previousCell === 0 ? 0 : get(previousCell, at);
          set(z, i, sigmoid(get(z, i) + get(bias, u)));
          set(z, f, sigmoid(get(z, f) + get(bias, units + u)));
          set(z, c, Math.tanh(get(z, c) + get(bias, 2 * units + u)));
          set(z, o, sigmoid(get(z, o) + get(bias, 3 * units + u)));
          set(cell, at, get(z, f) * before + get(z, i) * get(z, c));
          set(cellTanh, at, Math.tanh(get(cell, at)));
          set(output, at, get(z, o) * get(cellTanh, at));
        });
      });
    },
    gatesBackward(batch, units, z, previousCell, cellTanh, outputGradient, cellGradient) {
      each(batch, (row) => {
        each(units, (u) => {
          const at = row * units + u;
          const gates = gatesOf(row, u, units);
          const [i, f, c, o] = gates.map((gate) => get(z, gate)) as [number, number, number, number];
          const before = previousCell === 0 ? 0 : get(previousCell, at);
          const tanh = get(cellTanh, at);
          const dOutput = get(outputGradient, at);
          const dCell = get(cellGradient, at) + dOutput * o * (1 - tanh ** 2);
          set(z, gates[0], dCell * c * i * (1 - i));
          set(z, gates[1], dCell * before * f * (1 - f));
          set(z, gates[2], dCell * i * (1 - c ** 2));
          set(z, gates[3], dOutput * tanh * o * (1 - o));
          set(cellGradient, at, dCell * f);
        });
      });
    },

    softmaxCrossEntropy(rows, width, logits, ldl, bias, condition, targets, scale, losses, biasGradient) {
      each(rows, (r) => {
        const target = id(targets, r);
        const biasRow = (condition === 0 ? 0 : id(condition, r)) * width;
        const biased = Array.from({ length: width }, (_, j) => get(logits, r * ldl + j) + get(bias, biasRow + j));
        const largest = Math.max(...biased);
        const logSum = largest + Math.log(biased.reduce((sum, x) => sum + Math.exp(x - largest), 0));
        if (target >= 0) add(losses, r, logSum - biased[target]!);
        biased.forEach((x, j) => {
          const gradient = target < 0 ? 0 : scale * (Math.exp(x - logSum) - (j === target ? 1 : 0));
          set(logits, r * ldl + j, gradient);
          if (biasGradient !== 0 && target >= 0) add(biasGradient, biasRow + j, gradient);
        });
      });
    },

    adam(n, parameters, gradients, m, v, rate, beta1, beta2, epsilon, step) {
      each(n, (i) => {
        const g = get(gradients, i);
        set(m, i, beta1 * get(m, i) + (1 - beta1) * g);
        set(v, i, beta2 * get(v, i) + (1 - beta2) * g ** 2);
        const first = get(m, i) / (1 - beta1 ** step);
        const second = get(v, i) / (1 - beta2 ** step);
        add(parameters, i, (-rate * first) / (Math.sqrt(second) + epsilon));
      });
    },
  };
}

/** Elements of z [batch, 4·units] that hold a unit's gates i, f, c, o. */
function gatesOf(row: number, unit: number, units: number): [number, number, number, number] {
  const i = row * 4 * units + unit;
  return [i, i + units, i + 2 * units, i + 3 * units];
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
