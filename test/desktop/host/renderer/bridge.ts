/** What crosses between the worlds, as the detail of an event; the browser clones it. */
type Message =
  | { readonly kind: 'expose'; readonly name: string; readonly api: unknown }
  | { readonly kind: 'call'; readonly id: number; readonly callee: number; readonly args: unknown }
  | { readonly kind: 'result' | 'settled'; readonly id: number; readonly value?: unknown; readonly error?: unknown };

type Callable = (...args: unknown[]) => unknown;
interface Settle {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Marks a function or a promise of the other world. */
const mark = 'electron-stand-in';

/**
 * The context bridge: only data crosses. Functions become proxies, promises become promises of this side, prototypes are
 * dropped, symbols are refused; what the browser cannot clone throws.
 */
export class Bridge {
  readonly #out: string;
  readonly #onExpose: (name: string, api: unknown) => void;
  readonly #callees: Callable[] = [];
  readonly #promises = new Map<number, Settle>();
  readonly #results = new Map<number, Message & { kind: 'result' | 'settled' }>();
  #last = 0;

  constructor(out: string, incoming: string, onExpose: (name: string, api: unknown) => void) {
    this.#out = out;
    this.#onExpose = onExpose;
    document.addEventListener(incoming, (event) => {
      event.stopImmediatePropagation();
      this.#receive((event as CustomEvent<Message>).detail);
    });
  }

  expose(name: string, api: unknown): void {
    this.#say({ kind: 'expose', name, api: this.#encode(api) });
  }

  #say(message: Message): void {
    document.dispatchEvent(new CustomEvent(this.#out, { detail: message }));
  }

  #receive(message: Message): void {
    if (message.kind === 'expose') this.#onExpose(message.name, this.#decode(message.api));
    else if (message.kind === 'call') this.#answer(message.id, message.callee, message.args);
    else if (message.kind === 'result') this.#results.set(message.id, message);
    else {
      const promise = this.#promises.get(message.id);
      this.#promises.delete(message.id);
      if ('error' in message) promise?.reject(this.#decode(message.error));
      else promise?.resolve(this.#decode(message.value));
    }
  }

  #answer(id: number, callee: number, args: unknown): void {
    try {
      const value = this.#callees[callee]?.(...(this.#decode(args) as unknown[]));
      this.#say({ kind: 'result', id, value: this.#encode(value) });
    } catch (error) {
      this.#say({ kind: 'result', id, error: this.#encode(error) });
    }
  }

  /** Events are dispatched at once, also into the other world: the result is there when `#say` returns. */
  #call(callee: number, args: unknown[]): unknown {
    const id = ++this.#last;
    this.#say({ kind: 'call', id, callee, args: this.#encode(args) });
    const result = this.#results.get(id);
    this.#results.delete(id);
    if (result !== undefined && 'error' in result) throw this.#decode(result.error);
    return this.#decode(result?.value);
  }

  #encode(value: unknown): unknown {
    if (typeof value === 'symbol') throw new TypeError('contextBridge: symbols cannot cross');
    if (typeof value === 'function') return { [mark]: 'function', id: this.#callees.push(value as Callable) - 1 };
    if (value instanceof Promise) return this.#encodePromise(value as Promise<unknown>);
    if (Array.isArray(value)) return value.map((one) => this.#encode(one));
    if (typeof value !== 'object' || value === null || isCloned(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#encode(one)]));
  }

  #encodePromise(promise: Promise<unknown>): object {
    // Numbered by whoever has the promise; the other side's own promises are apart, for it never sends such a number.
    const id = ++this.#last;
    void promise.then(
      (value) => {
        this.#say({ kind: 'settled', id, value: this.#encode(value) });
      },
      (error: unknown) => {
        this.#say({ kind: 'settled', id, error: this.#encode(error) });
      },
    );
    return { [mark]: 'promise', id };
  }

  #decode(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#decode(one));
    if (typeof value !== 'object' || value === null || isCloned(value)) return value;
    const { id } = value as { id?: number };
    const kind = (value as Record<string, unknown>)[mark];
    if (kind === 'function') return (...args: unknown[]) => this.#call(id!, args);
    if (kind === 'promise') {
      return new Promise((resolve, reject) => this.#promises.set(id!, { resolve, reject }));
    }
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#decode(one)]));
  }
}

export function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const one of Object.values(value)) freeze(one);
  return Object.freeze(value);
}

/** Objects that the browser clones as they are. */
function isCloned(value: object): boolean {
  const kinds = [Error, Date, Map, Set, ArrayBuffer, Blob, RegExp];
  return ArrayBuffer.isView(value) || kinds.some((kind) => value instanceof kind);
}
