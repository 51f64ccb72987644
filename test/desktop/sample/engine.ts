import { join } from 'node:path';
import { utilityProcess, type UtilityProcess } from 'electron';
import type { FromEngine, ToEngine } from './messages.ts';

interface Listener {
  onRead(events: number): void;
  onStrange(user: string, action: string): void;
  onStopped(): void;
}

/** The process that reads the log; started again when it dies. */
export class Engine {
  readonly #log: string;
  readonly #listener: Listener;
  #process: UtilityProcess | undefined;
  #stopping = false;

  constructor(log: string, listener: Listener) {
    this.#log = log;
    this.#listener = listener;
  }

  start(): void {
    const child = utilityProcess.fork(join(import.meta.dirname, 'worker.js'), [], { serviceName: 'Sample engine' });
    this.#process = child;
    child.on('spawn', () => {
      child.postMessage({ kind: 'follow', log: this.#log } satisfies ToEngine);
    });
    child.on('message', (message: FromEngine) => {
      if (message.kind === 'read') this.#listener.onRead(message.events);
      else this.#listener.onStrange(message.user, message.action);
    });
    child.on('exit', () => {
      if (this.#stopping) return;
      this.#listener.onStopped();
      setTimeout(() => {
        this.start();
      }, 500);
    });
  }

  stop(): void {
    this.#stopping = true;
    this.#process?.kill();
  }
}
