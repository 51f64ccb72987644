import { list, object, text, tuple, whole, type Shape } from '../saved.ts';

/** What stands between the parts of a name. */
export const SEPARATOR = '\u001f';

/** Names of parts `column=value`: what their columns are is said once, which makes a saved encoder half as large. */
export interface PackedNames {
  /** The parts of a name, each up to and with its first `=`, or whole where it has none. */
  readonly shapes: readonly string[];
  /** Number of the shape, and the values of the parts that have one. */
  readonly names: readonly (readonly [number, readonly string[]])[];
}

/** @param most names at most */
export const packedNames = (most: number): Shape<PackedNames> =>
  object({ shapes: list(text, most), names: list(tuple(whole(0, most), list(text, 1000)), most) });

export function packNames(names: readonly string[]): PackedNames {
  const shapes = new Map<string, number>();
  const packed = names.map((name): readonly [number, readonly string[]] => {
    const values: string[] = [];
    const parts = name.split(SEPARATOR).map((part) => {
      const at = part.indexOf('=');
      if (at < 0) return part;
      values.push(part.slice(at + 1));
      return part.slice(0, at + 1);
    });
    const shape = parts.join(SEPARATOR);
    let number = shapes.get(shape);
    if (number === undefined) shapes.set(shape, (number = shapes.size));
    return [number, values];
  });
  return { shapes: [...shapes.keys()], names: packed };
}

/** The inverse of `packNames`. @throws SyntaxError for a name of no shape, or with other values than its shape */
export function unpackNames({ shapes, names }: PackedNames): string[] {
  const forms = shapes.map(withPlaces);
  return names.map(([number, values]) => {
    const form = forms[number];
    if (form?.length !== 2 * values.length + 1) throw new SyntaxError('encoder.json: its names do not fit together');
    for (let v = 0; v < values.length; v++) form[2 * v + 1] = values[v]!;
    // Not by adding: a string that was is kept in two parts, which takes more memory as long as it is there.
    return form.join('');
  });
}

/** A shape cut after each part that ends with `=`, with a place for the value between any two pieces. */
function withPlaces(shape: string): string[] {
  const form = [''];
  shape.split(SEPARATOR).forEach((part, p) => {
    form.push(form.pop()! + (p > 0 ? SEPARATOR : '') + part);
    if (part.endsWith('=')) form.push('', '');
  });
  return form;
}
