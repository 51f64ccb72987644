/** The kinds of numbers that model files hold. */
type Numbers = Uint8Array | Uint32Array | Int32Array | Float32Array | Float64Array;
interface NumbersClass<Of extends Numbers = Numbers> {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Of;
  readonly BYTES_PER_ELEMENT: number;
}

/** Arrays as bytes: how many there are, how long each is in bytes (both little-endian 32 bit), then each, padded to 8 bytes. */
export function pack(arrays: readonly Numbers[]): Uint8Array {
  const head = padded(4 * (arrays.length + 1));
  const bytes = new Uint8Array(head + arrays.reduce((sum, { byteLength }) => sum + padded(byteLength), 0));
  const numbers = new Uint32Array(bytes.buffer, 0, arrays.length + 1);
  numbers[0] = arrays.length;
  let at = head;
  arrays.forEach((array, a) => {
    numbers[a + 1] = array.byteLength;
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += padded(array.byteLength);
  });
  return bytes;
}

/** The numbers that lie there: a view where they are aligned, else a copy. @param length in bytes */
export function numbersAt<Of extends Numbers>(
  Class: NumbersClass<Of>,
  bytes: Uint8Array,
  at: number,
  length: number,
): Of {
  const count = length / Class.BYTES_PER_ELEMENT;
  const from = bytes.byteOffset + at;
  if (from % Class.BYTES_PER_ELEMENT === 0) return new Class(bytes.buffer, from, count);
  return new Class(bytes.slice(at, at + length).buffer, 0, count);
}

/**
 * What `pack` packed, mostly as views: a model has a megabyte of it, and who keeps a part of it copies that, not to keep all.
 * @throws SyntaxError when the bytes are something else
 */
export function unpack<Classes extends readonly NumbersClass[]>(
  bytes: Uint8Array,
  classes: readonly [...Classes],
  file: string,
): { -readonly [C in keyof Classes]: InstanceType<Classes[C]> } {
  const refuse = (): never => {
    throw new SyntaxError(`${file}: not a packed file, or damaged`);
  };
  const head = padded(4 * (classes.length + 1));
  if (bytes.byteLength < head) refuse();
  const numbers = new Uint32Array(bytes.slice(0, head).buffer);
  if (numbers[0] !== classes.length) refuse();
  let at = head;
  const arrays = classes.map((Class, c) => {
    const length = numbers[c + 1]!;
    if (length % Class.BYTES_PER_ELEMENT !== 0 || at + padded(length) > bytes.byteLength) refuse();
    const array = numbersAt(Class, bytes, at, length);
    at += padded(length);
    return array;
  });
  if (at !== bytes.byteLength) refuse();
  return arrays as { -readonly [C in keyof Classes]: InstanceType<Classes[C]> };
}

/** Two arrays end to end, without the first `first` numbers. */
export function joined<Numbers extends Float32Array | Float64Array | Uint32Array>(
  Class: new (length: number) => Numbers,
  a: Numbers,
  b: Numbers,
  first: number,
): Numbers {
  const all = new Class(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all.slice(first) as Numbers;
}

/** Not by `& ~7`: a length in a hostile file may have its 32nd bit set. */
const padded = (bytes: number): number => 8 * Math.ceil(bytes / 8);
