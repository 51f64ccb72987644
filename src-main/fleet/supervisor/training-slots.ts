export interface TrainingCounts {
  readonly running: number;
  readonly waiting: number;
}

/** Trainings of a worker: at most as many at once as it has slots, whatever process they run in; the rest waits in the order in which it asked. */
export class TrainingSlots {
  readonly #slots: number;
  /** By partition, which trains one user at a time: what lets it begin. */
  readonly #waiting = new Map<number, () => void>();
  readonly #running = new Set<number>();

  constructor(slots: number) {
    this.#slots = slots;
  }

  /** How many run, and how many wait for them. */
  get counts(): TrainingCounts {
    return { running: this.#running.size, waiting: this.#waiting.size };
  }

  /** A partition wants to train. @param begin called once, when it may: at once where a slot is free */
  ask(partition: number, begin: () => void): void {
    this.#waiting.set(partition, begin);
    this.#fill();
  }

  /** It has trained, or does not want to any more. */
  leave(partition: number): void {
    this.#waiting.delete(partition);
    this.#running.delete(partition);
    this.#fill();
  }

  #fill(): void {
    for (const [partition, begin] of this.#waiting) {
      if (this.#running.size >= this.#slots) return;
      this.#waiting.delete(partition);
      this.#running.add(partition);
      begin();
    }
  }
}
