import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, throughput } from '../../scripts/bench/bench.ts';
import { figureOf, merge, table } from '../../scripts/bench/results.ts';

const samples = fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1 });

describe('the figures of a bench', () => {
  it('have a median with as many samples above as below it, whatever their order', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const middle = median(values);
        expect(values.filter((value) => value > middle).length * 2).toBeLessThanOrEqual(values.length);
        expect(values.filter((value) => value < middle).length * 2).toBeLessThanOrEqual(values.length);
        expect(median(values.toReversed())).toBe(middle);
      }),
    );
    expect(median([1, 2, 3, 10])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('are compared with the yardstick only in its own unit', () => {
    const yardstick = { what: 'JSON.parse', unit: 'lines/s', samples: [200, 100, 400] };
    const row = { what: 'parse', samples: [50, 100, 150] };
    expect(figureOf({ ...row, unit: 'lines/s' }, yardstick)).toMatchObject({
      median: 100,
      least: 50,
      most: 150,
      ofYardstick: 0.5,
    });
    expect(figureOf({ ...row, unit: 'MB' }, yardstick)).not.toHaveProperty('ofYardstick');
  });

  it('keep what was not measured again', () => {
    const entry = { measured: '2026-11-01', machine: 'one', peakMemoryMB: 50, figures: [] };
    const merged = merge({ parse: entry, score: entry }, { parse: { ...entry, machine: 'two' } });
    expect(merged.parse?.machine).toBe('two');
    expect(merged.score?.machine).toBe('one');
  });

  it('stand in a table with a line each', () => {
    const figures = [figureOf({ what: 'parse', unit: 'lines/s', samples: [150_000] }, undefined)];
    const lines = table({ reading: { measured: '2026-11-01', machine: 'one', peakMemoryMB: 50, figures } }).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^reading +parse +150,000 lines\/s/);
  });

  it('count a warm-up beside the runs that are kept', async () => {
    let calls = 0;
    const measured = await throughput(10, () => calls++, 5);
    expect(measured).toHaveLength(5);
    expect(calls).toBe(6);
  });
});
