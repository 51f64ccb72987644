import { DatabaseSync, StatementSync } from 'node:sqlite';

type Call = (...parameters: never[]) => unknown;

/** What happens at a statement: an error code of SQLite's is thrown instead of running it, or something is done before it. */
export interface StatementFault {
  readonly after: number;
  readonly times: number;
  readonly strike: number | (() => void);
}

/** Between the engine and SQLite: lets single statements fail, or something happen in the middle of a transaction. */
export class StatementFaults {
  #armed: { after: number; times: number; readonly strike: number | (() => void) } | undefined;
  readonly #restore: (() => void)[] = [];
  #databases: DatabaseSync[] = [];
  hits = 0;

  constructor() {
    const { prototype: statement } = StatementSync;
    const { prototype: database } = DatabaseSync;
    for (const name of ['run', 'get', 'all'] as const) this.#wrap(statement, name, () => true);
    this.#wrap(database, 'exec', (self, text) => {
      if (!this.#databases.includes(self as DatabaseSync)) this.#databases.push(self as DatabaseSync);
      // Giving up is what SQLite does by itself too: it does not fail.
      return text !== 'ROLLBACK';
    });
  }

  arm(fault: StatementFault): void {
    this.#armed = { ...fault };
  }

  /** The databases of this file may grow by this many pages; Infinity: as they like. */
  mayGrow(file: string, pages: number): void {
    const armed = this.#armed;
    this.#armed = undefined;
    this.#databases = this.#databases.filter(({ isOpen }) => isOpen);
    for (const database of this.#databases.filter((one) => one.location() === file)) {
      const { page_count: now } = database.prepare('PRAGMA page_count').get() as { page_count: number };
      database.prepare(`PRAGMA max_page_count = ${pages === Infinity ? 4_294_967_294 : now + pages}`).get();
    }
    this.#armed = armed;
  }

  heal(): void {
    this.#armed = undefined;
  }

  pausing<T>(work: () => T): T {
    const armed = this.#armed;
    this.#armed = undefined;
    try {
      return work();
    } finally {
      this.#armed = armed;
    }
  }

  remove(): void {
    for (const restore of this.#restore.splice(0)) restore();
  }

  #wrap(of: object, name: string, counts: (self: unknown, first: unknown) => boolean): void {
    const methods = of as Record<string, Call>;
    const real = methods[name]!;
    const before = (self: unknown, first: unknown): void => {
      if (counts(self, first)) this.#before();
    };
    methods[name] = function (this: unknown, ...parameters: never[]): unknown {
      before(this, parameters[0]);
      return Reflect.apply(real, this, parameters);
    };
    this.#restore.push(() => {
      methods[name] = real;
    });
  }

  #before(): void {
    const armed = this.#armed;
    if (!armed || armed.after-- > 0) return;
    if (armed.times-- <= 0) {
      this.#armed = undefined;
      return;
    }
    this.hits++;
    const { strike } = armed;
    if (typeof strike === 'number')
      throw Object.assign(new Error('a fault for a test'), { code: 'ERR_SQLITE_ERROR', errcode: strike });
    this.pausing(strike);
  }
}
