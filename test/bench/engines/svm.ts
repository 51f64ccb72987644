import type { Row } from '../../../scripts/bench/bench.ts';
import type { MathEngine } from '../../../models/math-engine.ts';
import { windowsOf } from '../../../models/bags/bags.ts';
import { BoundaryWatch, trainBoundary } from '../../../models/ocsvm/boundary.ts';
import { sparse } from '../../../models/ocsvm/libsvm-text.ts';
import { MovingMix, scaled, scalingOf } from '../../../models/ocsvm/mix.ts';
import { picked, sampleAt, samplesOf, type Samples } from '../../../models/ocsvm/samples.ts';
import { TOLERANCE } from '../../../models/ocsvm/smo.ts';
import { usualTuning } from '../../../models/tuning.ts';
import { Window } from '../../../models/window.ts';
import { libsvmClass } from '../../../src-main/math/libsvm.ts';
import { busy } from './busy.ts';
import { over, throughput, type Rivals } from './rivals.ts';

const WINDOW = 100;
const STRIDE = 25;
/** As many windows as the product keeps, and four times as many. */
const SIZES = [500, 2000] as const;

const past = busy(WINDOW + STRIDE * (SIZES[1] - 1));
const windows = samplesOf(windowsOf(past, WINDOW, STRIDE));
const first = (n: number): Samples => picked(windows, [...Array(n).keys()]);
const nameOf = (n: number): string => `${n} windows`;

/** The same windows for LIBSVM and scikit-learn, as pairs of index and value. */
export function svmWork(): object {
  const named = SIZES.map((n) => [nameOf(n), vectorsOf(first(n))] as const);
  return { svm: Object.fromEntries(named), gamma: usualTuning.gamma, nu: usualTuning.nu, tolerance: TOLERANCE };
}

function vectorsOf(samples: Samples): number[][][] {
  const mixes = scaled(samples.mixes, scalingOf(samples.mixes));
  return Array.from({ length: samples.bags.size }, (_, s) =>
    sparse(sampleAt({ ...samples, mixes }, s))
      .split(' ')
      .map((pair) => pair.split(':').map(Number)),
  );
}

/** From windows to a boundary by one engine, the kernel's matrix included. */
export function trainingRows(math: MathEngine, { libsvm, sklearn }: Rivals): Row[] {
  const rows: Row[] = [];
  for (const n of SIZES) {
    const own = first(n);
    const samples = throughput(n, () => trainBoundary(own, math));
    const row = { what: `SVM trained, ${math.name}, ${nameOf(n)}`, unit: 'windows/s', samples };
    const name = `training ${nameOf(n)}`;
    rows.push(...over('LIBSVM', libsvm?.[name], row), ...over('scikit-learn', sklearn?.[name], row).slice(1));
  }
  return rows;
}

/** libsvm-js answers with a label only, for dense vectors that are given to it one at a time. */
interface Labeller {
  train(samples: readonly number[][], labels: readonly number[]): void;
  predictOne(sample: readonly number[]): number;
  free(): void;
}

async function libsvmJsScoring(): Promise<Row> {
  const vectors = vectorsOf(first(SIZES[0]));
  const columns = [...new Set(vectors.flatMap((pairs) => pairs.map(([index]) => index!)))];
  const dense = vectors.map((pairs) => {
    const values = new Map(pairs as [number, number][]);
    return columns.map((index) => values.get(index) ?? 0);
  });
  const Class = (await libsvmClass()) as unknown as new (options: object) => Labeller;
  const svm = new Class({
    type: '2',
    kernel: '2',
    gamma: usualTuning.gamma,
    nu: usualTuning.nu,
    tolerance: TOLERANCE,
    quiet: true,
  });
  try {
    svm.train(
      dense,
      dense.map(() => 1),
    );
    const samples = throughput(dense.length, () => {
      for (const sample of dense) svm.predictOne(sample);
    });
    return { what: 'SVM scored, libsvm-js', unit: 'windows/s', samples };
  } finally {
    svm.free();
  }
}

/** A window that moves on by an action, judged again: what no other SVM is asked. The others judge whole windows. */
export async function scoringRows({ libsvm, sklearn }: Rivals): Promise<Row[]> {
  const boundary = trainBoundary(first(SIZES[0]));
  const samples = throughput(past.length, () => {
    const [window, moving, watch] = [new Window(WINDOW), new MovingMix(), new BoundaryWatch(boundary)];
    for (const action of past) {
      window.push(action);
      moving.see(window);
      watch.see(window, moving);
    }
  });
  const row = { what: `SVM scored, ${boundary.alpha.length} vectors, fused`, unit: 'windows/s', samples };
  const name = `scoring ${nameOf(SIZES[0])}`;
  const others = [...over('LIBSVM', libsvm?.[name], row), ...over('scikit-learn', sklearn?.[name], row).slice(1)];
  return [...others, await libsvmJsScoring()];
}
