import { numbered } from './numbered.ts';

type Numbers = Int32Array | Float32Array;

/** Different numbers that a code can tell apart, in one byte and in two. */
const [BYTE, WORD] = [2 ** 8, 2 ** 16];

/**
 * Numbers of which many are the same, kept as the places of each in a table of the different ones: a quarter or half of what they
 * take by themselves. Comes out as it went in, to the bit.
 */
export class Coded<Of extends Numbers> {
  readonly #codes: Uint8Array | Uint16Array;
  readonly #table: Of;

  private constructor(codes: Uint8Array | Uint16Array, table: Of) {
    this.#codes = codes;
    this.#table = table;
  }

  /** The numbers themselves where too many of them differ. */
  static of<Of extends Numbers>(numbers: Of): Coded<Of> | Of {
    const bits = new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length);
    const { numbers: codes, different } = numbered(bits);
    if (different.length > WORD) return numbers;
    const Class = numbers.constructor as new (buffer: ArrayBuffer) => Of;
    const Code = different.length > BYTE ? Uint16Array : Uint8Array;
    return new Coded(new Code(codes), new Class(different.buffer as ArrayBuffer));
  }

  static numbers<Of extends Numbers>(kept: Coded<Of> | Of): Of {
    return kept instanceof Coded ? kept.#numbers() : kept;
  }

  #numbers(): Of {
    const [codes, table] = [this.#codes, this.#table];
    const numbers = new (table.constructor as new (length: number) => Of)(codes.length);
    for (let i = 0; i < codes.length; i++) numbers[i] = table[codes[i]!]!;
    return numbers;
  }
}
