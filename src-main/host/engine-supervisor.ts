import { engineCalls, type EngineEvents } from '../contract/contract.ts';
import type { SourceState, WorkerState } from '../contract/desktop.ts';
import type { EngineStatus } from '../contract/alerts.ts';
import type { EngineSettings } from '../contract/settings.ts';
import { client } from '../contract/ipc.ts';
import { message } from '../contract/story/messages.ts';
import { failureOf, sourceLogEvent } from '../own-log/events-of.ts';
import { OwnLog } from '../own-log/own-log.ts';
import { Ingestor, type IngestorOptions } from '../intake/ingestor.ts';
import { WorkerLink, type Fork } from './worker-link.ts';

export interface EngineSupervisorOptions {
  /** What the program's own log says of who writes there. */
  readonly program: { readonly as: 'desktop' | 'browser'; readonly version: string };
  readonly fork: Fork;
  readonly settings: () => EngineSettings;
  readonly log: () => string;
  /** Anything of `state` or `status` is another. */
  readonly changed: () => void;
  readonly onEvent: (event: keyof EngineEvents, value: EngineEvents[keyof EngineEvents]) => void;
  readonly notice: (text: string) => void;
  /** A worker can be asked. Called before the log is read on, so that what it asks is answered before anything new comes. */
  readonly up?: () => void;
  /** What brings the lines; default: whatever is written to the log. */
  readonly read?: IngestorOptions['read'];
  /** Tests are in a hurry. */
  readonly backOffMs?: (failures: number) => number;
  readonly retryMs?: number;
}

/** The status is asked for at most so often while lines come. */
const STATUS_MS = 1000;

/** The worker, the log that is fed to it, and what is known of both. */
export class EngineSupervisor {
  readonly #options: EngineSupervisorOptions;
  readonly #ingestor: Ingestor;
  readonly link: WorkerLink;
  /** Of what this end does; the worker writes what it does itself. */
  ownLog: OwnLog;
  readonly engine;
  worker: WorkerState = { state: 'stopped' };
  source: SourceState | null = null;
  problem: string | null = null;
  status: EngineStatus | null = null;
  #asking: NodeJS.Timeout | undefined;
  readonly #stopped = new AbortController();
  #asked = -Infinity;

  constructor(options: EngineSupervisorOptions) {
    this.#options = options;
    this.ownLog = this.#newLog();
    this.link = new WorkerLink({
      fork: options.fork,
      ...(options.backOffMs && { backOffMs: options.backOffMs }),
      begin: (send) => this.#begin(client(engineCalls, send)),
      onEvent: (event, value) => {
        if (event === 'status') this.#known(value as EngineStatus);
        else options.onEvent(event, value);
      },
      onState: (worker) => {
        this.worker = worker;
        if (worker.state === 'up') this.ownLog.logEvent({ what: 'worker-up' });
        if (worker.state === 'down') this.ownLog.logEvent({ what: 'worker-ended', how: endingOf(worker.cause) });
        if (worker.state === 'up') {
          options.up?.();
          this.refresh();
        }
        options.changed();
      },
    });
    this.engine = client(engineCalls, this.link.send);
    this.#ingestor = new Ingestor({
      engine: this.engine,
      whenUp: (signal) => this.link.whenUp(signal),
      onNotice: (text) => {
        this.ownLog.logEvent({ what: 'log-gap' });
        options.notice(text);
      },
      ...(options.retryMs !== undefined && { retryMs: options.retryMs }),
      ...(options.read && { read: options.read }),
      onSource: (source) => {
        this.source = source;
        this.ownLog.logEvent(sourceLogEvent(source));
        options.changed();
      },
      onProblem: (problem) => {
        this.#setProblem(problem);
      },
      onStored: () => {
        this.refresh();
      },
    });
  }

  start(): void {
    const { version } = this.#options.program;
    this.ownLog.logEvent({ what: 'started', version, node: process.versions.node });
    this.link.start();
    void this.#ingestor.start(this.#options.log());
  }

  /** The settings are others: the engine is made again, and the log read on from what that has stored. */
  async restart(): Promise<void> {
    await this.#ingestor.stop();
    this.ownLog.logEvent({ what: 'settings-taken' });
    this.ownLog.close();
    this.ownLog = this.#newLog();
    this.source = null;
    if (this.worker.state === 'up') await this.#begin(this.engine);
    this.refresh();
    await this.#ingestor.start(this.#options.log());
  }

  /** Nothing is read or stored any more when it resolves, which takes two seconds at most. */
  async stop(): Promise<void> {
    clearTimeout(this.#asking);
    this.#stopped.abort();
    // The batch that is under way is answered by the worker, or fails with it: so both at once.
    await Promise.all([this.#ingestor.stop(), this.link.stop()]);
    this.ownLog.logEvent({ what: 'stopped' });
    this.ownLog.close();
  }

  /** Keeps a pause where timelines are drawn from. It waits for a worker, and is not worth a failure. */
  async recordPause(pause: { readonly from: number; readonly to: number }): Promise<void> {
    await this.link.whenUp(this.#stopped.signal);
    await this.engine.recordPause(pause).catch(() => undefined);
  }

  /** Asks for the status: at once, or when it was asked for a moment ago, soon. */
  refresh(): void {
    this.#asking ??= setTimeout(
      () => {
        this.#asking = undefined;
        this.#asked = performance.now();
        void this.engine.status(undefined).then(
          (status) => {
            this.#known(status);
          },
          // What hinders it is told where lines are stored.
          () => undefined,
        );
      },
      Math.max(0, this.#asked + STATUS_MS - performance.now()),
    );
  }

  /** The state folder may be another one by now. */
  #newLog(): OwnLog {
    return new OwnLog({ folder: this.#options.settings().state, from: this.#options.program.as });
  }

  #known(status: EngineStatus): void {
    this.status = status;
    this.#options.onEvent('status', status);
    this.#options.changed();
  }

  async #begin(engine: Pick<typeof this.engine, 'applySettings'>): Promise<void> {
    try {
      await engine.applySettings(this.#options.settings());
    } catch (error) {
      this.ownLog.logEvent({ what: 'settings-not-taken', ...failureOf(error) });
      this.#options.notice(error instanceof Error ? error.message : String(error));
    }
  }

  #setProblem(problem: string | null): void {
    if (problem === this.problem) return;
    this.problem = problem;
    if (problem === null) this.ownLog.logEvent({ what: 'stored-again' });
    this.#options.notice(problem ?? message('store.goes-on'));
    this.#options.changed();
  }
}

/** What may stand in the own log of why a worker ended: a signal or a code, and no words. */
function endingOf(cause: string): string {
  const code = /^exit code (-?\d+)$/.exec(cause)?.[1];
  if (code !== undefined) return `exit ${code}`;
  return /^SIG[A-Z\d]+$/.test(cause) ? cause : 'other';
}
