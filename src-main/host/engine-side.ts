import { engineCalls, type EngineEvents } from '../contract/contract.ts';
import type { SourceState, WorkerState } from '../contract/desktop.ts';
import type { EngineStatus } from '../contract/alerts.ts';
import type { EngineSettings } from '../contract/settings.ts';
import { client } from '../contract/ipc.ts';
import { failureOf, sourceNote } from '../own-log/notes-of.ts';
import { OwnLog } from '../own-log/own-log.ts';
import { Feeder, type FeederOptions } from '../intake/feeder.ts';
import { WorkerLink, type Fork } from './worker-link.ts';

export interface EngineSideOptions {
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
  readonly read?: FeederOptions['read'];
  /** Tests are in a hurry. */
  readonly backOffMs?: (failures: number) => number;
  readonly retryMs?: number;
}

/** The status is asked for at most so often while lines come. */
const STATUS_MS = 1000;

/** The worker, the log that is fed to it, and what is known of both. */
export class EngineSide {
  readonly #options: EngineSideOptions;
  readonly #feeder: Feeder;
  readonly link: WorkerLink;
  /** Of what this end does; the worker writes what it does itself. */
  ownLog: OwnLog;
  readonly engine;
  worker: WorkerState = { state: 'stopped' };
  source: SourceState | null = null;
  trouble: string | null = null;
  status: EngineStatus | null = null;
  #asking: NodeJS.Timeout | undefined;
  readonly #stopped = new AbortController();
  #asked = -Infinity;

  constructor(options: EngineSideOptions) {
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
        if (worker.state === 'up') this.ownLog.note({ what: 'worker-up' });
        if (worker.state === 'down') this.ownLog.note({ what: 'worker-ended', how: endingOf(worker.cause) });
        if (worker.state === 'up') {
          options.up?.();
          this.refresh();
        }
        options.changed();
      },
    });
    this.engine = client(engineCalls, this.link.send);
    this.#feeder = new Feeder({
      engine: this.engine,
      whenUp: (signal) => this.link.whenUp(signal),
      onNotice: (text) => {
        this.ownLog.note({ what: 'log-gap' });
        options.notice(text);
      },
      ...(options.retryMs !== undefined && { retryMs: options.retryMs }),
      ...(options.read && { read: options.read }),
      onSource: (source) => {
        this.source = source;
        this.ownLog.note(sourceNote(source));
        options.changed();
      },
      onTrouble: (trouble) => {
        this.#trouble(trouble);
      },
      onStored: () => {
        this.refresh();
      },
    });
  }

  start(): void {
    const { version } = this.#options.program;
    this.ownLog.note({ what: 'started', version, node: process.versions.node });
    this.link.start();
    void this.#feeder.start(this.#options.log());
  }

  /** The settings are others: the engine is made anew, and the log read on from what that has stored. */
  async restart(): Promise<void> {
    await this.#feeder.stop();
    this.ownLog.note({ what: 'settings-taken' });
    this.ownLog.close();
    this.ownLog = this.#newLog();
    this.source = null;
    if (this.worker.state === 'up') await this.#begin(this.engine);
    this.refresh();
    await this.#feeder.start(this.#options.log());
  }

  /** Nothing is read or stored any more when it resolves, which takes two seconds at most. */
  async stop(): Promise<void> {
    clearTimeout(this.#asking);
    this.#stopped.abort();
    // The batch that is under way is answered by the worker, or fails with it: so both at once.
    await Promise.all([this.#feeder.stop(), this.link.stop()]);
    this.ownLog.note({ what: 'stopped' });
    this.ownLog.close();
  }

  /** Keeps a pause where timelines are drawn from. It waits for a worker, and is not worth a failure. */
  async notePause(pause: { readonly from: number; readonly to: number }): Promise<void> {
    await this.link.whenUp(this.#stopped.signal);
    await this.engine.notePause(pause).catch(() => undefined);
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
      this.ownLog.note({ what: 'settings-not-taken', ...failureOf(error) });
      this.#options.notice(error instanceof Error ? error.message : String(error));
    }
  }

  #trouble(trouble: string | null): void {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    if (trouble === null) this.ownLog.note({ what: 'stored-again' });
    this.#options.notice(trouble ?? 'Storing goes on again.');
    this.#options.changed();
  }
}

/** What may stand in the own log of why a worker ended: a signal or a code, and no words. */
function endingOf(cause: string): string {
  const code = /^exit code (-?\d+)$/.exec(cause)?.[1];
  if (code !== undefined) return `exit ${code}`;
  return /^SIG[A-Z\d]+$/.test(cause) ? cause : 'other';
}
