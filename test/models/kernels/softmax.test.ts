import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { builds, trial, type Trial } from './trial.ts';

const CONDITIONS = 3;

interface Head {
  readonly rows: number;
  readonly width: number;
  readonly more: number;
  readonly spread: number;
  readonly conditioned: boolean;
}

const heads = fc.record({
  seed: fc.integer({ min: 0 }),
  rows: fc.integer({ min: 1, max: 12 }),
  // Whole vectors and every remainder.
  width: fc.oneof(fc.integer({ min: 1, max: 24 }), fc.constantFrom(256, 257, 258, 259)),
  more: fc.integer({ min: 0, max: 9 }),
  /** At 1 all is possible, at 80 one thing is certain. */
  spread: fc.constantFrom(1, 10, 80),
  conditioned: fc.boolean(),
  scale: fc.constantFrom(1, 1 / 800),
  withBiasGradient: fc.boolean(),
});

function arrays(run: Trial, { rows, width, more, spread, conditioned }: Head) {
  const conditions = conditioned ? CONDITIONS : 1;
  return {
    logits: run.noise(rows * (width + more), -spread, spread),
    bias: run.noise(conditions * width, -2, 2),
    condition: conditioned ? run.integers(rows, 0, CONDITIONS) : 0,
    targets: run.integers(rows, -1, width),
    losses: run.noise(rows),
    biasGradient: run.noise(conditions * width),
  };
}

describe.each(builds)('%s', (build) => {
  it('gives the loss and its gradients', () => {
    fc.assert(
      fc.property(heads, ({ seed, scale, withBiasGradient, ...head }) => {
        const run = trial(build, seed);
        const { logits, bias, condition, targets, losses, biasGradient } = arrays(run, head);
        const { rows, width, more } = head;
        run.expectSame((kernels) => {
          kernels.softmaxCrossEntropy(
            rows,
            width,
            logits,
            width + more,
            bias,
            condition,
            targets,
            scale,
            losses,
            withBiasGradient ? biasGradient : 0,
          );
        }, 5e-6);
      }),
      { numRuns: 200 },
    );
  });

  it('has the gradient that finite differences give', () => {
    const run = trial(build, 1);
    const head = { rows: 4, width: 7, more: 1, spread: 2, conditioned: true };
    const { rows, width, more } = head;
    const ldl = width + more;
    const { logits, bias, condition, targets, losses, biasGradient } = arrays(run, head);
    const { f32, i32 } = run.kernels.heap;
    i32.set([6, -1, 0, 3], targets / 4);
    f32.fill(0, losses / 4, losses / 4 + rows);
    f32.fill(0, biasGradient / 4, biasGradient / 4 + CONDITIONS * width);
    const start = run.naive();
    const scale = 0.25;
    const shapes = [rows, width, logits, ldl, bias, condition, targets, scale, losses, biasGradient] as const;
    const lossAt = (element: number, shift: number): number => {
      const { kernels, heap } = run.naive();
      heap.set(start.heap);
      heap[element]! += shift;
      kernels.softmaxCrossEntropy(...shapes);
      return scale * heap.subarray(losses / 4, losses / 4 + rows).reduce((sum, loss) => sum + loss, 0);
    };
    run.kernels.softmaxCrossEntropy(...shapes);
    const expectSlope = (element: number, gradient: number): void => {
      const slope = (lossAt(element, 1e-4) - lossAt(element, -1e-4)) / 2e-4;
      expect(Math.abs(gradient - slope)).toBeLessThan(1e-6);
    };
    for (let row = 0; row < rows; row++) {
      const at = logits / 4 + row * ldl;
      for (let j = 0; j < width; j++) expectSlope(at + j, f32[at + j]!);
    }
    for (let j = 0; j < CONDITIONS * width; j++) expectSlope(bias / 4 + j, f32[biasGradient / 4 + j]!);
  });

  it.each([-2000, -120, 120, 2000])('gives a row moved by %i the same loss and gradient', (move) => {
    const run = trial(build, 4);
    // Every remainder of a vector: lanes behind the row's end must not take part in its maximum.
    for (const width of [4, 5, 6, 7]) {
      const rows = 2;
      const { logits, bias, targets, losses } = arrays(run, { rows, width, more: 1, spread: 1, conditioned: false });
      run.kernels.heap.i32.set([0, width - 1], targets / 4);
      const at = logits / 4;
      const { f32 } = run.kernels.heap;
      for (let i = at; i < at + rows * (width + 1); i++) f32[i]! += move;
      run.expectSame((kernels) => {
        kernels.softmaxCrossEntropy(rows, width, logits, width + 1, bias, 0, targets, 1, losses, 0);
        // float32 holds 2000 plus a loss to 1e-4 only.
      }, 3e-4);
    }
  });

  it('gives a column whose bias is −10³⁰ nothing', () => {
    const run = trial(build, 2);
    const [width, padded] = [6, 8];
    const { logits, bias, targets, losses } = arrays(run, {
      rows: 1,
      width: padded,
      more: 0,
      spread: 1,
      conditioned: false,
    });
    const { f32, i32 } = run.kernels.heap;
    i32[targets / 4] = 2;
    f32.fill(-1e30, bias / 4 + width, bias / 4 + padded);
    run.kernels.softmaxCrossEntropy(1, padded, logits, padded, bias, 0, targets, 1, losses, 0);
    const gradient = run.read(logits, padded);
    for (const value of gradient.subarray(width)) expect(value).toBeLessThan(1e-37);
    expect(gradient.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
  });

  it.each([0, 3, 4, 6])('lets what is no number in column %i spoil its row and no other', (column) => {
    const run = trial(build, 3);
    const [rows, width] = [2, 7];
    const { logits, bias, targets, losses } = arrays(run, { rows, width, more: 1, spread: 1, conditioned: false });
    const { f32, i32 } = run.kernels.heap;
    i32.set([1, 1], targets / 4);
    f32[logits / 4 + column] = NaN;
    run.kernels.softmaxCrossEntropy(rows, width, logits, width + 1, bias, 0, targets, 1, losses, 0);
    const isNumber = (row: number): boolean[] =>
      Array.from(run.read(logits + row * (width + 1) * 4, width), (x) => !Number.isNaN(x));
    expect(isNumber(0)).toEqual(new Array(width).fill(false));
    expect(isNumber(1)).toEqual(new Array(width).fill(true));
    expect(Array.from(run.read(losses, rows), Number.isNaN)).toEqual([true, false]);
  });
});
