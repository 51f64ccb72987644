import { fork } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as v from 'valibot';

import { desktopCalls, type Events } from '../../../src-main/contract/contract.ts';
import type { DesktopState, SetupInfo } from '../../../src-main/contract/desktop.ts';
import type { DoctorReport, SetupPlan } from '../../../src-main/contract/doctor.ts';
import type { Leaving } from '../../../src-main/contract/leaving.ts';
import { engineSettingsSchema, settingsSchema, type Settings } from '../../../src-main/contract/settings.ts';
import { EngineSupervisor } from '../../../src-main/host/engine-supervisor.ts';
import { linkTo } from '../../../src-main/host/fork-process.ts';
import { DoNotDisturb, type DoNotDisturbState } from '../../../src-main/host/do-not-disturb.ts';
import type { Fork } from '../../../src-main/host/worker-link.ts';
import { answer, AskFailed, type Answer, type Handlers } from '../../../src-main/contract/ipc.ts';

export type Tell = <K extends keyof Events>(event: K, value: Events[K]) => void;

const worker = join(import.meta.dirname, '..', '..', '..', 'src-main', 'worker.ts');

/** What stands behind a window: a log, the real worker in a process of its own that is fed from it, and a desktop. */
export class Backend {
  readonly folder = mkdtempSync(join(tmpdir(), 'ubad-window-'));
  readonly log = join(this.folder, 'results.log');
  readonly side: EngineSupervisor;
  readonly doNotDisturb: DoNotDisturb;
  /** What the machine of this stage sends to a fleet. */
  leaving: Leaving = { state: 'nothing' };
  readonly tested: string[] = [];
  #settings: Settings;
  #doNotDisturb: DoNotDisturbState = { pausedUntil: null, pausedSince: null, snoozed: {} };
  #autostart = false;
  #heldBack: number[] = [];
  #tell: Tell = () => undefined;
  /** This machine's setup check is another's: the page is shown what a machine with faults would say. */
  doctor: DoctorReport | undefined;
  plan: SetupPlan | null = null;
  /** Digests of what was to be carried out; the password is given where `isLet`. */
  readonly carriedOut: string[] = [];
  isLet = true;
  kill: () => void = () => undefined;

  constructor(settings: Partial<Settings> = {}) {
    writeFileSync(this.log, '');
    this.#settings = v.parse(settingsSchema, {
      log: this.log,
      state: join(this.folder, 'state'),
      algorithm: 'both',
      ...settings,
    });
    const changed = (): void => {
      this.#tell('desktop', this.state);
    };
    this.doNotDisturb = new DoNotDisturb({
      state: () => this.#doNotDisturb,
      keep: (state) => {
        this.#doNotDisturb = { ...this.#doNotDisturb, ...state };
      },
      quietHours: () => this.#settings.quietHours,
      changed,
      tellUser: (pause) => void this.side.engine.recordPause(pause).catch(() => undefined),
      now: Date.now,
    });
    this.side = new EngineSupervisor({
      fork: this.#fork,
      program: { as: 'browser', version: '0' },
      settings: () => v.parse(engineSettingsSchema, this.#settings),
      log: () => this.#settings.log,
      changed,
      onEvent: (event, value) => {
        this.#tell(event, value);
      },
      notice: (text) => {
        this.#tell('notice', text);
      },
      // Long enough for a person to read that it is down.
      retryMs: 300,
      backOffMs: () => 3000,
    });
  }

  /** Who is told what happens; one page at a time. */
  set told(tell: Tell) {
    this.#tell = tell;
  }

  async start(): Promise<void> {
    this.side.start();
    await this.side.link.whenUp(new AbortController().signal);
  }

  write(lines: readonly string[]): void {
    appendFileSync(this.log, lines.map((line) => `${line}\n`).join(''));
  }

  holdBack(alerts: readonly number[]): void {
    this.#heldBack = [...alerts];
    this.#tell('desktop', this.state);
  }

  say: Tell = (event, value) => {
    this.#tell(event, value);
  };

  async ask(name: string, input: unknown): Promise<Answer> {
    return Object.hasOwn(desktopCalls, name)
      ? answer(desktopCalls, this.#handlers, name, input)
      : this.side.link.send(name, input);
  }

  async stop(): Promise<void> {
    this.doNotDisturb.stop();
    await this.side.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get state(): DesktopState {
    const { worker, source, problem } = this.side;
    const { pausedUntil, snoozed } = this.#doNotDisturb;
    return {
      host: 'desktop',
      worker,
      source,
      problem,
      pausedUntil,
      snoozed,
      heldBack: this.#heldBack,
      example: null,
    };
  }

  get #setup(): SetupInfo {
    const { source, worker } = this.side;
    return {
      log: this.#settings.log,
      source,
      worker,
      tray: true,
      autostart: this.#autostart,
      notifications: { supported: true, buttons: false },
      notices: [],
      version: '0.1.0',
    };
  }

  readonly #fork: Fork = (...told) => {
    const child = fork(worker, [], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.kill = () => child.kill('SIGKILL');
    return linkTo(child, ...told);
  };

  readonly #handlers: Handlers<typeof desktopCalls> = {
    desktop: () => this.state,
    setup: () => this.#setup,
    startExample: () => undefined,
    goLive: () => undefined,
    showWindow: (address) => {
      this.#tell('navigate', address);
    },
    closeWindow: () => undefined,
    lockScreen: () => 'asked',
    exampleAttacks: () => [],
    leaving: () => this.leaving,
    settings: () => this.#settings,
    changeSettings: async (changes) => {
      const engineOf = (): string =>
        JSON.stringify([v.parse(engineSettingsSchema, this.#settings), this.#settings.log]);
      const before = engineOf();
      this.#settings = { ...this.#settings, ...changes };
      if (engineOf() !== before) await this.side.restart();
      this.doNotDisturb.look();
      return this.#settings;
    },
    pause: (choice) => {
      this.doNotDisturb.pause(choice);
    },
    resume: () => {
      this.doNotDisturb.resume();
    },
    snooze: ({ user, minutes }) => {
      this.doNotDisturb.snooze(user, minutes);
    },
    unsnooze: (user) => {
      this.doNotDisturb.unsnooze(user);
    },
    doctor: () => {
      if (!this.doctor) throw new AskFailed('refused', 'There is no setup check here.');
      return this.doctor;
    },
    setupPlan: () => this.plan,
    setUp: (digest) => {
      this.carriedOut.push(digest);
      return this.isLet;
    },
    testNotification: () => {
      this.tested.push('notification');
      return this.#setup.notifications;
    },
    setAutostart: (on) => {
      this.#autostart = on;
      return on;
    },
    openExternal: () => undefined,
    quit: () => undefined,
  };
}
