/** Does something again whenever it is due, beside everything else and never twice at once. */
export class Telling {
  readonly #tell: () => Promise<void>;
  readonly #onFailed: (error: unknown) => void;
  #running: Promise<void> | undefined;
  #isDue = false;

  constructor(tell: () => Promise<void>, onFailed: (error: unknown) => void) {
    this.#tell = tell;
    this.#onFailed = onFailed;
  }

  due(): void {
    this.#isDue = true;
    this.#running ??= this.#run();
  }

  /** Once all that is due is done, or has failed. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#isDue) {
        this.#isDue = false;
        await this.#tell();
      }
    } catch (error) {
      this.#onFailed(error);
    } finally {
      this.#running = undefined;
    }
  }
}
