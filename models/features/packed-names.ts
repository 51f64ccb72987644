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
  const cut = shapes.map(beforeValues);
  return names.map(([number, values]) => {
    const pieces = cut[number];
    if (pieces?.length !== values.length + 1) throw new SyntaxError('encoder.json: its names do not fit together');
    let name = '';
    for (let v = 0; v < values.length; v++) name += pieces[v]! + values[v]!;
    return name + pieces[values.length]!;
  });
}

/** A shape cut where values go: after each part that ends with `=`. */
function beforeValues(shape: string): string[] {
  const pieces = [''];
  shape.split(SEPARATOR).forEach((part, p) => {
    pieces.push(pieces.pop()! + (p > 0 ? SEPARATOR : '') + part);
    if (part.endsWith('=')) pieces.push('');
  });
  return pieces;
}
