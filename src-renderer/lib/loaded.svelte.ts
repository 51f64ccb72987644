import { whyOf } from './why.ts';

/** An answer that a screen waits for: none yet, the value, or why there is none. A later question wins over an earlier. */
export class Loaded<T> {
  value = $state.raw<T>();
  problem = $state<string>();
  #asked = 0;

  async load(question: Promise<T>): Promise<void> {
    const turn = ++this.#asked;
    try {
      const value = await question;
      if (turn !== this.#asked) return;
      this.value = value;
      this.problem = undefined;
    } catch (error) {
      if (turn === this.#asked) this.problem = whyOf(error);
    }
  }
}
