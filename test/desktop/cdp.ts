import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping.js';

type Commands = ProtocolMapping.Commands;
type Events = ProtocolMapping.Events;
type ParametersOf<M extends keyof Commands> = Commands[M]['paramsType'];
type ValueOf<E extends keyof Events> = Events[E] extends [infer V] ? V : undefined;

/** What arrives from a browser: an answer, or an event of a page. */
interface Incoming {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly sessionId?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly method: string;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Carries whole messages of the Chrome DevTools Protocol. */
export interface Wire {
  send(message: string): void;
  onMessage(heard: (message: string) => void): void;
  /** `ended` may be called more than once. */
  onEnd(ended: () => void): void;
  close(): void;
}

/** Speaks the Chrome DevTools Protocol, typed by devtools-protocol. */
export class Cdp {
  readonly #wire: Wire;
  readonly #waiting = new Map<number, Waiting>();
  readonly #events = new EventEmitter();
  #last = 0;
  #ended = false;

  constructor(wire: Wire) {
    this.#wire = wire;
    this.#events.setMaxListeners(0);
    wire.onMessage((message) => {
      this.#receive(JSON.parse(message) as Incoming);
    });
    wire.onEnd(() => {
      this.#end();
    });
  }

  /**
   * @param session the page that is meant; without it, the browser
   * @throws Error with the browser's own words, or when the browser is gone
   */
  async send<M extends keyof Commands>(
    method: M,
    parameters?: ParametersOf<M>[0],
    session?: string,
  ): Promise<Commands[M]['returnType']> {
    if (this.#ended) throw new Error(`${method}: the browser is gone`);
    const id = ++this.#last;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { method, resolve, reject });
    });
    this.#wire.send(JSON.stringify({ id, method, params: parameters ?? {}, sessionId: session }));
    return answer as Promise<Commands[M]['returnType']>;
  }

  /** Hears an event of the browser, or with `session` of one page. Gives the way to stop hearing it. */
  on<E extends keyof Events>(event: E, heard: (value: ValueOf<E>) => void, session?: string): () => void {
    const name = session === undefined ? event : `${session} ${event}`;
    this.#events.on(name, heard);
    return () => {
      this.#events.off(name, heard);
    };
  }

  onEnd(ended: () => void): void {
    this.#events.once('end', ended);
  }

  close(): void {
    this.#wire.close();
  }

  #receive({ id, method, params, sessionId, result, error }: Incoming): void {
    if (id === undefined) {
      if (method === undefined) return;
      this.#events.emit(sessionId === undefined ? method : `${sessionId} ${method}`, params);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(`${waiting.method}: ${error.message}`));
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const one of this.#waiting.values()) one.reject(new Error(`${one.method}: the browser is gone`));
    this.#waiting.clear();
    this.#events.emit('end');
  }
}

/** The pipe of `--remote-debugging-pipe`: messages end with a zero byte. */
export function pipeWire(out: Writable, input: Readable): Wire {
  return {
    send: (message) => void out.write(`${message}\0`),
    onMessage(heard) {
      let rest: Buffer[] = [];
      input.on('data', (part: Buffer) => {
        let from = 0;
        for (let end = part.indexOf(0); end >= 0; end = part.indexOf(0, from)) {
          heard(Buffer.concat([...rest, part.subarray(from, end)]).toString());
          rest = [];
          from = end + 1;
        }
        rest.push(part.subarray(from));
      });
    },
    onEnd(ended) {
      for (const event of ['close', 'end', 'error']) input.on(event, ended);
      out.on('error', ended);
    },
    close: () => void out.end(),
  };
}

/** A page's own address, as `/json/list` of a debugging port gives it. */
export async function webSocketWire(url: string): Promise<Wire> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => {
      resolve();
    };
    socket.onerror = () => {
      reject(new Error(`no answer from ${url}`));
    };
  });
  return {
    send: (message) => {
      socket.send(message);
    },
    onMessage: (heard) => {
      socket.onmessage = ({ data }) => {
        heard(String(data));
      };
    },
    onEnd: (ended) => {
      socket.onclose = () => {
        ended();
      };
    },
    close: () => {
      socket.close();
    },
  };
}
