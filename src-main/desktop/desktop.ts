import { join } from 'node:path';

import { app, nativeTheme, Notification, screen } from 'electron';

import { configFile } from '../settings/config.ts';
import type { DesktopState, SetupInfo } from '../contract/desktop.ts';
import type { EngineEvents, Events } from '../contract/contract.ts';
import type { DoctorReport } from '../contract/doctor.ts';
import { refusedAlone } from '../contract/refused.ts';
import type { Settings } from '../contract/settings.ts';
import type { Answer } from '../contract/ipc.ts';
import { AlertNotifier } from './alert-notifier.ts';
import { Autostart, ownCommand } from './autostart.ts';
import { examine } from '../host/doctor/examine.ts';
import { EngineSupervisor } from '../host/engine-supervisor.ts';
import { Example, removeLeftExamples } from '../host/example.ts';
import { forkWorker } from './fork-worker.ts';
import { iconFileOf } from './icon-file.ts';
import { lockScreen, NOT_LOCKED } from '../host/lock-screen.ts';
import { Memory } from '../host/memory.ts';
import type { Command } from './menu.ts';
import { whenNotificationServer } from './notification-server.ts';
import { Notifications } from './notifications.ts';
import { UserMessages } from '../host/user-messages.ts';
import { DoNotDisturb } from '../host/do-not-disturb.ts';
import { hasTrayHost } from '../host/session-bus.ts';
import { SettingsFile } from './settings.ts';
import { installedCommand, SystemSetup } from './system-setup.ts';
import { Tray } from './tray.ts';
import { whenTrayHost } from './tray-host.ts';
import { Window } from './window.ts';
import { report } from '../terminal/terminal.ts';

/** Where the built program's parts are. */
export interface Parts {
  readonly worker: string;
  readonly preload: string;
  readonly icons: string;
  /** The folder that holds data/ and models/. */
  readonly root: string;
}

/** The desktop's side of the program: everything that Electron shows, put together once. */
export class Desktop {
  readonly settings = new SettingsFile(configFile());
  readonly autostart: Autostart;
  readonly window: Window;
  readonly doNotDisturb: DoNotDisturb;
  readonly notifier: AlertNotifier;
  readonly supervisor: EngineSupervisor;
  readonly example: Example;
  readonly systemSetup = new SystemSetup(app.isPackaged ? installedCommand(process.execPath) : undefined);
  readonly #memory = new Memory(join(app.getPath('userData'), 'desktop.json'));
  readonly #notifications: Notifications;
  readonly #tray: Tray;
  readonly #notices = new UserMessages((text) => {
    report(text);
    this.window.send('notice', text);
  });
  #trayHost: boolean | null = null;
  #systemIsDark = nativeTheme.shouldUseDarkColors;
  readonly #stopLooking: (() => void)[] = [];

  constructor({ worker, preload, icons, root }: Parts) {
    const changed = (): void => {
      this.#changed();
    };
    const notice = this.#notices.add;
    const command = ownCommand(process.execPath, app.isPackaged ? [] : [app.getAppPath()], process.env);
    this.autostart = new Autostart(join(app.getPath('appData'), 'autostart', 'ubad.desktop'), command);
    this.window = new Window({
      preload,
      icon: join(icons, '256x256.png'),
      remembered: () => this.#memory.all.window,
      remember: (place) => {
        this.#memory.remember({ window: place });
      },
      closed: () => void this.example.goLive(),
    });
    this.doNotDisturb = new DoNotDisturb({
      state: () => this.#memory.all,
      keep: (state) => {
        this.#memory.remember(state);
      },
      quietHours: () => this.settings.all.quietHours,
      tellUser: (pause) => void this.supervisor.recordPause(pause),
      changed: () => {
        this.notifier.doNotDisturbChanged();
        this.#changed();
      },
      now: Date.now,
    });
    const program = { as: 'desktop', version: app.getVersion() } as const;
    const shared = { fork: forkWorker(worker), program, changed };
    this.example = new Example({
      ...shared,
      root,
      live: () => this.supervisor,
      state: () => this.settings.engine.state,
      onEvent: (event, value) => {
        this.window.send(event, value);
      },
    });
    this.supervisor = new EngineSupervisor({
      ...shared,
      notice,
      settings: () => this.settings.engine,
      log: () => this.settings.all.log,
      onEvent: (event, value) => {
        this.#heard(event, value);
      },
      up: () => void this.notifier.catchUp(),
    });
    this.#notifications = new Notifications({
      icon: join(icons, '64x64.png'),
      pressed: (pressed, content) => {
        this.notifier.pressed(pressed, content);
      },
    });
    this.notifier = new AlertNotifier({
      memory: this.#memory,
      doNotDisturb: () => this.doNotDisturb,
      engine: this.supervisor.engine,
      notice,
      carryOut: (orders) => {
        this.#notifications.carryOut(orders);
      },
      lock: () => void this.lock(),
      show: (address) => {
        this.show(address);
      },
    });
    this.#tray = new Tray({
      input: () => ({ status: this.supervisor.status, desktop: this.#own, needsSetup: this.#needsSetup }),
      iconFile: (icon) => {
        const { trayIcon, theme } = this.settings.all;
        // What the window is told to look like says nothing of the panel.
        if (theme === 'system') this.#systemIsDark = nativeTheme.shouldUseDarkColors;
        const light = trayIcon === 'system' ? this.#systemIsDark : trayIcon === 'light';
        return iconFileOf(icons, icon, light ? 'light' : 'dark', screen.getPrimaryDisplay().scaleFactor);
      },
      run: (command) => {
        this.run(command);
      },
    });
  }

  /** Without a window, unless there is no tray to open it from. */
  start(): void {
    for (const text of this.settings.notices) {
      this.#notices.add(text);
      this.supervisor.ownLog.logEvent({ what: 'settings-repaired' });
    }
    nativeTheme.themeSource = this.settings.all.theme;
    const problem = this.autostart.refresh();
    if (problem !== undefined) this.#notices.add(problem);
    removeLeftExamples(this.settings.engine.state);
    this.supervisor.start();
    this.doNotDisturb.look();
    this.notifier.doNotDisturbChanged();
    const server = whenNotificationServer((found) => (this.#notifications.server = found));
    const host = whenTrayHost({
      found: () => {
        this.#trayHost = true;
        this.#tray.show();
        this.#changed();
      },
      missing: () => {
        this.#trayHost = false;
        this.#notices.add('This desktop shows no tray icons; ubad works without. Start it again to see its window.');
        this.show('#/setup');
      },
    });
    this.#stopLooking.push(server, host);
  }

  /** What the window shows. */
  get state(): DesktopState {
    return this.example.over(this.#own);
  }

  /** This machine's, which is what the tray tells of in any case. */
  get #own(): DesktopState {
    const { worker, source, problem } = this.supervisor;
    const { pausedUntil, snoozed } = this.#memory.all;
    const heldBack = this.notifier.held.map(({ id }) => id);
    return { host: 'desktop', worker, source, problem, pausedUntil, snoozed, heldBack, example: null };
  }

  get setup(): SetupInfo {
    const { worker, source } = this.supervisor;
    return {
      log: this.settings.all.log,
      source,
      worker,
      tray: this.#trayHost,
      autostart: this.autostart.on,
      notifications: { supported: Notification.isSupported(), buttons: this.#notifications.buttons },
      notices: this.#notices.all,
      version: app.getVersion(),
    };
  }

  async doctor(): Promise<DoctorReport> {
    // Asked now: a panel may have lost its tray since it was found. In the first seconds one may still come.
    const tray = (await hasTrayHost()) || (this.#trayHost === null ? null : false);
    const facts = { tray, autostart: this.autostart.on, status: this.supervisor.status };
    return examine({ host: 'desktop', log: this.settings.all.log, now: Date.now() / 1000, ...facts });
  }

  /** For tray, notifications and starts: what they lead to is this machine's, never the example's. */
  show(address: string): void {
    void this.example.goLive();
    this.window.show(address);
  }

  run(command: Command): void {
    if (command.do === 'show') this.show(command.address);
    else if (command.do === 'pause') this.doNotDisturb.pause(command.choice);
    else if (command.do === 'resume') this.doNotDisturb.resume();
    else if (command.do === 'lock') void this.lock();
    else app.quit();
  }

  /** Asked by tray and notification: who presses there sees a notice where it could not be. */
  async lock(): Promise<void> {
    if ((await lockScreen()) === undefined) this.#notices.add(NOT_LOCKED);
  }

  /** The window's questions to the engine; who looks at an alert, or says something of it, needs its notification no more. */
  async askEngine(name: string, input: unknown): Promise<Answer> {
    const { shown } = this.example;
    const answer = await this.example.ask(name, input);
    if (!answer.ok || shown !== this.supervisor) return answer;
    this.notifier.done(name, input);
    return answer;
  }

  async changeSettings(changes: Partial<Settings>): Promise<Settings> {
    const engine = (): string => JSON.stringify([this.settings.engine, this.settings.all.log]);
    const before = engine();
    const settings = this.settings.change(changes);
    nativeTheme.themeSource = settings.theme;
    if (engine() !== before) await this.supervisor.restart();
    this.doNotDisturb.look();
    this.#changed();
    return settings;
  }

  /** Resolves when what was being stored is stored. */
  async stop(): Promise<void> {
    for (const stop of this.#stopLooking) stop();
    this.doNotDisturb.stop();
    await Promise.all([this.supervisor.stop(), this.example.goLive()]);
    this.#tray.destroy();
  }

  get #needsSetup(): boolean {
    const { source, problem, status } = this.supervisor;
    const unread = source !== null && source.state !== 'following';
    if (status !== null && refusedAlone(status) > 0) return true;
    return unread || problem !== null || this.#trayHost === false || !Notification.isSupported();
  }

  #heard<K extends keyof EngineEvents>(event: K, value: EngineEvents[K]): void {
    if (event === 'notice') {
      this.#notices.add(value as EngineEvents['notice']);
      return;
    }
    if (!this.example.state) this.window.send(event, value as Events[K]);
    if (event === 'status') return;
    if (event === 'incident') this.notifier.alertEvent(value as EngineEvents['incident']);
    this.supervisor.refresh();
    this.#changed();
  }

  #changed(): void {
    this.#tray.changed();
    this.window.send('desktop', this.state);
  }
}
