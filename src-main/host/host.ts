import type { EngineEvents, Events } from '../contract/contract.ts';
import type { DesktopState, SetupInfo } from '../contract/desktop.ts';
import type { DoctorReport } from '../contract/doctor.ts';
import type { Answer } from '../contract/ipc.ts';
import type { EngineSettings, Settings } from '../contract/settings.ts';
import { DoNotDisturb } from './do-not-disturb.ts';
import { examine, type Patient } from './doctor/examine.ts';
import { EngineSupervisor, type EngineSupervisorOptions } from './engine-supervisor.ts';
import { removeLeftExamples } from './example.ts';
import type { Memory } from './memory.ts';
import { ShownEngine } from './shown-engine.ts';
import { UserMessages } from './user-messages.ts';

/** The settings of the file, with what was wrong with it. */
export interface HostSettings {
  readonly all: Settings;
  /** What the engine is made with. */
  readonly engine: EngineSettings;
  /** Sentences about what was repaired, for the user. */
  readonly notices: readonly string[];
  /** @throws AskFailed when the file cannot be written; then nothing has changed */
  change(changes: Partial<Settings>): Settings;
}

export interface HostOptions extends Pick<EngineSupervisorOptions, 'fork' | 'program' | 'up'> {
  readonly settings: HostSettings;
  readonly memory: Memory;
  /** The folder that holds data/ and models/. */
  readonly root: string;
  /** Tells the window, or every open page. */
  readonly send: <K extends keyof Events>(event: K, value: Events[K]) => void;
  /** A sentence for the terminal. */
  readonly tellUser: (text: string) => void;
  /** Numbers of alerts that are held back; default: none. */
  readonly heldBack?: () => readonly number[];
  /** Anything of `own` is another; told before the window is. */
  readonly changed?: () => void;
  /** Pause, snooze or quiet hours began or ended; told before `changed`. */
  readonly doNotDisturbChanged?: () => void;
  /** This machine's engine told of an alert. */
  readonly alertEvent?: (alert: EngineEvents['incident']) => void;
  /** This machine's engine has done what the window asked. */
  readonly answered?: (name: string, input: unknown) => void;
  /** Told before the engine is made again with them. */
  readonly settingsChanged?: (settings: Settings) => void;
}

/** What the desktop and the browser host both are: settings, this machine's engine, the one that is shown, and who is told when. */
export class Host {
  readonly settings: HostSettings;
  readonly supervisor: EngineSupervisor;
  readonly shown: ShownEngine;
  readonly doNotDisturb: DoNotDisturb;
  readonly notices: UserMessages;
  readonly #options: HostOptions;

  constructor(options: HostOptions) {
    this.#options = options;
    const { fork, program, root, settings, memory, up } = options;
    this.settings = settings;
    this.notices = new UserMessages((text) => {
      options.tellUser(text);
      options.send('notice', text);
    });
    const changed = (): void => {
      this.changed();
    };
    this.supervisor = new EngineSupervisor({
      fork,
      program,
      changed,
      notice: this.notices.add,
      settings: () => settings.engine,
      log: () => settings.all.log,
      onEvent: (event, value) => {
        this.#heard(event, value);
      },
      ...(up && { up }),
    });
    this.shown = new ShownEngine({
      fork,
      program,
      root,
      changed,
      live: this.supervisor,
      state: () => settings.engine.state,
      onEvent: (event, value) => {
        options.send(event, value);
      },
    });
    this.doNotDisturb = new DoNotDisturb({
      state: () => memory.all,
      keep: (state) => {
        memory.remember(state);
      },
      quietHours: () => settings.all.quietHours,
      tellUser: (pause) => void this.supervisor.recordPause(pause),
      changed: () => {
        options.doNotDisturbChanged?.();
        this.changed();
      },
      now: Date.now,
    });
  }

  start(): void {
    for (const text of this.settings.notices) {
      this.notices.add(text);
      this.supervisor.ownLog.logEvent({ what: 'settings-repaired' });
    }
    removeLeftExamples(this.settings.engine.state);
    this.supervisor.start();
    this.doNotDisturb.look();
  }

  /** This machine's state, whatever is shown. */
  get own(): DesktopState {
    const { program, memory, heldBack } = this.#options;
    const { worker, source, problem } = this.supervisor;
    const { pausedUntil, snoozed } = memory.all;
    const held = heldBack?.() ?? [];
    return { host: program.as, worker, source, problem, pausedUntil, snoozed, heldBack: held, example: null };
  }

  /** What the window shows. */
  get state(): DesktopState {
    return this.shown.over(this.own);
  }

  /** @param there what of a desktop there is here */
  setup(there: Pick<SetupInfo, 'tray' | 'autostart' | 'notifications'>): SetupInfo {
    const { worker, source } = this.supervisor;
    const { version } = this.#options.program;
    return { log: this.settings.all.log, source, worker, notices: this.notices.all, version, ...there };
  }

  doctor(there: Pick<Patient, 'tray' | 'autostart'> = {}): Promise<DoctorReport> {
    const { as } = this.#options.program;
    const { status } = this.supervisor;
    return examine({ host: as, log: this.settings.all.log, now: Date.now() / 1000, status, ...there });
  }

  /** The window's questions to the engine that it sees. */
  async ask(name: string, input: unknown): Promise<Answer> {
    const { supervisor } = this.shown;
    const answer = await this.shown.ask(name, input);
    if (answer.ok && supervisor === this.supervisor) this.#options.answered?.(name, input);
    return answer;
  }

  async changeSettings(changes: Partial<Settings>): Promise<Settings> {
    const engine = (): string => JSON.stringify([this.settings.engine, this.settings.all.log]);
    const before = engine();
    const settings = this.settings.change(changes);
    this.#options.settingsChanged?.(settings);
    if (engine() !== before) await this.supervisor.restart();
    this.doNotDisturb.look();
    this.changed();
    // While the engine began again, more may have been changed: who asked later was answered before.
    return this.settings.all;
  }

  changed(): void {
    this.#options.changed?.();
    this.#options.send('desktop', this.state);
  }

  /** Resolves when what was being stored is stored. */
  async stop(): Promise<void> {
    this.doNotDisturb.stop();
    await Promise.all([this.supervisor.stop(), this.shown.goLive()]);
  }

  #heard<K extends keyof EngineEvents>(event: K, value: EngineEvents[K]): void {
    if (event === 'notice') {
      this.notices.add(value as EngineEvents['notice']);
      return;
    }
    if (!this.shown.example) this.#options.send(event, value as Events[K]);
    if (event === 'status') return;
    if (event === 'incident') {
      this.#options.alertEvent?.(value as EngineEvents['incident']);
      this.changed();
    }
    this.supervisor.refresh();
  }
}
