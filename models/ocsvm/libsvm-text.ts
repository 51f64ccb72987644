import { Bags, type Bag } from '../bags/bags.ts';
import { vectorsOf, type Boundary } from './boundary.ts';
import { MIX } from './mix.ts';
import { ascii, NumberReader } from './number-reader.ts';
import { finite } from '../saved.ts';
import { sampleAt, type Sample } from './samples.ts';

/** Beyond it no field has a number. */
const MOST_INDEX = 2 ** 32;
/** What stands between the head and the vectors. */
const HEAD_END = '\nSV\n';
/** In it are six short lines. */
const LONGEST_HEAD = 2000;
const [NEWLINE, SPACE, COLON] = [10, 32, 58];

const indexOf = (field: number): number => MIX + 2 * Math.abs(field) + (field < 0 ? 1 : 0);
const isToken = (index: number): boolean => ((index - MIX) & 1) === 1;
const fieldOf = (index: number): number => (isToken(index) ? (MIX + 1 - index) / 2 : (index - MIX) / 2);

/** Numbers of 32 bits in as few digits as tell each from all others; most stand in a model again and again. */
class Digits {
  readonly #known = new Map<number, string>();

  of(value: number): string {
    let text = this.#known.get(value);
    if (text === undefined) this.#known.set(value, (text = `${shortest(value)}`));
    return text;
  }
}

function shortest(value: number): number {
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** `index:value` pairs of a window, ascending, zeros left out, as a line of LIBSVM's data format has them. */
export function sparse({ bag, mix }: Sample, digits = new Digits()): string {
  const pairs: [number, number][] = [];
  mix.forEach((value, p) => {
    if (value !== 0) pairs.push([p + 1, value]);
  });
  bag.fields.forEach((field, i) => {
    pairs.push([indexOf(field), bag.weights[i]!]);
  });
  return pairs
    .sort(([a], [b]) => a - b)
    .map(([index, value]) => `${index}:${digits.of(value)}`)
    .join(' ');
}

/**
 * LIBSVM's text model of a boundary, as the bytes of a file: the scaled mix stands at the indices 1…MIX, the bag after it, each
 * field at MIX + 2·|field| (+1 for tokens). Numbers are written so that what is read is what was written.
 */
export function writeModel({ vectors, alpha, rho, gamma }: Boundary): Uint8Array {
  const samples = { bags: vectors.index.bags(), mixes: vectors.mixes };
  const digits = new Digits();
  const lines = Array.from(alpha, (weight, v) => `${weight} ${sparse(sampleAt(samples, v), digits)} `);
  const head = ['svm_type one_class', 'kernel_type rbf', `gamma ${gamma}`, 'nr_class 2', `total_sv ${alpha.length}`];
  const text = [...head, `rho ${rho}`, 'SV', ...lines, ''].join('\n');
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** @throws SyntaxError when the bytes are not the text of a one-class RBF model */
export function readModel(bytes: Uint8Array): Omit<Boundary, 'scaling'> {
  const headEnd = endOfHead(bytes);
  const head = ascii(bytes, 0, headEnd);
  const field = (name: string): string => new RegExp(`^${name} (\\S+)$`, 'm').exec(head)?.[1] ?? '';
  if (field('svm_type') !== 'one_class') throw new SyntaxError('ocsvm.model: not a one-class LIBSVM model');
  if (field('kernel_type') !== 'rbf') throw new SyntaxError('ocsvm.model: not an RBF kernel');
  const gamma = number(field('gamma'));
  if (!(gamma > 0)) throw new SyntaxError('ocsvm.model: gamma must be above 0');
  const lines = linesOf(bytes, headEnd + HEAD_END.length);
  if (lines.length !== Number(field('total_sv')))
    throw new SyntaxError(`ocsvm.model: ${lines.length} vectors, total_sv says ${field('total_sv')}`);
  const rho = number(field('rho'));
  if (rho === 0) throw new SyntaxError('ocsvm.model: rho must not be 0');
  const vectors = lines.map(({ from, end }) => readVector(bytes, from, end));
  const alpha = Float64Array.from(vectors, ({ weight }) => weight);
  const mixes = new Float32Array(vectors.length * MIX);
  vectors.forEach(({ mix }, v) => {
    mixes.set(mix, v * MIX);
  });
  return { rho, alpha, gamma, vectors: vectorsOf({ bags: Bags.of(vectors.map(({ bag }) => bag)), mixes }) };
}

/** Where `HEAD_END` begins; 0 where it is not, or further off than a head is long. */
function endOfHead(bytes: Uint8Array): number {
  for (let end = bytes.indexOf(NEWLINE); end >= 0 && end <= LONGEST_HEAD; end = bytes.indexOf(NEWLINE, end + 1))
    if (ascii(bytes, end, end + HEAD_END.length) === HEAD_END) return end;
  return 0;
}

/** Where vectors stand: lines that are not empty, spaces at their end left out. */
function linesOf(bytes: Uint8Array, from: number): { readonly from: number; readonly end: number }[] {
  const lines = [];
  for (let next: number; from < bytes.length; from = next + 1) {
    next = bytes.indexOf(NEWLINE, from);
    if (next < 0) next = bytes.length;
    let end = next;
    while (end > from && bytes[end - 1]! <= SPACE) end--;
    if (end > from) lines.push({ from, end });
  }
  return lines;
}

/** The weight on a line, and what the vector is. Read by hand: a model has tens of thousands of pairs, and is read whenever its user comes back. */
function readVector(bytes: Uint8Array, from: number, end: number): Sample & { readonly weight: number } {
  const reader = new NumberReader(bytes, from, end);
  const refuse = (at: number, what: string): never => {
    throw new SyntaxError(`ocsvm.model: «${ascii(bytes, at, Math.min(end, at + 40))}» is no ${what}`);
  };
  const weight = reader.double();
  if (!finite(weight)) refuse(from, 'number');
  const mix = new Float32Array(MIX);
  const [indices, values]: [number[], number[]] = [[], []];
  while (reader.at < end) {
    const at = reader.at;
    const index = reader.whole(COLON);
    const value = index >= 1 && index <= MOST_INDEX ? reader.float32() : NaN;
    if (!finite(value)) refuse(at, 'index and value');
    if (index <= MIX) mix[index - 1] = value;
    else {
      indices.push(index);
      values.push(value);
    }
  }
  return { weight, mix, bag: isAscending(indices) ? bagInOrder(indices, values) : anyBag(indices, values) };
}

function isAscending(numbers: readonly number[]): boolean {
  for (let n = 1; n < numbers.length; n++) if (numbers[n]! <= numbers[n - 1]!) return false;
  return true;
}

/** As we write them: ascending, so that a bag's fields are the tokens backwards, then all others. */
function bagInOrder(indices: readonly number[], values: readonly number[]): Bag {
  const [fields, weights] = [new Int32Array(indices.length), new Float32Array(indices.length)];
  let tokens = 0;
  for (const index of indices) if (isToken(index)) tokens++;
  let [token, other] = [tokens, tokens];
  for (let i = 0; i < indices.length; i++) {
    const place = isToken(indices[i]!) ? --token : other++;
    fields[place] = fieldOf(indices[i]!);
    weights[place] = values[i]!;
  }
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
