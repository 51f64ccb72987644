import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { builds, trial, type Trial } from './trial.ts';

const shapes = fc.record({
  seed: fc.integer({ min: 0 }),
  batch: fc.integer({ min: 1, max: 9 }),
  units: fc.integer({ min: 1, max: 9 }).map((vectors) => 4 * vectors),
  /** Half of the width that the pre-activations are spread over: at 1 gates are half open, at 60 wide or shut. */
  spread: fc.constantFrom(1, 8, 60),
  started: fc.boolean(),
});

/** Arrays of one step. */
function step(run: Trial, batch: number, units: number, spread: number, started: boolean) {
  const cells = batch * units;
  return {
    z: run.noise(4 * cells, -spread, spread),
    bias: run.noise(4 * units),
    before: started ? run.noise(cells, -2, 2) : 0,
    cell: run.noise(cells),
    tanh: run.noise(cells),
    output: run.noise(cells),
  };
}

describe.each(builds)('%s', (build) => {
  it('opens gates as the formulas say', () => {
    fc.assert(
      fc.property(shapes, ({ seed, batch, units, spread, started }) => {
        const run = trial(build, seed);
        const { z, bias, before, cell, tanh, output } = step(run, batch, units, spread, started);
        run.expectSame((kernels) => {
          kernels.gatesForward(batch, units, z, bias, before, cell, tanh, output);
        }, 2e-6);
      }),
    );
  });

  it('may write the new cell over the old', () => {
    const run = trial(build, 2);
    const { z, bias, before, tanh, output } = step(run, 3, 12, 1, true);
    run.expectSame((kernels) => {
      kernels.gatesForward(3, 12, z, bias, before, before, tanh, output);
    }, 2e-6);
  });

  it('keeps six digits of a gate that is all but shut', () => {
    const run = trial(build, 3);
    const units = 4096;
    const { z, bias, cell, tanh, output } = step(run, 1, units, 1, false);
    run.kernels.heap.f32.fill(0, bias / 4, bias / 4 + 4 * units);
    run.kernels.heap.f32.set(
      Array.from({ length: units }, (_, u) => -80 + (80 * u) / units),
      z / 4,
    );
    const wanted = Array.from(run.read(z, units), (x) => 1 / (1 + Math.exp(-x)));
    run.kernels.gatesForward(1, units, z, bias, 0, cell, tanh, output);
    const errors = Array.from(run.read(z, units), (gate, u) => Math.abs(gate / wanted[u]! - 1));
    // 2⁻²² for the exponential, and the rounding of what is done with it.
    expect(Math.max(...errors)).toBeLessThan(3e-7);
  });

  it('goes back through a step as the formulas say', () => {
    fc.assert(
      fc.property(shapes, ({ seed, batch, units, spread, started }) => {
        const run = trial(build, seed);
        const { z, bias, before, cell, tanh, output } = step(run, batch, units, spread, started);
        run.kernels.gatesForward(batch, units, z, bias, before, cell, tanh, output);
        const outputGradient = run.noise(batch * units);
        const cellGradient = run.noise(batch * units);
        run.expectSame((kernels) => {
          kernels.gatesBackward(batch, units, z, before, tanh, outputGradient, cellGradient);
        }, 2e-6);
      }),
    );
  });

  it('has the gradient that finite differences give', () => {
    const run = trial(build, 4);
    const [batch, units] = [2, 8];
    const cells = batch * units;
    const { z, bias, before, cell, tanh, output } = step(run, batch, units, 2, true);
    const [outputGradient, cellGradient] = [run.noise(cells), run.noise(cells)];
    const [ofOutput, ofCell] = [run.read(outputGradient, cells), run.read(cellGradient, cells)];
    const start = run.naive();
    /** A loss whose slopes at the step's results are the gradients that come in; one number moved by `shift`. */
    const lossAt = (address: number, element: number, shift: number): number => {
      const { kernels, heap } = run.naive();
      heap.set(start.heap);
      heap[address / 4 + element]! += shift;
      kernels.gatesForward(batch, units, z, bias, before, cell, tanh, output);
      return ofOutput.reduce(
        (sum, slope, i) => sum + slope * heap[output / 4 + i]! + ofCell[i]! * heap[cell / 4 + i]!,
        0,
      );
    };
    run.kernels.gatesForward(batch, units, z, bias, before, cell, tanh, output);
    run.kernels.gatesBackward(batch, units, z, before, tanh, outputGradient, cellGradient);
    const expectSlopes = (address: number, gradient: Float32Array): void => {
      gradient.forEach((value, i) => {
        const slope = (lossAt(address, i, 1e-4) - lossAt(address, i, -1e-4)) / 2e-4;
        expect(Math.abs(value - slope)).toBeLessThan(2e-6);
      });
    };
    expectSlopes(z, run.read(z, 4 * cells));
    expectSlopes(before, run.read(cellGradient, cells));
  });

  it('lets what is no number spoil its own unit and no other', () => {
    const run = trial(build, 5);
    const [batch, units, spoilt] = [2, 8, 3];
    const { z, bias, before, cell, tanh, output } = step(run, batch, units, 1, true);
    run.kernels.heap.f32[z / 4 + units + spoilt] = NaN;
    run.kernels.gatesForward(batch, units, z, bias, before, cell, tanh, output);
    for (const results of [cell, tanh, output]) {
      expect(Array.from(run.read(results, batch * units), Number.isNaN)).toEqual(
        Array.from({ length: batch * units }, (_, i) => i === spoilt),
      );
    }
  });
});
