import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Bus, trayWatcher } from '../bus.ts';
import { until } from '../until.ts';
import { giveTo, makeSocketFolder, pickAccount, type Account } from './account.ts';
import { firstThere } from './needs.ts';
import { end, firstLine, Processes, type Environment } from './processes.ts';
import { busSettings, panelPlugins, trayPlugin, writeBusSettings, writeSettings } from './settings.ts';

export const repository = join(import.meta.dirname, '..', '..', '..');

/** Of the panel, its menus and the notifications. */
export type Theme = 'light' | 'dark';

/**
 * A hermetic Xfce desktop: Xvfb, a session bus of its own, xfwm4, xfce4-panel with its tray, xfce4-notifyd. All its files lie
 * under one temporary folder, and any number of desktops run beside each other.
 */
export class Desktop {
  readonly account: Account;
  /** The folder that goes when the desktop ends. */
  readonly folder: string;
  readonly processes: Processes;
  #env: Environment;
  #bus: Bus | undefined;
  #panel: ChildProcess | undefined;
  #notifier: ChildProcess | undefined;

  private constructor(theme: Theme) {
    this.account = pickAccount(repository);
    this.folder = mkdtempSync(join(tmpdir(), 'ubad-desktop-'));
    this.processes = new Processes(this.folder, this.account);
    this.#env = { ...makeHome(this.folder), GTK_THEME: theme === 'dark' ? 'Adwaita:dark' : 'Adwaita' };
    writeSettings(join(this.folder, 'home', '.config'));
    writeBusSettings(this.folder);
    giveTo(this.account, this.folder);
  }

  /**
   * @param notifications false: nobody shows any
   * @throws Error that says which part of the desktop did not come; nothing is left running then
   */
  static async start(theme: Theme = 'light', notifications = true): Promise<Desktop> {
    makeSocketFolder();
    const desktop = new Desktop(theme);
    try {
      await desktop.#start(notifications);
      return desktop;
    } catch (error) {
      await desktop.stop();
      throw error;
    }
  }

  /** What a program of this desktop has to be started with. */
  get env(): Environment {
    return this.#env;
  }

  get bus(): Bus {
    if (this.#bus === undefined) throw new Error('the desktop has no bus yet');
    return this.#bus;
  }

  /** Puts a folder of programs before all others in PATH. */
  prefer(folder: string): void {
    this.#env = { ...this.#env, PATH: `${folder}:${this.#env.PATH ?? ''}` };
  }

  /** Kills the panel, as a crash would, and starts it again. */
  async restartPanel(): Promise<void> {
    if (this.#panel !== undefined) await end(this.#panel, 'SIGKILL');
    this.#panel = this.#startPanel();
    await this.#trayIsThere();
  }

  /** Kills the notification daemon, as a crash would, and starts it again. */
  async restartNotifications(): Promise<void> {
    if (this.#notifier !== undefined) await end(this.#notifier, 'SIGKILL');
    this.#notifier = this.processes.start(notifyDaemon(), [], this.#env);
    await until('xfce4-notifyd on the bus', () => this.bus.hasOwner('org.freedesktop.Notifications'));
  }

  /** Does something while nothing shows tray icons. */
  async withoutPanel(work: () => Promise<void>): Promise<void> {
    if (this.#panel !== undefined) await end(this.#panel);
    await until('the tray to go', async () => !(await this.bus.hasOwner(trayWatcher.service)));
    try {
      await work();
    } finally {
      this.#panel = this.#startPanel();
      await this.#trayIsThere();
    }
  }

  /** Does something on a panel that has no tray; afterwards the panel is as it was, whatever was added to it. */
  async withoutTray(work: () => Promise<void>): Promise<void> {
    await this.withoutPanel(async () => {
      await this.#setPlugins(panelPlugins.filter((id) => id !== trayPlugin));
      const panel = this.#startPanel();
      try {
        await until('the panel to have windows', async () => (await this.#root('_NET_CLIENT_LIST')).includes('0x'));
        await work();
      } finally {
        await end(panel);
        await until('the tray to go', async () => !(await this.bus.hasOwner(trayWatcher.service)));
        await this.#setPlugins(panelPlugins);
        // What was added meanwhile has taken the number that was free.
        await this.#setPanel(`/plugins/plugin-${trayPlugin}`, '--type', 'string', '--set', 'systray');
      }
    });
  }

  /** Runs a command in this session, in a shell, as a person pastes it into a terminal. @returns what it printed */
  paste(command: string): Promise<string> {
    return this.processes.run('sh', ['-c', command], this.#env);
  }

  /** Ends every process and removes every file. */
  async stop(): Promise<void> {
    this.#bus?.end();
    await this.processes.endAll();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  async #start(notifications: boolean): Promise<void> {
    const screen = ['-screen', '0', '1280x800x24', '-nolisten', 'tcp', '-noreset'];
    // The server looks for a free display itself and says which it took: two desktops never meet.
    const server = this.processes.start('Xvfb', ['-displayfd', '3', ...screen], this.#env, [
      ...(['ignore', 'ignore', 'ignore'] as const),
      'pipe',
    ]);
    this.#env = { ...this.#env, DISPLAY: `:${await firstLine(server.stdio[3] as Readable, 'Xvfb')}` };

    const daemon = this.processes.start(
      'dbus-daemon',
      [`--config-file=${busSettings(this.folder)}`, '--nofork', '--nopidfile', '--print-address=1'],
      this.#env,
      ['ignore', 'pipe', 'ignore'],
    );
    const address = await firstLine(daemon.stdout as Readable, 'dbus-daemon');
    this.#env = { ...this.#env, DBUS_SESSION_BUS_ADDRESS: address };
    this.#bus = new Bus(address);

    this.processes.start('xfwm4', ['--compositor=off'], this.#env);
    if (notifications) this.#notifier = this.processes.start(notifyDaemon(), [], this.#env);
    this.#panel = this.#startPanel();
    await until('xfwm4 to manage windows', async () =>
      (await this.#root('_NET_SUPPORTING_WM_CHECK')).includes('window id'),
    );
    if (notifications)
      await until('xfce4-notifyd on the bus', () => this.bus.hasOwner('org.freedesktop.Notifications'));
    await this.#trayIsThere();
    // Before the panel has its strip, xfce4-notifyd puts the first notification where the panel will be.
    await until('the panel to reserve its strip', async () => /= 0, [1-9]/.test(await this.#root('_NET_WORKAREA')));
  }

  #startPanel(): ChildProcess {
    return this.processes.start('xfce4-panel', ['--disable-wm-check'], this.#env);
  }

  async #setPlugins(ids: readonly number[]): Promise<void> {
    const values = ids.flatMap((id) => ['--type', 'int', '--set', String(id)]);
    await this.#setPanel('/panels/panel-1/plugin-ids', ...values);
  }

  async #setPanel(property: string, ...values: readonly string[]): Promise<void> {
    const where = ['--channel', 'xfce4-panel', '--property', property, '--create'];
    await this.processes.run('xfconf-query', [...where, ...values], this.#env);
  }

  async #trayIsThere(): Promise<void> {
    await until('the tray of xfce4-panel on the bus', async () => {
      if (!(await this.bus.hasOwner(trayWatcher.service))) return false;
      return this.bus.get<boolean>(trayWatcher, 'IsStatusNotifierHostRegistered');
    });
  }

  #root(property: string): Promise<string> {
    return this.processes.run('xprop', ['-root', property], this.#env);
  }
}

function notifyDaemon(): string {
  const folders = ['x86_64-linux-gnu/', 'aarch64-linux-gnu/', ''];
  return firstThere(
    'xfce4-notifyd',
    folders.map((folder) => `/usr/lib/${folder}xfce4/notifyd/xfce4-notifyd`),
  );
}

/** Home and XDG folders of its own: nothing of the person who runs the tests is read or written. */
function makeHome(root: string): Environment {
  const folders = {
    HOME: 'home',
    XDG_CONFIG_HOME: 'home/.config',
    XDG_DATA_HOME: 'home/.local/share',
    XDG_STATE_HOME: 'home/.local/state',
    XDG_CACHE_HOME: 'home/.cache',
    XDG_RUNTIME_DIR: 'run',
    TMPDIR: 'tmp',
  };
  const paths = Object.entries(folders).map(([name, folder]) => [name, join(root, folder)] as const);
  for (const [, path] of paths) mkdirSync(path, { recursive: true });
  chmodSync(join(root, 'run'), 0o700);
  const told = { XDG_CURRENT_DESKTOP: 'XFCE', XDG_SESSION_TYPE: 'x11', DESKTOP_SESSION: 'xfce', GDK_BACKEND: 'x11' };
  const plain = {
    PATH: process.env.PATH ?? '',
    LANG: 'C.UTF-8',
    NO_AT_BRIDGE: '1',
    GTK_A11Y: 'none',
  };
  return { ...plain, ...told, ...Object.fromEntries(paths) };
}
