import type { ChildProcess } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Desktop } from '../session/desktop.ts';
import { giveTo } from '../session/account.ts';
import { end, hasEnded } from '../session/processes.ts';
import { Hopeless, until } from '../until.ts';
import type { Electron } from './electron.ts';
import { Notifications } from './notifications.ts';
import { debuggingAddress, PageDriver } from './page.ts';
import { TrayDriver } from './tray.ts';
import { Windows } from './windows.ts';

/** What is under test. */
export interface Subject {
  /** A folder with package.json and all it names. */
  readonly folder: string;
  /** Its windows' titles. */
  readonly title: RegExp;
  /** Where its browser may leave the debugging port: folders below the XDG folder of this variable. */
  readonly data: readonly (readonly [variable: string, folder: string])[];
  /** Part of the URL of its page. */
  readonly page: string;
  /** Puts a fresh application's files where it looks for them. @returns what it has to find in its environment */
  readonly layOut: (application: Application) => Readonly<Record<string, string>>;
}

/**
 * A running application, driven from outside only: D-Bus, X11, the debugging port, files. Nothing here knows which Electron
 * runs it.
 */
export class Application {
  readonly desktop: Desktop;
  readonly subject: Subject;
  readonly tray: TrayDriver;
  readonly windows: Windows;
  readonly notifications: Notifications;
  /** The log that it follows. */
  readonly log: string;
  /** All that its processes have printed. */
  output = '';
  readonly #electron: Electron;
  readonly #opened: string;
  readonly #starts: ChildProcess[] = [];
  #settings: Readonly<Record<string, string>> = {};
  #page: PageDriver | undefined;

  private constructor(desktop: Desktop, electron: Electron, subject: Subject, notifications: Notifications) {
    this.desktop = desktop;
    this.subject = subject;
    this.#electron = electron;
    this.notifications = notifications;
    this.tray = new TrayDriver(desktop);
    this.windows = new Windows(desktop, subject.title);
    const folder = join(desktop.folder, 'subject');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'bin'), { recursive: true });
    this.log = join(folder, 'results.log');
    this.#opened = join(folder, 'opened');
    writeFileSync(this.log, '');
    // Stands where the system's own would be, and notes what was to be opened.
    const opener = join(folder, 'bin', 'xdg-open');
    writeFileSync(opener, `#!/bin/sh\necho "$1" >> '${this.#opened}'\n`);
    chmodSync(opener, 0o755);
    giveTo(desktop.account, folder);
  }

  /** A fresh application: an empty log, and what its subject lays out. It is not started yet. */
  static async prepare(desktop: Desktop, electron: Electron, subject: Subject): Promise<Application> {
    const application = new Application(desktop, electron, subject, await Notifications.watch(desktop));
    application.removeConfig('autostart');
    application.#settings = subject.layOut(application);
    return application;
  }

  /** Starts it, a second time too. @param wrapper a command that is to run the application's */
  start(
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
    wrapper: readonly string[] = [],
  ): ChildProcess {
    const { command, before } = this.#electron.commandFor(this.desktop.account);
    const [program = command, ...all] = [
      ...wrapper,
      command,
      ...before,
      '--remote-debugging-port=0',
      ...(this.#electron.isPackaged === true ? [] : [this.subject.folder]),
      ...args,
    ];
    const bin = join(this.desktop.folder, 'subject', 'bin');
    const path = { PATH: `${bin}:${this.desktop.env.PATH ?? ''}` };
    const settings = { ...this.desktop.env, ...path, ...this.#settings, ...this.#electron.env, ...env };
    const child = this.desktop.processes.start(program, all, settings, ['ignore', 'pipe', 'pipe']);
    for (const stream of [child.stdout, child.stderr] as Readable[]) {
      stream.on('data', (part) => (this.output += String(part)));
    }
    this.#starts.push(child);
    return child;
  }

  /** Starts it and waits for its tray icon. */
  async startAndWait(...how: Parameters<Application['start']>): Promise<ChildProcess> {
    const child = this.start(...how);
    const hasIcon = async (): Promise<boolean> => {
      if (hasEnded(child))
        throw new Hopeless(`it ended with ${child.exitCode ?? child.signalCode ?? '?'}:\n${this.output}`);
      return (await this.tray.items()).length > 0;
    };
    await until('the tray icon of the application', hasIcon, { within: 20_000 });
    return child;
  }

  /** Its exit code, or the signal that ended it. */
  async ending(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
    await until('the application to end', () => hasEnded(child));
    return child.exitCode ?? child.signalCode;
  }

  /** Waits until all that was started has ended. */
  async hasEnded(): Promise<void> {
    await until('the application to end', () => this.#starts.every(hasEnded));
  }

  /** Appends whole lines to the log. */
  append(...lines: readonly string[]): void {
    appendFileSync(this.log, lines.map((line) => `${line}\n`).join(''));
  }

  /** What it has handed to the system to open: URLs and files. */
  opened(): readonly string[] {
    return existsSync(this.#opened) ? readFileSync(this.#opened, 'utf8').trim().split('\n') : [];
  }

  /** A path under the desktop's XDG_CONFIG_HOME. */
  configPath(...parts: readonly string[]): string {
    return join(this.desktop.env.XDG_CONFIG_HOME!, ...parts);
  }

  /** Removes a folder under XDG_CONFIG_HOME. */
  removeConfig(folder: string): void {
    rmSync(this.configPath(folder), { recursive: true, force: true, maxRetries: 5 });
  }

  /** Its page, once there is one; pages of windows that were closed are forgotten. */
  async page(): Promise<PageDriver> {
    if (this.#page?.isOpen() !== true) {
      this.#page = await PageDriver.connect(this.#dataFolders, this.subject.page);
    }
    return this.#page;
  }

  /** Where its browser is debugged, once there is one. */
  debuggingAddress(): Promise<string> {
    return until('the debugging port', () => debuggingAddress(this.#dataFolders), { within: 20_000 });
  }

  get #dataFolders(): readonly string[] {
    return this.subject.data.map(([variable, folder]) => join(this.desktop.env[variable]!, folder));
  }

  /** Ends it, whatever state it is in. */
  async stop(): Promise<void> {
    this.#page?.close();
    for (const child of this.#starts) await end(child);
    await this.notifications.dismissAll();
    this.notifications.stop();
    await until('the tray to be empty', async () => (await this.tray.items()).length === 0);
  }
}
