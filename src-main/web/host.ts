import packageJson from '../../package.json' with { type: 'json' };
import {
  desktopCalls,
  viewCalls,
  type DesktopState,
  type EngineEvents,
  type Events,
  type ExampleMode,
  type SetupInfo,
} from '../contract.ts';
import type { DoctorReport } from '../contract/doctor.ts';
import type { Settings } from '../contract/settings.ts';
import { examine } from '../host/doctor/examine.ts';
import { EngineSide } from '../host/engine-side.ts';
import { Memory } from '../host/memory.ts';
import { Quiet } from '../host/quiet.ts';
import type { Fork } from '../host/worker-link.ts';
import { answer, type Send } from '../ipc.ts';
import { handlersOn } from './calls.ts';
import { metricsText } from './metrics.ts';
import type { WebSettings } from './settings.ts';

export interface WebHostOptions {
  readonly settings: WebSettings;
  readonly fork: Fork;
  /** What is remembered from start to start. */
  readonly memory: string;
  readonly example?: ExampleMode;
  readonly tell: <K extends keyof Events>(event: K, value: Events[K]) => void;
  /** A sentence for the terminal. */
  readonly note: (text: string) => void;
}

/** Of what a person should read once, the newest. */
const NOTICES = 20;

/** What the main process is to the desktop, without a desktop: the engine's side, and what the page asks. */
export class WebHost {
  readonly settings: WebSettings;
  readonly side: EngineSide;
  readonly quiet: Quiet;
  readonly #options: WebHostOptions;
  readonly #memory: Memory;
  readonly #notices: string[] = [];
  readonly #handlers = handlersOn(this);

  constructor(options: WebHostOptions) {
    this.#options = options;
    this.settings = options.settings;
    this.#memory = new Memory(options.memory);
    const changed = (): void => {
      options.tell('desktop', this.state);
    };
    this.side = new EngineSide({
      ...{ fork: options.fork, changed, program: { as: 'browser', version: packageJson.version } },
      settings: () => this.settings.engine,
      log: () => this.settings.all.log,
      onEvent: (event, value) => {
        this.#heard(event, value);
      },
      notice: (text) => {
        this.#notice(text);
      },
    });
    this.quiet = new Quiet({
      ...{ changed, now: Date.now, state: () => this.#memory.all, quietHours: () => this.settings.all.quietHours },
      keep: (state) => {
        this.#memory.remember(state);
      },
      note: (pause) => void this.side.notePause(pause),
    });
  }

  start(): void {
    if (this.settings.notice !== undefined) {
      this.#notice(this.settings.notice);
      this.side.ownLog.note({ what: 'settings-repaired' });
    }
    this.side.start();
    this.quiet.look();
  }

  get state(): DesktopState {
    const { worker, source, trouble } = this.side;
    const { pausedUntil, snoozed } = this.#memory.all;
    const { example } = this.#options;
    return {
      ...{ host: 'browser', worker, source, trouble, pausedUntil, snoozed, heldBack: [] },
      ...(example && { example }),
    };
  }

  get setup(): SetupInfo {
    const { worker, source } = this.side;
    return {
      ...{ log: this.#ownLog, source, worker, tray: null, autostart: false, notices: [...this.#notices] },
      ...{ notifications: { supported: false, buttons: false }, version: packageJson.version },
    };
  }

  get metrics(): string {
    const { worker, source, status } = this.side;
    return metricsText({ worker, source, status, version: packageJson.version });
  }

  doctor(): Promise<DoctorReport> {
    // Whom the example made known says nothing of this machine.
    const status = this.#options.example ? { users: [] } : this.side.status;
    return examine({ host: 'browser', log: this.#ownLog, status, now: Date.now() / 1000 });
  }

  /** This machine's, also while the example is watched. */
  get #ownLog(): string {
    return this.#options.example?.missing ?? this.settings.all.log;
  }

  /** The page's questions: those about alerts by the worker, which checks their input. What only this process asks of it is
   *  not there for a page. */
  readonly ask: Send = (name, input) =>
    Object.hasOwn(viewCalls, name)
      ? this.side.link.send(name, input)
      : answer(desktopCalls, this.#handlers, name, input);

  async changeSettings(changes: Partial<Settings>): Promise<Settings> {
    const engine = (): string => JSON.stringify([this.settings.engine, this.settings.all.log]);
    const before = engine();
    const settings = this.settings.change(changes);
    if (engine() !== before) await this.side.restart();
    this.quiet.look();
    this.#options.tell('desktop', this.state);
    return settings;
  }

  /** Resolves when what was being stored is stored. */
  async stop(): Promise<void> {
    this.quiet.stop();
    await this.side.stop();
  }

  #heard<K extends keyof EngineEvents>(event: K, value: EngineEvents[K]): void {
    if (event === 'notice') {
      this.#notice(value as EngineEvents['notice']);
      return;
    }
    this.#options.tell(event, value as Events[K]);
    if (event !== 'status') this.side.refresh();
  }

  #notice(text: string): void {
    this.#options.note(text);
    this.#notices.push(text);
    if (this.#notices.length > NOTICES) this.#notices.shift();
    this.#options.tell('notice', text);
  }
}
