/** Loaded into a utility process before its own code: gives it `process.parentPort` and takes away what Electron's has not. */
import { EventEmitter } from 'node:events';
import { registerHooks } from 'node:module';

interface Carried {
  readonly data: unknown;
}

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'electron') return next(specifier, context);
    throw new Error('electron stand-in: a utility process has process.parentPort, not the main process’s modules');
  },
});

const send = process.send!.bind(process);

class ParentPort extends EventEmitter {
  /** Messages from before there was a listener. */
  #waiting: Carried[] | undefined = [];

  constructor() {
    super();
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
    send({ data });
  }

  #give({ data }: Carried): void {
    this.emit('message', { data, ports: [] });
  }
}

const parentPort = new ParentPort();
process.on('disconnect', () => process.exit(0)); // the application has ended
Object.defineProperty(process, 'parentPort', { enumerable: true, value: parentPort });
Object.assign(process, { type: 'utility', send: undefined });
