/** More identifiers than this are many machines. */
const MOST_NAMES = 20;
/** Lines of one identifier alone that make the next one its successor: logs of several machines name others sooner. */
const LINES_ALONE = 100;

/** What a line's identifier of a host stands for. */
export interface Machine {
  /** What the machine was called first. */
  readonly name: string;
  /** What it was called before: the names of its users were told under these. */
  readonly formerly: readonly string[];
}

/**
 * Tells a machine that got another identifier from another machine: an identifier that follows the only one a log had is the
 * same machine's, for as long as the former one does not come back.
 */
export class Hosts {
  /** In the order in which they came; empty once the log is of several machines. */
  #names: string[];
  #several: boolean;
  /** Lines of the first identifier before the second came; that is when counting ends. */
  #alone: number;
  #last: { readonly host: string; readonly machine: Machine } | undefined;

  /** @param saved what `save` gave; what is something else is forgotten */
  constructor(saved?: unknown) {
    const { names, several, alone } = (typeof saved === 'object' ? (saved ?? {}) : {}) as Record<string, unknown>;
    this.#names = Array.isArray(names) ? names.filter((name) => typeof name === 'string').slice(0, MOST_NAMES) : [];
    this.#several = several === true;
    this.#alone = typeof alone === 'number' && alone >= 0 ? alone : 0;
  }

  see(host: string): Machine {
    if (this.#names.length === 1 && this.#alone < LINES_ALONE && this.#names[0] === host) this.#alone++;
    if (this.#last?.host === host) return this.#last.machine;
    const machine = this.#machineOf(host);
    this.#last = { host, machine };
    return machine;
  }

  /** What a host is known as, without having met it. */
  nameOf(host: string): string {
    return this.#alone >= LINES_ALONE && this.#names.includes(host) ? this.#names[0]! : host;
  }

  save(): { readonly names: readonly string[]; readonly several: boolean; readonly alone: number } {
    return { names: this.#names, several: this.#several, alone: this.#alone };
  }

  #machineOf(host: string): Machine {
    if (!this.#several && this.#names.at(-1) !== host) {
      // One that was there before comes back: they were several machines all along.
      this.#several = this.#names.includes(host) || this.#names.length >= MOST_NAMES;
      if (this.#several) this.#names = [];
      else {
        this.#names.push(host);
        if (this.#names.length === 1) this.#alone = 1;
      }
    }
    const formerly = this.#names.slice(0, -1);
    return { name: this.nameOf(host), formerly };
  }
}
