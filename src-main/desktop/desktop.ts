import { join } from 'node:path';

import { app, nativeTheme, Notification, screen } from 'electron';

import { configFile } from '../settings/config.ts';
import type { SetupInfo } from '../contract/desktop.ts';
import type { DoctorReport } from '../contract/doctor.ts';
import { refusedAlone } from '../contract/refused.ts';
import { AlertNotifier } from './alert-notifier.ts';
import { Autostart, ownCommand } from './autostart.ts';
import { Host } from '../host/host.ts';
import { aboutOf } from '../host/leaving.ts';
import { forkWorker } from './fork-worker.ts';
import { iconFileOf } from './icon-file.ts';
import { lockScreen, NOT_LOCKED } from '../host/lock-screen.ts';
import { message } from '../contract/story/messages.ts';
import { sessionLanguage } from '../contract/story/session-language.ts';
import { Memory } from '../host/memory.ts';
import type { Command } from './menu.ts';
import { whenNotificationServer } from './notification-server.ts';
import { Notifications } from './notifications.ts';
import { hasTrayHost } from '../host/session-bus.ts';
import { SettingsFile } from './settings.ts';
import { installedCommand, SystemSetup } from './system-setup.ts';
import { Tray } from './tray.ts';
import { whenTrayHost } from './tray-host.ts';
import { Window } from './window.ts';
import { wordsIn } from './words/words.ts';
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
  readonly host: Host;
  readonly autostart: Autostart;
  readonly window: Window;
  readonly notifier: AlertNotifier;
  readonly systemSetup = new SystemSetup(app.isPackaged ? installedCommand(process.execPath) : undefined);
  readonly #settings = new SettingsFile(configFile());
  readonly #memory = new Memory(join(app.getPath('userData'), 'desktop.json'));
  readonly #notifications: Notifications;
  readonly #tray: Tray;
  #trayHost: boolean | null = null;
  #systemIsDark = nativeTheme.shouldUseDarkColors;
  readonly #stopLooking: (() => void)[] = [];

  constructor({ worker, preload, icons, root }: Parts) {
    const command = ownCommand(process.execPath, app.isPackaged ? [] : [app.getAppPath()], process.env);
    this.autostart = new Autostart(join(app.getPath('appData'), 'autostart', 'ubad.desktop'), command);
    this.window = new Window({
      preload,
      icon: join(icons, '256x256.png'),
      remembered: () => this.#memory.all.window,
      remember: (place) => {
        this.#memory.remember({ window: place });
      },
      closed: () => void this.host.shown.goLive(),
    });
    const language = sessionLanguage(process.env);
    const words = wordsIn[language];
    this.host = new Host({
      root,
      memory: this.#memory,
      settings: this.#settings,
      fork: forkWorker(worker),
      program: { as: 'desktop', version: app.getVersion() },
      send: (event, value) => {
        this.window.send(event, value);
      },
      tellUser: report,
      up: () => void this.notifier.catchUp(),
      heldBack: () => this.notifier.held.map(({ id }) => id),
      changed: () => {
        this.#tray.changed();
      },
      doNotDisturbChanged: () => {
        this.notifier.doNotDisturbChanged();
      },
      alertEvent: (alert) => {
        this.notifier.alertEvent(alert);
      },
      answered: (name, input) => {
        this.notifier.done(name, input);
      },
      settingsChanged: ({ theme }) => {
        nativeTheme.themeSource = theme;
      },
    });
    this.#notifications = new Notifications({
      icon: join(icons, '64x64.png'),
      words,
      pressed: (pressed, content) => {
        this.notifier.pressed(pressed, content);
      },
    });
    this.notifier = new AlertNotifier({
      memory: this.#memory,
      language,
      doNotDisturb: () => this.host.doNotDisturb,
      engine: this.host.supervisor.engine,
      notice: this.host.notices.add,
      carryOut: (orders) => {
        this.#notifications.carryOut(orders);
      },
      lock: () => this.lock(),
      show: (address) => {
        this.show(address);
      },
    });
    this.#tray = new Tray({
      words,
      input: () => ({
        status: this.host.supervisor.status,
        desktop: this.host.own,
        needsSetup: this.#needsSetup,
        leaving: aboutOf(),
      }),
      iconFile: (icon) => {
        const { trayIcon, theme } = this.#settings.all;
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
    nativeTheme.themeSource = this.#settings.all.theme;
    this.host.start();
    const problem = this.autostart.refresh();
    if (problem !== undefined) this.host.notices.add(problem);
    this.notifier.doNotDisturbChanged();
    const server = whenNotificationServer((found) => (this.#notifications.server = found));
    const host = whenTrayHost({
      found: () => {
        this.#trayHost = true;
        this.#tray.show();
        this.host.changed();
      },
      missing: () => {
        this.#trayHost = false;
        this.host.notices.add(message('desktop.no-tray'));
        this.show('#/setup');
      },
    });
    this.#stopLooking.push(server, host);
  }

  get setup(): SetupInfo {
    return this.host.setup({
      tray: this.#trayHost,
      autostart: this.autostart.on,
      notifications: { supported: Notification.isSupported(), buttons: this.#notifications.buttons },
    });
  }

  async doctor(): Promise<DoctorReport> {
    // Asked now: a panel may have lost its tray since it was found. In the first seconds one may still come.
    const tray = (await hasTrayHost()) || (this.#trayHost === null ? null : false);
    return this.host.doctor({ tray, autostart: this.autostart.on });
  }

  /** For tray, notifications and starts: what they lead to is this machine's, never the example's. */
  show(address: string): void {
    void this.host.shown.goLive();
    this.window.show(address);
  }

  run(command: Command): void {
    if (command.do === 'show') this.show(command.address);
    else if (command.do === 'pause') this.host.doNotDisturb.pause(command.choice);
    else if (command.do === 'resume') this.host.doNotDisturb.resume();
    else if (command.do === 'lock') void this.lock();
    else app.quit();
  }

  /** Asked by tray and notification: who presses there sees a notice where it could not be. */
  async lock(): Promise<boolean> {
    const locked = await lockScreen();
    if (locked === undefined) this.host.notices.add(NOT_LOCKED);
    return locked !== undefined;
  }

  /** Resolves when what was being stored is stored. */
  async stop(): Promise<void> {
    for (const stop of this.#stopLooking) stop();
    await this.host.stop();
    this.#tray.destroy();
  }

  get #needsSetup(): boolean {
    const { source, problem, status } = this.host.supervisor;
    const unread = source !== null && source.state !== 'following';
    if (status !== null && refusedAlone(status) > 0) return true;
    return unread || problem !== null || this.#trayHost === false || !Notification.isSupported();
  }
}
