import { Bags, type Bag } from '../bags/bags.ts';
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
  const known = new Map<string, number>();
  const vectors = lines.map((line) => readVector(line, known));
  const mixes = new Float32Array(vectors.length * MIX);
  vectors.forEach(({ mix }, v) => {
    mixes.set(mix, v * MIX);
  });
  return { rho, alpha, gamma, vectors: vectorsOf({ bags: Bags.of(vectors.map(({ bag }) => bag)), mixes }) };
}

/**
 * What follows the weight on a line. Read by hand: a model has tens of thousands of pairs, and is read whenever its user comes back.
 * @param known numbers by their text: most of them stand there again and again, and seventeen digits are slow to read
 */
function readVector(line: string, known: Map<string, number>): Sample {
  const mix = new Float32Array(MIX);
  const [indices, values]: [number[], number[]] = [[], []];
  const end = line.trimEnd().length;
  for (let from = line.indexOf(' ') + 1; from > 0 && from < end;) {
    const space = line.indexOf(' ', from);
    const to = space < 0 || space > end ? end : space;
    const colon = line.indexOf(':', from);
    const index = colon < 0 || colon >= to ? NaN : number(line.slice(from, colon));
    if (!Number.isInteger(index) || index < 1 || index > MOST_INDEX)
      throw new SyntaxError(`ocsvm.model: «${line.slice(from, Math.min(to, from + 40))}» is no index and value`);
    const text = line.slice(colon + 1, to);
    let value = known.get(text);
    if (value === undefined) known.set(text, (value = number(text)));
    if (index <= MIX) mix[index - 1] = value;
    else {
      indices.push(index);
      values.push(value);
    }
    from = to + 1;
  }
  return { mix, bag: isAscending(indices) ? bagInOrder(indices, values) : anyBag(indices, values) };
}

const isAscending = (numbers: readonly number[]): boolean =>
  numbers.every((one, n) => n === 0 || one > numbers[n - 1]!);

/** As we write them: ascending, so that a bag's fields are the tokens backwards, then all others. */
function bagInOrder(indices: readonly number[], values: readonly number[]): Bag {
  const [fields, weights] = [new Int32Array(indices.length), new Float32Array(indices.length)];
  const tokens = indices.reduce((count, index) => count + ((index - MIX) % 2), 0);
  let [token, other] = [tokens, tokens];
  indices.forEach((index, i) => {
    const place = (index - MIX) % 2 === 1 ? --token : other++;
    fields[place] = fieldOf(index);
    weights[place] = values[i]!;
  });
  return { fields, weights };
}

/** In any order; of a field that stands there twice the last. */
function anyBag(indices: readonly number[], values: readonly number[]): Bag {
  const weights = new Map(indices.map((index, i) => [fieldOf(index), values[i]!]));
  const fields = Int32Array.from(weights.keys()).sort();
  return { fields, weights: Float32Array.from(fields, (field) => weights.get(field)!) };
}

function number(text: string): number {
  const value = text === '' ? NaN : Number(text);
  if (!finite(value)) throw new SyntaxError(`ocsvm.model: «${text.slice(0, 40)}» is not a number`);
  return value;
}
