/** Loaded into a utility process before its own code: gives it `process.parentPort` and takes away what Electron's has not. */
import { EventEmitter } from 'node:events';
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

interface Carried {
  readonly data: unknown;
}

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'electron') return next(specifier, context);
    throw new Error('electron stand-in: a utility process has process.parentPort, not the main process’s modules');
  },
});

class ParentPort extends EventEmitter {
  /** Messages from before there was a listener. */
  #waiting: Carried[] | undefined = [];
  readonly #send: (carried: Carried) => unknown;

  /** @param send Node's own, which a utility process has not */
  constructor(send: (carried: Carried) => unknown) {
    super();
    this.#send = send;
    process.on('message', (carried) => {
      if (this.#waiting === undefined) this.#give(carried as Carried);
      else this.#waiting.push(carried as Carried);
    });
    this.on('newListener', (event) => {
      if (event !== 'message' || this.#waiting === undefined) return;
      const waiting = this.#waiting;
      this.#waiting = undefined;
      setImmediate(() => {
        for (const carried of waiting) this.#give(carried);
      });
    });
  }

  postMessage(data: unknown): void {
    this.#send({ data });
  }

  #give({ data }: Carried): void {
    this.emit('message', { data, ports: [] });
  }
}

// Threads of a utility process load this too: they have ports of their own.
if (isMainThread) {
  const parentPort = new ParentPort(process.send!.bind(process));
  process.on('disconnect', () => process.exit(0)); // the application has ended
  Object.defineProperty(process, 'parentPort', { enumerable: true, value: parentPort });
  Object.assign(process, { type: 'utility', send: undefined });
}
