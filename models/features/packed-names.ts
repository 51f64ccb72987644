import { list, object, text, tuple, whole, type Shape } from '../saved.ts';

/** What stands between the parts of a name. */
export const SEPARATOR = '\u001f';

/**
 * Names of parts `column=value`: what their columns are is said once, which makes a saved encoder half as large. In long lists, which
 * are read several times as fast as a list for each name.
 */
export interface PackedNames {
  /** The parts of a name, each up to and with its first `=`, or whole where it has none. */
  readonly shapes: readonly string[];
  /** By name, the number of its shape. */
  readonly numbers: readonly number[];
  /** Of all names one after the other, the values of the parts that have one. */
  readonly values: readonly string[];
}

/** As models of earlier versions have them: a list for each name, of the number of its shape and its values. */
export interface NestedNames {
  readonly shapes: readonly string[];
  readonly names: readonly (readonly [number, readonly string[]])[];
}

/** Values of one name at most. */
const MOST_VALUES = 1000;

/** @param most names at most */
export const packedNames = (most: number): Shape<PackedNames> =>
  object({ shapes: list(text, most), numbers: list(whole(0, most), most), values: list(text, MOST_VALUES * most) });

/** The same of `NestedNames`. */
export const nestedNames = (most: number): Shape<NestedNames> =>
  object({ shapes: list(text, most), names: list(tuple(whole(0, most), list(text, MOST_VALUES)), most) });

export function packNames(names: readonly string[]): PackedNames {
  const shapes = new Map<string, number>();
  const values: string[] = [];
  const numbers = names.map((name) => {
    const parts = name.split(SEPARATOR).map((part) => {
      const at = part.indexOf('=');
      if (at < 0) return part;
      values.push(part.slice(at + 1));
      return part.slice(0, at + 1);
    });
    const shape = parts.join(SEPARATOR);
    let number = shapes.get(shape);
    if (number === undefined) shapes.set(shape, (number = shapes.size));
    return number;
  });
  return { shapes: [...shapes.keys()], numbers, values };
}

/** The inverse of `packNames`. @throws SyntaxError for a name of no shape, or with other values than its shape */
export function unpackNames(packed: PackedNames | NestedNames): string[] {
  const forms = packed.shapes.map(withPlaces);
  const filled = (number: number, values: readonly string[], from: number, to: number): string => {
    const form = forms[number];
    if (form?.length !== 2 * (to - from) + 1) throw new SyntaxError('encoder.json: its names do not fit together');
    for (let place = 1, v = from; v < to; place += 2, v++) form[place] = values[v]!;
    // Not by adding: a string that was is kept in two parts, which takes more memory as long as it is there.
    return form.join('');
  };
  if ('names' in packed) return packed.names.map(([number, values]) => filled(number, values, 0, values.length));
  const { numbers, values } = packed;
  let next = 0;
  const names = numbers.map((number) => {
    const from = next;
    next = Math.min(values.length, from + placesIn(forms[number]));
    return filled(number, values, from, next);
  });
  if (next !== values.length) throw new SyntaxError('encoder.json: its names do not fit together');
  return names;
}

const placesIn = (form: readonly string[] | undefined): number => (form ? (form.length - 1) / 2 : 0);

/** A shape cut after each part that ends with `=`, with a place for the value between any two pieces. */
function withPlaces(shape: string): string[] {
  const form = [''];
  shape.split(SEPARATOR).forEach((part, p) => {
    form.push(form.pop()! + (p > 0 ? SEPARATOR : '') + part);
    if (part.endsWith('=')) form.push('', '');
  });
  return form;
}
