/** The newest are kept for a window that is opened later. */
const MOST = 20;

/** What a person should read once. */
export class UserMessages {
  readonly #kept: string[] = [];
  readonly #tell: (text: string) => void;

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  /** Oldest first. */
  get all(): readonly string[] {
    return [...this.#kept];
  }

  readonly add = (text: string): void => {
    this.#kept.push(text);
    if (this.#kept.length > MOST) this.#kept.shift();
    this.#tell(text);
  };
}
