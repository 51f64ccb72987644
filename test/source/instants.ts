import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

type Call = (...parameters: unknown[]) => unknown;

/** Makes something happen just before the nth next time that the reader asks for a file: races, without luck. */
export class Instants {
  readonly #restore: (() => void)[] = [];
  #left = Infinity;
  #lastLook = 0;
  #work: () => void = () => undefined;

  static async begin(): Promise<Instants> {
    const instants = new Instants();
    for (const name of ['open', 'readdir', 'readlink', 'stat']) instants.#wrap(promises, name);
    const any = await promises.open('/dev/null');
    const prototype: unknown = Object.getPrototypeOf(any);
    await any.close();
    for (const name of ['read', 'stat']) instants.#wrap(prototype, name);
    syncBuiltinESMExports();
    return instants;
  }

  /** @param n 1 is the next one; @param work is done at once, not waited for */
  before(n: number, work: () => void): void {
    [this.#left, this.#work, this.#lastLook] = [n, work, performance.now()];
  }

  /** Waits until it has happened, or nothing was asked for in this time. @returns whether it has happened */
  async until(idleMs: number): Promise<boolean> {
    while (this.#left !== Infinity && performance.now() - this.#lastLook < idleMs) await pause(1);
    return this.#left === Infinity;
  }

  forget(): void {
    this.#left = Infinity;
  }

  end(): void {
    for (const restore of this.#restore) restore();
    syncBuiltinESMExports();
  }

  #wrap(owner: unknown, name: string): void {
    const calls = owner as Record<string, Call>;
    const real = calls[name]!;
    const ask = (): void => {
      this.#lastLook = performance.now();
      if (--this.#left > 0) return;
      this.#left = Infinity;
      this.#work();
    };
    calls[name] = function (this: unknown, ...parameters) {
      ask();
      return real.apply(this, parameters);
    };
    this.#restore.push(() => {
      calls[name] = real;
    });
  }
}
