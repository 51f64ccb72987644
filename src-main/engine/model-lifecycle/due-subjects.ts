import type { Store } from '../store/store.ts';
import type { Subject } from '../store/subjects.ts';

/** Of which subjects something may be due: all at first, then who acted or whose model changed since they were looked at. */
export class DueSubjects {
  readonly #store: Store;
  /** By subject: stored actions before which there is nothing to train or to compare. */
  readonly #due = new Map<number, number>();
  readonly #touched = new Set<number>();
  #hasLooked = false;

  constructor(store: Store) {
    this.#store = store;
  }

  acted(id: number): void {
    this.#touched.add(id);
  }

  /** What is due, and when, is found out again. */
  changed(id: number): void {
    this.#due.delete(id);
    this.#touched.add(id);
  }

  /** @param find finds it out, where it is not known */
  at(id: number, find: () => number): number {
    const due = this.#due.get(id) ?? find();
    this.#due.set(id, due);
    return due;
  }

  /** Not before this many stored actions. */
  wait(id: number, stored: number): void {
    this.#due.set(id, stored);
  }

  /** Looks at each of them by name. One that fails, and all after it, are looked at again. */
  async look(at: (subject: Subject) => Promise<void>): Promise<void> {
    const subjects = this.#store.subjects.list(this.#hasLooked ? this.#touched : undefined);
    // Before any is looked at: who acts while another is trained has more stored by then than is known here, and is looked at next time.
    this.#touched.clear();
    for (const [s, subject] of subjects.entries()) {
      try {
        await at(subject);
      } catch (error) {
        for (const { id } of subjects.slice(s)) this.#touched.add(id);
        throw error;
      }
    }
    this.#hasLooked = true;
  }
}
