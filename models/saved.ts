/** A saved detector, by file name. */
type Files = Readonly<Record<string, string | Uint8Array>>;

/** Whether a value has the shape that was written. */
export type Shape<T> = (value: unknown) => value is T;

type Values<Shapes> = { readonly [K in keyof Shapes]: Shapes[K] extends Shape<infer T> ? T : never };

/** A text file of a saved detector. @throws SyntaxError when it is missing or not text */
function savedText(saved: Files, file: string): string {
  const text = saved[file];
  if (typeof text !== 'string') throw new SyntaxError(`${file}: missing or not text`);
  return text;
}

/** A binary file of a saved detector. @throws SyntaxError when it is missing or not binary */
export function savedBytes(saved: Files, file: string): Uint8Array {
  const bytes = saved[file];
  if (!(bytes instanceof Uint8Array)) throw new SyntaxError(`${file}: missing or not binary`);
  return bytes;
}

/**
 * A JSON file of a saved detector.
 * @throws SyntaxError when it is missing, no JSON, or of another shape
 */
export function savedJson<T>(saved: Files, file: string, shape: Shape<T>): T {
  const value: unknown = JSON.parse(savedText(saved, file));
  if (!shape(value)) throw new SyntaxError(`${file}: not what was saved`);
  return value;
}

/** Finite, and not so large that sums or squares of it stop being so. */
const MOST = 1e15;

export const finite: Shape<number> = (value): value is number => typeof value === 'number' && Math.abs(value) <= MOST;

export const whole =
  (least: number, most: number): Shape<number> =>
  (value): value is number =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

/** The number of a field of a window: positive, or negative for a token. */
export const field = whole(-(2 ** 31), 2 ** 31 - 1);

export const text: Shape<string> = (value) => typeof value === 'string';
export const flag: Shape<boolean> = (value) => typeof value === 'boolean';

export const list =
  <T>(of: Shape<T>, most = Infinity, least = 0): Shape<T[]> =>
  (value): value is T[] =>
    Array.isArray(value) && value.length >= least && value.length <= most && value.every(of);

export const tuple =
  <const Shapes extends readonly Shape<unknown>[]>(...shapes: Shapes): Shape<Values<Shapes>> =>
  (value): value is Values<Shapes> =>
    Array.isArray(value) && value.length === shapes.length && shapes.every((shape, at) => shape(value[at]));

export const object =
  <const Shapes extends Readonly<Record<string, Shape<unknown>>>>(shapes: Shapes): Shape<Values<Shapes>> =>
  (value): value is Values<Shapes> =>
    isObject(value) && Object.entries(shapes).every(([name, shape]) => shape(own(value, name)));

export const record =
  <T>(of: Shape<T>): Shape<Readonly<Record<string, T>>> =>
  (value): value is Readonly<Record<string, T>> =>
    isObject(value) && Object.values(value).every(of);

/** Absent, or of the shape. */
export const maybe =
  <T>(of: Shape<T>): Shape<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || of(value);

/** @throws SyntaxError when not every number is finite */
export function mustBeFinite(file: string, ...arrays: readonly (Float32Array | Float64Array)[]): void {
  // By hand: a model has hundreds of thousands, and `every` takes ten times as long.
  for (const array of arrays)
    for (let i = 0; i < array.length; i++)
      if (!finite(array[i])) throw new SyntaxError(`${file}: holds a number that is none`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is inherited was not saved. */
const own = (value: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined;
