import { Bags } from '../bags/bags.ts';
import { vectorsOf, type Boundary } from './boundary.ts';
import { MIX } from './mix.ts';
import { finite } from '../saved.ts';
import { sampleAt, type Sample } from './samples.ts';

/** Beyond it no field has a number. */
const MOST_INDEX = 2 ** 32;

const indexOf = (field: number): number => MIX + 2 * Math.abs(field) + (field < 0 ? 1 : 0);
const fieldOf = (index: number): number => {
  const place = index - MIX;
  return place % 2 === 1 ? -((place - 1) / 2) : place / 2;
};

/** `index:value` pairs of a window, ascending, zeros left out, as a line of LIBSVM's data format has them. */
export function sparse({ bag, mix }: Sample): string {
  const pairs: [number, number][] = [];
  mix.forEach((value, p) => {
    if (value !== 0) pairs.push([p + 1, value]);
  });
  bag.fields.forEach((field, i) => {
    pairs.push([indexOf(field), bag.weights[i]!]);
  });
  return pairs
    .sort(([a], [b]) => a - b)
    .map(([index, value]) => `${index}:${value}`)
    .join(' ');
}

/**
 * LIBSVM's text model of a boundary: the scaled mix stands at the indices 1…MIX, the bag after it, each field at
 * MIX + 2·|field| (+1 for tokens). Numbers are written so that what is read is what was written.
 */
export function writeModel({ vectors, alpha, rho, gamma }: Boundary): string {
  const samples = { bags: vectors.index.bags(), mixes: vectors.mixes };
  const lines = Array.from(alpha, (weight, v) => `${weight} ${sparse(sampleAt(samples, v))} `);
  const head = ['svm_type one_class', 'kernel_type rbf', `gamma ${gamma}`, 'nr_class 2', `total_sv ${alpha.length}`];
  return [...head, `rho ${rho}`, 'SV', ...lines, ''].join('\n');
}

/** @throws SyntaxError when the text is not a one-class RBF model */
export function readModel(text: string): Omit<Boundary, 'scaling'> {
  const [head, body] = text.split('\nSV\n');
  const field = (name: string): string => new RegExp(`^${name} (\\S+)$`, 'm').exec(head ?? '')?.[1] ?? '';
  if (body === undefined || field('svm_type') !== 'one_class')
    throw new SyntaxError('ocsvm.model: not a one-class LIBSVM model');
  if (field('kernel_type') !== 'rbf') throw new SyntaxError('ocsvm.model: not an RBF kernel');
  const gamma = number(field('gamma'));
  if (!(gamma > 0)) throw new SyntaxError('ocsvm.model: gamma must be above 0');
  const lines = body.split('\n').filter((line) => line !== '');
  if (lines.length !== Number(field('total_sv')))
    throw new SyntaxError(`ocsvm.model: ${lines.length} vectors, total_sv says ${field('total_sv')}`);
  const rho = number(field('rho'));
  if (rho === 0) throw new SyntaxError('ocsvm.model: rho must not be 0');
  const alpha = Float64Array.from(lines, (line) => number(line.slice(0, line.indexOf(' '))));
  const vectors = lines.map((line) => readVector(line.trim().split(' ').slice(1)));
  const mixes = new Float32Array(vectors.length * MIX);
  vectors.forEach(({ mix }, v) => {
    mixes.set(mix, v * MIX);
  });
  return { rho, alpha, gamma, vectors: vectorsOf({ bags: Bags.of(vectors.map(({ bag }) => bag)), mixes }) };
}

function readVector(pairs: readonly string[]): Sample {
  const mix = new Float32Array(MIX);
  const weights = new Map<number, number>();
  for (const pair of pairs) {
    const [index = 0, value] = pair.split(':').map(number);
    if (value === undefined || !Number.isInteger(index) || index < 1 || index > MOST_INDEX)
      throw new SyntaxError(`ocsvm.model: «${pair.slice(0, 40)}» is no index and value`);
    if (index <= MIX) mix[index - 1] = value;
    else weights.set(fieldOf(index), value);
  }
  const fields = Int32Array.from(weights.keys()).sort();
  return { mix, bag: { fields, weights: Float32Array.from(fields, (field) => weights.get(field)!) } };
}

function number(text: string): number {
  const value = text === '' ? NaN : Number(text);
  if (!finite(value)) throw new SyntaxError(`ocsvm.model: «${text.slice(0, 40)}» is not a number`);
  return value;
}
