import { EventEmitter } from 'node:events';

/** A window or its page, as far as the desktop uses it. */
export class FakeContents extends EventEmitter {
  readonly id = 1;
  readonly sent: unknown[][] = [];
  opens: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  readonly mainFrame = { url: 'app://ubad/index.html', parent: null };
  setWindowOpenHandler(opens: typeof this.opens): void {
    this.opens = opens;
  }
  send(...message: unknown[]): void {
    this.sent.push(message);
  }
}

export class FakeWindow extends EventEmitter {
  static made: FakeWindow[] = [];
  readonly webContents = new FakeContents();
  readonly options: Record<string, unknown>;
  readonly did: string[] = [];
  loaded = '';
  destroyed = false;
  minimized = false;
  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    FakeWindow.made.push(this);
  }
  loadURL(address: string): Promise<void> {
    this.loaded = address;
    return Promise.resolve();
  }
  show(): void {
    this.did.push('show');
  }
  focus(): void {
    this.did.push('focus');
  }
  restore(): void {
    this.did.push('restore');
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  getNormalBounds(): object {
    return { x: 10, y: 40, width: 900, height: 700 };
  }
  isMaximized(): boolean {
    return this.did.includes('maximize');
  }
  maximize(): void {
    this.did.push('maximize');
  }
  close(): void {
    this.emit('close');
    this.destroy();
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('closed');
  }
}

export class FakeTray extends EventEmitter {
  static made: FakeTray[] = [];
  readonly images: string[];
  tooltip = '';
  menus: FakeItem[][] = [];
  destroyed = false;
  constructor(image: string) {
    super();
    this.images = [image];
    FakeTray.made.push(this);
  }
  setImage(image: string): void {
    this.images.push(image);
  }
  setToolTip(text: string): void {
    this.tooltip = text;
  }
  setContextMenu(menu: FakeItem[]): void {
    this.menus.push(menu);
  }
  destroy(): void {
    this.destroyed = true;
  }
}

export interface FakeItem {
  readonly label?: string;
  readonly click?: () => void;
  readonly submenu?: FakeItem[];
}

export class FakeNotification extends EventEmitter {
  static made: FakeNotification[] = [];
  static isSupported = (): boolean => true;
  readonly options: { readonly title: string; readonly actions?: readonly { text: string }[] };
  shown = false;
  closed = false;
  constructor(options: FakeNotification['options']) {
    super();
    this.options = options;
    FakeNotification.made.push(this);
  }
  show(): void {
    this.shown = true;
  }
  close(): void {
    this.closed = true;
    this.emit('close', {});
  }
}

type Handler = (event: object, name: unknown, input: unknown) => unknown;
export const handled = new Map<string, Handler>();
export const opened: string[] = [];
export const served = new Map<string, (request: Request) => Promise<Response>>();
export const permissions: ((...asked: unknown[]) => unknown)[] = [];
/** What was asked of Electron, in order. */
export const happened: string[] = [];
let ready = (): void => undefined;
let whenReady = Promise.resolve();
/** As if nothing had been started yet. */
export function startAnew(): void {
  for (const made of [FakeWindow.made, FakeTray.made, FakeNotification.made, FakeWorker.made, happened, opened])
    made.length = 0;
  app.removeAllListeners();
  lock.free = true;
  whenReady = new Promise<void>((resolve) => (ready = resolve));
}
export const becomeReady = (): void => {
  happened.push('ready');
  ready();
};
export const lock = { free: true };
const paths = new Map<string, string>();
export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  getVersion: () => '1.2.3',
  getAppPath: () => '/opt/ubad',
  getPath: (name: string) => paths.get(name) ?? process.env.XDG_CONFIG_HOME ?? '/nonexistent',
  setPath: (name: string, path: string) => paths.set(name, path),
  requestSingleInstanceLock: () => lock.free,
  whenReady: () => whenReady,
  exit: (code: number) => void happened.push(`exit ${code}`),
  relaunch: ({ args }: { readonly args: readonly string[] }) => {
    happened.push(`relaunch ${args.join(' ')}`);
  },
  quit() {
    const event = { prevented: false, preventDefault: () => (event.prevented = true) };
    app.emit('before-quit', event);
    happened.push(event.prevented ? 'quit prevented' : 'quit');
  },
});

const answers: Readonly<Record<string, unknown>> = {
  status: { users: [], openAlerts: 0, waitingAlerts: 0, newAlerts: 0, lastAlerts: [] },
  ingest: { stored: true },
  missed: { alertEvents: [], newest: 0 },
};

/** A worker that opens whatever it is told to, and stores nothing. */
export class FakeWorker extends EventEmitter {
  static made: FakeWorker[] = [];
  readonly asked: { readonly name: string; readonly input: unknown }[] = [];
  constructor() {
    super();
    FakeWorker.made.push(this);
  }
  say(event: string, value: unknown): void {
    this.emit('message', { event, value });
  }
  postMessage({ id, name, input }: { id: number; name: string; input: unknown }): void {
    happened.push(`worker: ${name}`);
    this.asked.push({ name, input });
    const message = {
      id,
      answer: { ok: true, value: answers[name] ?? null },
    };
    setImmediate(() => this.emit('message', message));
  }
  kill(): void {
    setImmediate(() => this.emit('exit', 0));
  }
}
export const utilityProcess = { fork: () => new FakeWorker() };
export const nativeTheme = { themeSource: 'system', shouldUseDarkColors: true };

/** What `electron` is to the code under test: `vi.mock('electron', () => import('./support/electron.ts'))`. */
export const ipcMain = {
  handle: (channel: string, handler: Handler) => handled.set(channel, handler),
  on: () => undefined,
};
export const shell = { openExternal: (address: string) => Promise.resolve(opened.push(address)) };
const display = { scaleFactor: 1, workArea: { x: 0, y: 30, width: 1920, height: 1050 } };

export const screen = {
  getAllDisplays: () => [display],
  getPrimaryDisplay: () => display,
};
export const protocol = {
  registerSchemesAsPrivileged: () => happened.push('scheme'),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) => served.set(scheme, handler),
};
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (decide: (...asked: unknown[]) => unknown) => permissions.push(decide),
    setPermissionCheckHandler: (decide: (...asked: unknown[]) => unknown) => permissions.push(decide),
  },
};
export const dialog = {
  showErrorBox: (title: string, content: string) => happened.push(`error box: ${title}: ${content}`),
};
export const Menu = { buildFromTemplate: (template: FakeItem[]) => template };
export { FakeNotification as Notification, FakeTray as Tray, FakeWindow as BrowserWindow };

// What electron-store takes of it.
export default { app, ipcMain, shell };
