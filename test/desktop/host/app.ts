import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { lifecycle } from './lifecycle.ts';
import { takeLock } from './single-instance.ts';
import { preventable, trace } from './strict.ts';

const exitProcess = process.exit.bind(process);

class App extends EventEmitter {
  name = 'electron-stand-in';
  isPackaged = false;
  #lock: Server | undefined;
  readonly #paths = new Map<string, string>();

  readonly commandLine = {
    appendSwitch: (name: string, value?: string): void => {
      lifecycle.boot.switches.push(value === undefined ? `--${name}` : `--${name}=${value}`);
    },
    hasSwitch: (name: string): boolean =>
      lifecycle.boot.switches.some((one) => one === `--${name}` || one.startsWith(`--${name}=`)),
    getSwitchValue: (name: string): string =>
      lifecycle.boot.switches.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '',
  };

  isReady(): boolean {
    return lifecycle.ready;
  }

  whenReady(): Promise<void> {
    if (lifecycle.ready) return Promise.resolve();
    return new Promise((resolve) => {
      this.once('ready', () => {
        resolve();
      });
    });
  }

  getName(): string {
    return this.name;
  }

  setName(name: string): void {
    this.name = name;
  }

  getVersion(): string {
    return lifecycle.boot.manifest.version ?? '0.0.0';
  }

  getAppPath(): string {
    return lifecycle.boot.appPath;
  }

  getLocale(): string {
    const [language = 'C'] = (process.env.LANG ?? 'en-US').split('.');
    return language === 'C' ? 'en-US' : language.replace('_', '-');
  }

  getPath(name: string): string {
    const set = this.#paths.get(name);
    if (set !== undefined) return set;
    const home = process.env.HOME ?? homedir();
    const appData = process.env.XDG_CONFIG_HOME ?? join(home, '.config');
    // Whatever the application makes its folder of, the session's data and the logs go there too.
    const own = this.#paths.get('userData') ?? join(appData, this.name);
    const known: Record<string, string> = {
      home,
      appData,
      userData: own,
      sessionData: own,
      logs: join(own, 'logs'),
      crashDumps: join(own, 'Crashpad'),
      temp: process.env.TMPDIR ?? tmpdir(),
      exe: process.execPath,
      module: process.execPath,
      desktop: join(home, 'Desktop'),
      documents: join(home, 'Documents'),
      downloads: join(home, 'Downloads'),
    };
    const path = known[name];
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  disableHardwareAcceleration(): void {
    if (lifecycle.ready) throw new Error('app.disableHardwareAcceleration() can only be called before app is ready');
  }

  enableSandbox(): void {
    if (lifecycle.ready) throw new Error('app.enableSandbox() can only be called before app is ready');
  }

  requestSingleInstanceLock(data: unknown = {}): boolean {
    this.#lock ??= takeLock(this.getPath('userData'), data, (second) => {
      void this.whenReady().then(() =>
        this.emit('second-instance', preventable(), second.argv, second.cwd, second.data),
      );
    });
    return this.#lock !== undefined;
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock !== undefined;
  }

  releaseSingleInstanceLock(): void {
    this.#lock?.close();
    this.#lock = undefined;
  }

  /** As in Electron on Linux, where autostart is a file that the application writes: nothing happens. */
  setLoginItemSettings(): void {
    trace('app.setLoginItemSettings does nothing on Linux');
  }

  setAppUserModelId(): void {
    trace('app.setAppUserModelId is for Windows');
  }

  setAboutPanelOptions(): void {
    trace('the about panel is not shown by this host');
  }

  focus(): void {
    trace('app.focus does nothing on Linux');
  }

  quit(): void {
    if (lifecycle.quitting) return;
    lifecycle.quitting = true;
    void this.#quit().then((done) => {
      if (!done) lifecycle.quitting = false;
    });
  }

  /** As Electron's: the program starts again once this one has ended. */
  relaunch({ args = process.argv.slice(1), execPath }: { args?: string[]; execPath?: string } = {}): void {
    const host = this.isPackaged ? [] : [...process.execArgv, join(import.meta.dirname, 'run.ts')];
    const again = execPath === undefined ? [process.execPath, ...host] : [execPath];
    const waiting = ['-c', 'while kill -0 "$0" 2>/dev/null; do sleep 0.05; done; exec "$@"', String(process.pid)];
    lifecycle.atExit.push(() => {
      spawn('sh', [...waiting, ...again, ...args], { detached: true, stdio: 'ignore' }).unref();
    });
  }

  exit(code = 0): void {
    this.emit('quit', preventable(), code);
    const all = lifecycle.atExit.map((end) => Promise.resolve().then(end));
    void Promise.allSettled(all).then(() => exitProcess(code));
    setTimeout(() => exitProcess(code), 3_000).unref();
  }

  async #quit(): Promise<boolean> {
    const before = preventable();
    this.emit('before-quit', before);
    if (before.defaultPrevented || !(await lifecycle.closeWindows())) return false;
    const will = preventable();
    this.emit('will-quit', will);
    if (will.defaultPrevented) return false;
    this.exit(Number(process.exitCode ?? 0));
    return true;
  }
}

export const app = new App();
app.setMaxListeners(0);

/** Makes the process behave as Electron's: `process.exit` is `app.exit`, and signals ask for a quit. */
export function takeOverProcess(): void {
  process.exit = ((code?: number) => {
    app.exit(code ?? Number(process.exitCode ?? 0));
  }) as typeof process.exit;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      app.quit();
    });
  }
}

/** The entry module has been evaluated: what waits for `ready` goes on. */
export function becomeReady(): void {
  app.emit('will-finish-launching');
  lifecycle.ready = true;
  app.emit('ready', preventable(), {});
  if (app.listenerCount('window-all-closed') > 0) return;
  app.on('window-all-closed', () => {
    app.quit();
  });
}
