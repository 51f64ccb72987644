/** A map by id in the order of use, which keeps those that were used last. */
export class RecentMap<Value> extends Map<number, Value> {
  readonly #most: number;

  constructor(most = Infinity) {
    super();
    this.#most = most;
  }

  /** Puts an id that is there behind all others. */
  use(id: number): void {
    if (this.#most === Infinity || !this.has(id)) return;
    const value = this.get(id) as Value;
    this.delete(id);
    this.set(id, value);
  }

  /** Drops what was used longest ago and is too much. */
  trim(): void {
    for (const id of this.keys()) {
      if (this.size <= this.#most) return;
      this.delete(id);
    }
  }
}
