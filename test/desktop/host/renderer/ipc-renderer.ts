import { parse, stringify } from 'devalue';

type Listener = (event: object, ...args: unknown[]) => void;
interface Settle {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A message to or from the main process; `values` is devalue's text of them. */
export interface IpcMessage {
  readonly kind: 'invoke' | 'send' | 'reply' | 'event' | 'focus' | 'blur' | 'preload-error';
  readonly channel: string;
  readonly id: number;
  readonly values: string;
}

export class IpcRenderer {
  readonly #post: (message: string) => void;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #waiting = new Map<number, Settle>();
  #last = 0;

  constructor(post: (message: string) => void) {
    this.#post = post;
  }

  invoke(channel: string, ...args: unknown[]): Promise<unknown> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#say('invoke', channel, id, args);
      this.#waiting.set(id, { resolve, reject });
    });
  }

  send(channel: string, ...args: unknown[]): void {
    this.#say('send', channel, 0, args);
  }

  on(channel: string, listener: Listener): this {
    const all = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, all.add(listener));
    return this;
  }

  once(channel: string, listener: Listener): this {
    const first: Listener = (event, ...args) => {
      this.off(channel, first);
      listener(event, ...args);
    };
    return this.on(channel, first);
  }

  off(channel: string, listener: Listener): this {
    this.#listeners.get(channel)?.delete(listener);
    return this;
  }

  addListener(channel: string, listener: Listener): this {
    return this.on(channel, listener);
  }

  removeListener(channel: string, listener: Listener): this {
    return this.off(channel, listener);
  }

  removeAllListeners(channel: string): this {
    this.#listeners.delete(channel);
    return this;
  }

  /** A message of the main process: the reply to a call, or something to be heard. */
  receive(text: string): void {
    const { kind, channel, id, values } = JSON.parse(text) as IpcMessage;
    if (kind === 'event') {
      const args = parse(values) as unknown[];
      for (const listener of [...(this.#listeners.get(channel) ?? [])]) listener({ sender: this, ports: [] }, ...args);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    const answer = parse(values) as { value?: unknown; error?: string };
    if (answer.error === undefined) waiting?.resolve(answer.value);
    else waiting?.reject(new Error(answer.error));
  }

  #say(kind: IpcMessage['kind'], channel: string, id: number, args: readonly unknown[]): void {
    let values: string;
    try {
      values = stringify(args);
    } catch {
      throw new Error('An object could not be cloned.');
    }
    this.#post(JSON.stringify({ kind, channel, id, values } satisfies IpcMessage));
  }
}
