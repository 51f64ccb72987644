import type { Encoded } from '../features/encode.ts';
import { portClasses } from '../features/fields.ts';
import { recencyClasses } from '../features/recency.ts';
import { joined, pack, unpack } from '../packed.ts';
import { mustBeFinite } from '../saved.ts';

/** Actions to learn from, oldest first: an array, or `Past`. */
export interface Actions {
  readonly length: number;
  at(index: number): Encoded | undefined;
}

/** What the network needs of past actions, in a few bytes each: ten thousand of them are kept for each user. */
export class Past implements Actions {
  readonly #times: Float64Array | Uint32Array;
  readonly #tokens: Uint32Array | Uint16Array;
  /** Type, recency and port + 1 of each action. Shape [length, 3]. */
  readonly #classes: Uint32Array | Uint8Array;

  private constructor(times: Float64Array, tokens: Uint32Array, classes: Uint32Array) {
    this.#times = narrow(Uint32Array, times);
    this.#tokens = narrow(Uint16Array, tokens);
    this.#classes = narrow(Uint8Array, classes);
  }

  static of(actions: readonly Encoded[]): Past {
    return new Past(
      Float64Array.from(actions, ({ time }) => time),
      Uint32Array.from(actions, ({ token }) => token),
      Uint32Array.from(actions.flatMap(({ type, recency, port }) => [type, recency, port + 1])),
    );
  }

  get length(): number {
    return this.#times.length;
  }

  at(index: number): Encoded | undefined {
    const time = this.#times[index];
    if (time === undefined) return undefined;
    const [token, type] = [this.#tokens[index]!, this.#classes[3 * index]!];
    const [recency, port] = [this.#classes[3 * index + 1]!, this.#classes[3 * index + 2]! - 1];
    return { time, token, type, recency, port, fields: [], families: [], importance: 0, added: true, baseline: false };
  }

  /** These and then `later`; of all of them the last `most`. */
  with(later: Past, most: number): Past {
    const first = Math.max(0, this.length + later.length - most);
    const [own, more] = [this.#wide(), later.#wide()];
    return new Past(
      joined(Float64Array, own.times, more.times, first),
      joined(Uint32Array, own.tokens, more.tokens, first),
      joined(Uint32Array, own.classes, more.classes, 3 * first),
    );
  }

  save(): Uint8Array {
    const { times, tokens, classes } = this.#wide();
    return pack([times, tokens, classes]);
  }

  /** As a file has them. */
  #wide(): { times: Float64Array; tokens: Uint32Array; classes: Uint32Array } {
    return {
      times: new Float64Array(this.#times),
      tokens: new Uint32Array(this.#tokens),
      classes: new Uint32Array(this.#classes),
    };
  }

  /** @throws SyntaxError when the bytes are not what `save` gave */
  static load(bytes: Uint8Array, file: string): Past {
    const [times, tokens, classes] = unpack(bytes, [Float64Array, Uint32Array, Uint32Array], file);
    if (tokens.length !== times.length || classes.length !== 3 * times.length)
      throw new SyntaxError(`${file}: its parts do not fit together`);
    mustBeFinite(file, times);
    for (let n = 0; n < classes.length; n += 3)
      if (classes[n + 1]! >= recencyClasses.length || classes[n + 2]! > portClasses.length)
        throw new SyntaxError(`${file}: names a class that there is not`);
    return new Past(times, tokens, classes);
  }
}

/** The numbers in a smaller kind of array where that holds each of them as it is: nearly always. */
function narrow<Small extends Uint8Array | Uint16Array | Uint32Array, Large extends Uint32Array | Float64Array>(
  Class: new (numbers: Large) => Small,
  numbers: Large,
): Small | Large {
  const small = new Class(numbers);
  for (let i = 0; i < numbers.length; i++) if (!Object.is(small[i], numbers[i])) return numbers.slice() as Large;
  return small;
}
