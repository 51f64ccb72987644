import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { windowsOf } from '../../../models/bags/bags.ts';
import { BoundaryWatch, trainBoundary } from '../../../models/ocsvm/boundary.ts';
import { readModel, sparse, writeModel } from '../../../models/ocsvm/libsvm-text.ts';
import { MovingMix, scaled } from '../../../models/ocsvm/mix.ts';
import { sampleAt, samplesOf } from '../../../models/ocsvm/samples.ts';
import { solveOneClass } from '../../../models/ocsvm/smo.ts';
import { Window } from '../../../models/window.ts';
import { isOnPath } from '../../../scripts/test/system-packages.ts';
import { people } from '../ordinary.ts';
import { scratch } from '../../scratch.ts';

const { past, later, anomalous } = people();
const boundary = trainBoundary(samplesOf(windowsOf(past, 100, 25)));

/** Decision values by the boundary's own eyes, of all whole windows. */
function decisions(actions: typeof past): number[] {
  const window = new Window(100);
  const moving = new MovingMix();
  const watch = new BoundaryWatch(boundary);
  return actions
    .map((action) => {
      window.push(action);
      moving.see(window);
      return (1 - watch.see(window, moving)) * boundary.rho - boundary.rho;
    })
    .slice(99);
}

/** What the same windows are in LIBSVM's data format. */
const lines = (actions: typeof past): string[] =>
  windowsOf(actions, 100, 1).map((window) => {
    const { bag, mix } = sampleAt(samplesOf([window]), 0);
    return `1 ${sparse({ bag, mix: scaled(mix, boundary.scaling) })}`;
  });

it('finds the optimum: every condition of Karush, Kuhn and Tucker holds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })), {
        minLength: 2,
        maxLength: 40,
      }),
      fc.double({ min: 0.05, max: 0.9, noNaN: true }),
      (points, nu) => {
        const n = points.length;
        const kernel = new Float64Array(n * n);
        points.forEach(([x, y], i) => {
          points.forEach(([u, v], j) => (kernel[i * n + j] = Math.exp(-0.5 * ((x - u) ** 2 + (y - v) ** 2))));
        });
        const { alpha, rho } = solveOneClass(kernel, n, nu, 1e-6);
        expect(alpha.reduce((sum, a) => sum + a, 0)).toBeCloseTo(nu * n, 6);
        alpha.forEach((a, i) => {
          expect(a).toBeGreaterThanOrEqual(0);
          expect(a).toBeLessThanOrEqual(1);
          const decision = alpha.reduce((sum, b, j) => sum + b * kernel[i * n + j]!, 0) - rho;
          if (a < 1e-12) expect(decision).toBeGreaterThan(-1e-4);
          else if (a > 1 - 1e-12) expect(decision).toBeLessThan(1e-4);
          else expect(Math.abs(decision)).toBeLessThan(1e-4);
        });
      },
    ),
  );
});

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

it('reads what it wrote, exactly', () => {
  const { vectors, ...read } = readModel(writeModel(boundary));
  expect(read).toEqual({ rho: boundary.rho, gamma: boundary.gamma, alpha: boundary.alpha });
  expect(vectors.mixes).toEqual(boundary.vectors.mixes);
  const [{ starts, fields, weights }, expected] = [vectors.index.bags(), boundary.vectors.index.bags()];
  expect({ starts, fields, weights }).toEqual({
    starts: expected.starts,
    fields: expected.fields,
    weights: expected.weights,
  });
});

it('reads a model that another program wrote: indices in any order, spaces at the end of a line', () => {
  const model = (vector: string): string =>
    `svm_type one_class\nkernel_type rbf\ngamma 1\nnr_class 2\ntotal_sv 1\nrho 1\nSV\n0.5 ${vector}\n`;
  const [own, other] = [
    '3:0.25 70:0.1 71:0.2 72:0.3 75:0.4',
    '75:0.4  '.trim() + ' 3:0.25 70:0.7 72:0.3 71:0.2 70:0.1  ',
  ];
  const read = (vector: string) => {
    const { vectors } = readModel(bytesOf(model(vector)));
    const { fields, weights } = vectors.index.bags();
    return {
      mixes: vectors.mixes,
      fields: [...fields],
      weights: [...weights].map((weight) => Number(weight.toFixed(3))),
    };
  };
  expect(read(own).fields).toEqual([...read(own).fields].sort((a, b) => a - b));
  expect(read(other)).toEqual(read(own));
  expect(read(own).weights.toSorted()).toEqual([0.1, 0.2, 0.3, 0.4]);
  for (const bad of ['70', '70:', ':1', '0:1', '1.5:1', '70:1:2', '70:x', '70:0.1  71:0.2'])
    expect(() => readModel(bytesOf(model(bad))), bad).toThrow(SyntaxError);
});

const written = new TextDecoder().decode(writeModel(boundary));

it('reads what an earlier version wrote, with all digits of 64 bits, as what is written now', () => {
  const [head, body] = written.split('\nSV\n') as [string, string];
  const long = body.replaceAll(/:(\S+)/g, (_, digits) => `:${Math.fround(Number(digits))}`);
  expect(long.length).toBeGreaterThan(1.3 * body.length);
  expect(readModel(bytesOf(`${head}\nSV\n${long}`))).toEqual(readModel(bytesOf(written)));
});

it.each([
  ['not a model', 'hello'],
  ['a head without end', `svm_type one_class\n${'a\n'.repeat(5000)}${written}`],
  ['another kind', written.replace('one_class', 'c_svc')],
  ['another kernel', written.replace('rbf', 'linear')],
  ['vectors missing', written.split('\n').slice(0, -3).join('\n')],
  ['a number that is none', written.replace(/rho .*/, 'rho NaN')],
  ['a weight that is none', written.replace(/SV\n\S+/, 'SV\nx')],
  ['a weight of endless digits', written.replace(/SV\n\S+/, `SV\n0.${'1'.repeat(100_000)}`)],
  ['a value that is not finite', written.replace(/:\S+/, ':1e400')],
  ['a kernel of no width', written.replace(/gamma .*/, 'gamma 0')],
])('refuses %s with a named error', (_, text) => {
  expect(() => readModel(bytesOf(text))).toThrow(SyntaxError);
});

it.skipIf(!isOnPath('svm-predict'))("is opened by LIBSVM's svm-predict, which judges every window the same", () => {
  const folder = scratch();
  const [data, model, out] = ['data', 'model', 'out'].map((name) => join(folder, name)) as [string, string, string];
  const own = [...decisions(later), ...decisions(anomalous)];
  writeFileSync(data, `${[...lines(later), ...lines(anomalous)].join('\n')}\n`);
  writeFileSync(model, writeModel(boundary));
  execFileSync('svm-predict', [data, model, out]);
  const predicted = readFileSync(out, 'utf8').trim().split('\n').map(Number);
  expect(predicted).toHaveLength(own.length);
  const clear = own
    .map((decision, i) => ({ decision, label: predicted[i]! }))
    .filter(({ decision }) => Math.abs(decision) > 1e-6);
  expect(clear.filter(({ decision, label }) => Math.sign(decision) !== label)).toEqual([]);
  expect(new Set(predicted)).toEqual(new Set([1, -1]));
});

// It prints labels alone: moved by 1e-5 to either side of our value, the threshold has to change the label of each window.
it.skipIf(!isOnPath('svm-predict'))('agrees with the values of svm-predict to 1e-5', () => {
  const folder = scratch();
  const [data, model, out] = ['data', 'model', 'out'].map((name) => join(folder, name)) as [string, string, string];
  const windows = [...lines(later), ...lines(anomalous)];
  const own = [...decisions(later), ...decisions(anomalous)];
  const step = Math.floor(windows.length / 12);
  for (let w = 0; w < windows.length; w += step) {
    writeFileSync(data, `${windows[w]!}\n`);
    const labelAt = (moved: number): number => {
      writeFileSync(model, writeModel({ ...boundary, rho: boundary.rho + own[w]! + moved }));
      execFileSync('svm-predict', ['-q', data, model, out]);
      return Number(readFileSync(out, 'utf8'));
    };
    expect([labelAt(-1e-5), labelAt(1e-5)], `window ${w}`).toEqual([1, -1]);
  }
});
