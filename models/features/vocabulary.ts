/**
 * Numbers for strings, given in the order of first appearance, so that no result depends on what a thing is called.
 * A number is a name here, never a quantity. 0 stands for everything past the capacity.
 */
export class Vocabulary {
  readonly #ids = new Map<string, number>();
  readonly #capacity: number;

  /** @param capacity strings kept at most: a flood of new names must not fill the memory */
  constructor(capacity: number, words: readonly string[] = []) {
    this.#capacity = capacity;
    for (const word of words) this.id(word);
  }

  /** The word's number, 1…capacity; a new word gets the next one, or 0 when the vocabulary is full. */
  id(word: string): number {
    const known = this.#ids.get(word);
    if (known !== undefined) return known;
    if (this.#ids.size >= this.#capacity) return 0;
    this.#ids.set(word, this.#ids.size + 1);
    return this.#ids.size;
  }

  /** Numbers in use are 1…size. */
  get size(): number {
    return this.#ids.size;
  }

  /** The word of a number; empty for 0 and for numbers not in use. Walks through all of them. */
  word(id: number): string {
    return this.words()[id - 1] ?? '';
  }

  /** All words; the word at index i has the number i + 1. */
  words(): string[] {
    return [...this.#ids.keys()];
  }
}
