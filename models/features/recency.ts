/** How long ago the same action was last seen, in actions. The classes of `Encoded.recency`. */
export const recencyClasses = ['previous', 'within 10', 'within 100', 'within 1,500', 'older', 'never'] as const;
export const NEVER = 5;

/** Remembers when each token was last seen. */
export class Recency {
  /** Position of the last sight, by token; index 0 is unused. */
  #last = new Float64Array(1024);
  #position = 0;

  constructor(last: ArrayLike<number> = [], position = 0) {
    for (let token = 0; token < last.length; token++) this.#set(token, last[token]!);
    this.#position = position;
  }

  /** The class of this sight of `token`, which is now the last one. Token 0 (past the vocabulary) is never known. */
  see(token: number): number {
    this.#position++;
    const before = token < this.#last.length ? this.#last[token]! : 0;
    if (token === 0) return NEVER;
    this.#set(token, this.#position);
    if (before === 0) return NEVER;
    const gap = this.#position - before;
    return gap === 1 ? 0 : gap <= 10 ? 1 : gap <= 100 ? 2 : gap <= 1500 ? 3 : 4;
  }

  save(): { last: number[]; position: number } {
    let length = this.#last.length;
    while (length > 0 && this.#last[length - 1] === 0) length--;
    return { last: Array.from(this.#last.subarray(0, length)), position: this.#position };
  }

  #set(token: number, position: number): void {
    if (token >= this.#last.length) {
      const grown = new Float64Array(Math.max(token + 1, this.#last.length * 2));
      grown.set(this.#last);
      this.#last = grown;
    }
    this.#last[token] = position;
  }
}
