import packageJson from '../../package.json' with { type: 'json' };
import { desktopCalls, viewCalls, type EngineEvents, type Events } from '../contract/contract.ts';
import type { DesktopState, SetupInfo } from '../contract/desktop.ts';
import type { DoctorReport } from '../contract/doctor.ts';
import type { Settings } from '../contract/settings.ts';
import { examine } from '../host/doctor/examine.ts';
import { EngineSupervisor } from '../host/engine-supervisor.ts';
import { Example, removeLeftExamples } from '../host/example.ts';
import { Memory } from '../host/memory.ts';
import { UserMessages } from '../host/user-messages.ts';
import { DoNotDisturb } from '../host/do-not-disturb.ts';
import type { Fork } from '../host/worker-link.ts';
import { answer, type Send } from '../contract/ipc.ts';
import { handlersOn } from './calls.ts';
import { metricsText } from './metrics.ts';
import type { WebSettings } from './settings.ts';

export interface WebHostOptions {
  readonly settings: WebSettings;
  readonly fork: Fork;
  /** The folder that holds data/ and models/. */
  readonly root: string;
  /** What is remembered from start to start. */
  readonly memory: string;
  readonly tell: <K extends keyof Events>(event: K, value: Events[K]) => void;
  /** A sentence for the terminal. */
  readonly tellUser: (text: string) => void;
}

/** What the main process is to the desktop, without a desktop: the engine's side, and what the page asks. */
export class WebHost {
  readonly settings: WebSettings;
  readonly supervisor: EngineSupervisor;
  readonly doNotDisturb: DoNotDisturb;
  readonly example: Example;
  readonly #options: WebHostOptions;
  readonly #memory: Memory;
  readonly #notices: UserMessages;
  readonly #handlers = handlersOn(this);

  constructor(options: WebHostOptions) {
    this.#options = options;
    this.settings = options.settings;
    this.#memory = new Memory(options.memory);
    this.#notices = new UserMessages((text) => {
      options.tellUser(text);
      options.tell('notice', text);
    });
    const changed = (): void => {
      options.tell('desktop', this.state);
    };
    const { fork, root } = options;
    const program = { as: 'browser', version: packageJson.version } as const;
    this.example = new Example({
      fork,
      program,
      root,
      changed,
      live: () => this.supervisor,
      state: () => this.settings.engine.state,
      onEvent: (event, value) => {
        options.tell(event, value);
      },
    });
    this.supervisor = new EngineSupervisor({
      fork,
      program,
      changed,
      settings: () => this.settings.engine,
      log: () => this.settings.all.log,
      onEvent: (event, value) => {
        this.#heard(event, value);
      },
      notice: this.#notices.add,
    });
    this.doNotDisturb = new DoNotDisturb({
      changed,
      now: Date.now,
      state: () => this.#memory.all,
      quietHours: () => this.settings.all.quietHours,
      keep: (state) => {
        this.#memory.remember(state);
      },
      tellUser: (pause) => void this.supervisor.recordPause(pause),
    });
  }

  start(): void {
    removeLeftExamples(this.settings.engine.state);
    if (this.settings.notice !== undefined) {
      this.#notices.add(this.settings.notice);
      this.supervisor.ownLog.logEvent({ what: 'settings-repaired' });
    }
    this.supervisor.start();
    this.doNotDisturb.look();
  }

  get state(): DesktopState {
    const { worker, source, problem } = this.supervisor;
    const { pausedUntil, snoozed } = this.#memory.all;
    const own = { host: 'browser', worker, source, problem, pausedUntil, snoozed } as const;
    return this.example.over({ ...own, heldBack: [], example: null });
  }

  get setup(): SetupInfo {
    const { worker, source } = this.supervisor;
    return {
      log: this.settings.all.log,
      source,
      worker,
      tray: null,
      autostart: false,
      notices: this.#notices.all,
      notifications: { supported: false, buttons: false },
      version: packageJson.version,
    };
  }

  get metrics(): string {
    const { worker, source, status } = this.supervisor;
    return metricsText({ worker, source, status, version: packageJson.version });
  }

  doctor(): Promise<DoctorReport> {
    const { status } = this.supervisor;
    return examine({ host: 'browser', log: this.settings.all.log, status, now: Date.now() / 1000 });
  }

  /** The page's questions: those about alerts by the worker, which checks their input. What only this process asks of it is
   *  not there for a page. */
  readonly ask: Send = async (name, input) => {
    if (!Object.hasOwn(viewCalls, name)) return answer(desktopCalls, this.#handlers, name, input);
    const { shown } = this.example;
    const told = await this.example.ask(name, input);
    if (told.ok && name === 'deleteUser' && shown === this.supervisor) {
      this.#memory.forgetUser(input as string);
      this.doNotDisturb.look();
    }
    return told;
  };

  async changeSettings(changes: Partial<Settings>): Promise<Settings> {
    const engine = (): string => JSON.stringify([this.settings.engine, this.settings.all.log]);
    const before = engine();
    const settings = this.settings.change(changes);
    if (engine() !== before) await this.supervisor.restart();
    this.doNotDisturb.look();
    this.#options.tell('desktop', this.state);
    return settings;
  }

  /** Resolves when what was being stored is stored. */
  async stop(): Promise<void> {
    this.doNotDisturb.stop();
    await Promise.all([this.supervisor.stop(), this.example.goLive()]);
  }

  #heard<K extends keyof EngineEvents>(event: K, value: EngineEvents[K]): void {
    if (event === 'notice') {
      this.#notices.add(value as EngineEvents['notice']);
      return;
    }
    if (!this.example.state) this.#options.tell(event, value as Events[K]);
    if (event !== 'status') this.supervisor.refresh();
  }
}
