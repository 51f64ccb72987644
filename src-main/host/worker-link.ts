import type { EngineEvents } from '../contract/contract.ts';
import type { WorkerState } from '../contract/desktop.ts';
import type { Answer, Send } from '../contract/ipc.ts';
import { message } from '../contract/story/messages.ts';
import type { FromWorker, ToWorker } from '../worker/serve.ts';

/** A worker's process as this end sees it. */
export interface WorkerProcess {
  post(message: ToWorker): void;
  kill(): void;
}

/** Starts a worker. `ended` is called once, with the cause for people. */
export type Fork = (heard: (message: FromWorker) => void, ended: (cause: string) => void) => WorkerProcess;

export interface LinkOptions {
  readonly fork: Fork;
  /** Makes a new worker ready, before anybody else may ask it. It must not reject. */
  readonly begin: (send: Send) => Promise<void>;
  readonly onEvent: (event: keyof EngineEvents, value: EngineEvents[keyof EngineEvents]) => void;
  readonly onState: (state: WorkerState) => void;
  /** Tests are in a hurry. */
  readonly backOffMs?: (failures: number) => number;
}

/** A worker that lived so long was well: its end is not one more failure in a row. */
const WELL_MS = 60_000;
const CLOSE_MS = 1500;
const down: Answer = { ok: false, code: 'worker-down', message: message('engine.down') };

/** 0.3 s, then twice as long each time, half a minute at most. */
export const backOff = (failures: number): number => Math.min(30_000, 300 * 2 ** (failures - 1));

/** The link to the worker: starts it, again and again with back-off, and fails what a dead one cannot answer. */
export class WorkerLink {
  readonly #options: LinkOptions;
  readonly #asked = new Map<number, (answer: Answer) => void>();
  readonly #waiting = new Set<() => void>();
  #process: WorkerProcess | undefined;
  #state: WorkerState = { state: 'stopped' };
  #stopping = false;
  #ended: (() => void) | undefined;
  #next = 1;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  start(): void {
    clearTimeout(this.#timer);
    const started = performance.now();
    this.#tell({ state: 'starting' });
    const process = this.#options.fork(
      (message) => {
        this.#heard(message);
      },
      (cause) => {
        this.#endedBy(cause, performance.now() - started);
      },
    );
    this.#process = process;
    void this.#options
      .begin((name, input) => this.#ask(name, input))
      .then(() => {
        if (this.#process === process && !this.#stopping) this.#tell({ state: 'up' });
      });
  }

  /** Asks the worker. Never throws: without a worker the answer is `worker-down`. */
  readonly send: Send = (name, input) => (this.#state.state === 'up' ? this.#ask(name, input) : Promise.resolve(down));

  /** Resolves when there is a worker to be asked, or `signal` is aborted. */
  whenUp(signal: AbortSignal): Promise<void> {
    if (this.#state.state === 'up' || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  /** Lets the worker finish what it is storing, for so long as a person waits; then it is ended. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    clearTimeout(this.#timer);
    const process = this.#process;
    if (!process) return;
    const ended = new Promise<void>((resolve) => (this.#ended = resolve));
    const closed = this.#ask('close', null);
    await Promise.race([closed, ended, later(CLOSE_MS)]);
    process.kill();
    await Promise.race([ended, later(CLOSE_MS / 5)]);
  }

  #ask(name: string, input: unknown): Promise<Answer> {
    const process = this.#process;
    if (!process) return Promise.resolve(down);
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      process.post({ id, name, input });
    });
  }

  #heard(message: FromWorker): void {
    if ('event' in message) {
      this.#options.onEvent(message.event, message.value);
      return;
    }
    this.#asked.get(message.id)?.(message.answer);
    this.#asked.delete(message.id);
  }

  #endedBy(cause: string, livedMs: number): void {
    this.#process = undefined;
    for (const resolve of this.#asked.values()) resolve(down);
    this.#asked.clear();
    this.#ended?.();
    if (this.#stopping) {
      this.#tell({ state: 'stopped' });
      return;
    }
    this.#failures = livedMs > WELL_MS ? 1 : this.#failures + 1;
    const wait = (this.#options.backOffMs ?? backOff)(this.#failures);
    this.#tell({ state: 'down', cause, again: Date.now() + wait });
    this.#timer = setTimeout(() => {
      this.start();
    }, wait);
  }

  #tell(state: WorkerState): void {
    this.#state = state;
    this.#options.onState(state);
    if (state.state === 'up') for (const done of [...this.#waiting]) done();
  }
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
