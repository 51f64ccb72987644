import { resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { app } from './app.ts';
import { openChromiumWindow, xdotool, type ChromiumWindow } from './chromium.ts';
import { demandReady, lifecycle } from './lifecycle.ts';
import { boundsOf, inChromiumsWords, isMaximized, setBounds, type Bounds } from './bounds.ts';
import { preventable, trace } from './strict.ts';
import { WebContents } from './web-contents.ts';
import { WindowWithoutMenuBar } from './window-without-menu-bar.ts';

interface WindowOptions extends Partial<Bounds> {
  readonly show?: boolean;
  readonly title?: string;
  readonly webPreferences?: {
    readonly preload?: string;
    readonly nodeIntegration?: boolean;
    readonly contextIsolation?: boolean;
    readonly sandbox?: boolean;
    readonly webSecurity?: boolean;
  };
}

const windows = new Set<BrowserWindow>();
let lastId = 0;

/** A window of Chromium with Electron's manners. What is asked of it is done in order, once it is there. */
export class BrowserWindow extends WindowWithoutMenuBar {
  readonly id = ++lastId;
  readonly webContents: WebContents;
  readonly #bounds: Bounds;
  #title: string;
  #visible: boolean;
  #focused = false;
  #minimized = false;
  /** X11's number, while there is a window. */
  #frame: string | undefined;
  #destroyed = false;
  #closing = false;
  #work: Promise<ChromiumWindow>;

  constructor(options: WindowOptions = {}) {
    super();
    demandReady('BrowserWindow');
    const preferences = options.webPreferences ?? {};
    const { nodeIntegration, contextIsolation, sandbox, webSecurity } = preferences;
    if (nodeIntegration === true || [contextIsolation, sandbox, webSecurity].includes(false)) {
      throw new Error('electron stand-in: windows are sandboxed, isolated and without Node, or not at all');
    }
    const { x, y, width = 800, height = 600 } = options;
    this.#bounds = { ...(x !== undefined && { x }), ...(y !== undefined && { y }), width, height };
    this.#visible = options.show ?? true;
    this.#title = options.title ?? app.name;
    this.webContents = new WebContents({
      mayClose: () => this.#mayClose(),
      gone: () => {
        this.#gone();
      },
      focused: (is) => {
        this.#focused = is;
        this.emit(is ? 'focus' : 'blur');
        app.emit(is ? 'browser-window-focus' : 'browser-window-blur', preventable(), this);
      },
    });
    windows.add(this);
    this.#followTitle();
    this.webContents.once('did-finish-load', () => setImmediate(() => this.emit('ready-to-show')));
    app.emit('browser-window-created', preventable(), this);
    app.emit('web-contents-created', preventable(), this.webContents);
    this.#work = this.#open(preferences.preload);
    this.#work.catch((error: unknown) => {
      console.error(error);
      this.#gone();
    });
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows].find((window) => window.webContents === contents) ?? null;
  }

  static getFocusedWindow(): BrowserWindow | null {
    return [...windows].find((window) => window.isFocused()) ?? null;
  }

  static fromId(id: number): BrowserWindow | null {
    return [...windows].find((window) => window.id === id) ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  loadFile(path: string): Promise<void> {
    return this.loadURL(pathToFileURL(resolve(app.getAppPath(), path)).href);
  }

  show(): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    const wasVisible = this.#visible;
    this.#visible = true;
    this.#minimized = false;
    this.#then(async ({ frame }) => {
      await xdotool('windowmap', '--sync', frame);
      await xdotool('windowactivate', frame);
      if (!wasVisible) this.emit('show');
    });
  }

  showInactive(): void {
    this.#visible = true;
    this.#then(async ({ frame }) => {
      await xdotool('windowmap', '--sync', frame);
      this.emit('show');
    });
  }

  hide(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.#then(async ({ frame }) => {
      await xdotool('windowunmap', '--sync', frame);
      this.emit('hide');
    });
  }

  focus(): void {
    this.#then(({ frame }) => xdotool('windowactivate', frame));
  }

  minimize(): void {
    this.#minimized = true;
    this.#then(async (window) => {
      await setBounds(window, { windowState: 'minimized' });
      this.emit('minimize');
    });
  }

  restore(): void {
    this.#minimized = false;
    this.#then(async (window) => {
      await setBounds(window, { windowState: 'normal' });
      await xdotool('windowactivate', window.frame);
      this.emit('restore');
    });
  }

  close(): void {
    if (!this.#destroyed && this.#mayClose()) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed || this.#closing) return;
    this.#closing = true;
    this.#then(({ cdp, targetId }) => cdp.send('Target.closeTarget', { targetId }));
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  /** For `app.quit`: whether the application has let it close. */
  isClosing(): boolean {
    return this.#closing || this.#destroyed;
  }

  isVisible(): boolean {
    return this.#visible;
  }

  isFocused(): boolean {
    return this.#focused;
  }

  isMinimized(): boolean {
    return this.#minimized;
  }

  /** Shows it, too, as Electron's does. */
  maximize(): void {
    this.getBounds();
    if (!this.#visible) this.showInactive();
    this.#then((window) => setBounds(window, { windowState: 'maximized' }));
  }

  isMaximized(): boolean {
    return this.#frame !== undefined && isMaximized(this.#frame);
  }

  getTitle(): string {
    return this.#title;
  }

  setTitle(title: string): void {
    this.#title = title;
    this.#then(({ frame }) => xdotool('set_window', '--name', title, frame));
  }

  getBounds(): { x: number; y: number; width: number; height: number } {
    if (this.#frame !== undefined) Object.assign(this.#bounds, boundsOf(this.#frame));
    return { x: 0, y: 0, ...this.#bounds };
  }

  /** Those it had before it filled its screen: as far as this host was asked for them, or made it do so. */
  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    return this.isMaximized() ? { x: 0, y: 0, ...this.#bounds } : this.getBounds();
  }

  setBounds(bounds: Partial<Bounds>): void {
    Object.assign(this.#bounds, bounds);
    this.#then((window) => setBounds(window, inChromiumsWords(this.#bounds)));
  }

  async #open(preload: string | undefined): Promise<ChromiumWindow> {
    const window = await openChromiumWindow(`stand-in-${randomBytes(6).toString('hex')}`);
    this.#frame = window.frame;
    if (!this.#visible) await xdotool('windowunmap', '--sync', window.frame);
    await setBounds(window, inChromiumsWords(this.#bounds));
    await this.webContents.attach(window, preload);
    return window;
  }

  #then(work: (window: ChromiumWindow) => Promise<unknown>): void {
    this.#work = this.#work.then(async (window) => {
      if (!this.#destroyed)
        await work(window).catch((error: unknown) => {
          trace('window', error);
        });
      return window;
    });
    this.#work.catch(() => undefined);
  }

  #followTitle(): void {
    this.webContents.on('page-title-updated', (_event: object, title: string) => {
      const event = preventable();
      this.emit('page-title-updated', event, title, true);
      if (event.defaultPrevented) this.setTitle(this.#title);
      else this.#title = title;
    });
  }

  #mayClose(): boolean {
    if (this.#closing) return true;
    const event = preventable();
    this.emit('close', event);
    return !event.defaultPrevented;
  }

  #gone(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#visible = false;
    this.#frame = undefined;
    windows.delete(this);
    this.emit('closed');
    if (windows.size === 0 && !lifecycle.quitting) app.emit('window-all-closed');
  }
}
