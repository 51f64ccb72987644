import { BrowserWindow, screen, type WebContents } from 'electron';

import type { Events } from '../contract/contract.ts';
import { EVENT } from './ipc.ts';
import { placeOn, sizeOn, type RememberedPlace } from './place.ts';
import { ORIGIN } from './security.ts';
import { report } from '../terminal/terminal.ts';

export interface WindowOptions {
  /** Absolute path of the preload script. */
  readonly preload: string;
  readonly icon: string;
  readonly remembered: () => RememberedPlace | null;
  readonly remember: (place: RememberedPlace) => void;
  readonly closed: () => void;
}

const SIZE = { width: 1100, height: 760 };

/** The one window: made when it is wanted, and destroyed when it is closed, because a page costs 100 MB. */
export class Window {
  readonly #options: WindowOptions;
  #window: BrowserWindow | undefined;
  /** Where to go once the page listens. */
  #wanted: string | undefined;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  get contents(): WebContents | undefined {
    return this.#window?.webContents;
  }

  /** @param address such as `#/alerts/7` */
  show(address: string): void {
    if (this.#window) {
      if (this.#wanted === undefined) this.send('navigate', address);
      else {
        this.#wanted = address;
        return;
      }
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
      return;
    }
    const window = this.#make();
    this.#window = window;
    const isFull = this.#options.remembered()?.maximized === true;
    window.once('ready-to-show', () => {
      if (isFull) window.maximize();
      window.show();
    });
    this.#wanted = address;
    window.webContents.once('did-finish-load', () => {
      const wanted = this.#wanted;
      this.#wanted = undefined;
      if (wanted !== undefined && wanted !== address) this.send('navigate', wanted);
    });
    window.on('close', () => {
      this.#options.remember({ ...window.getNormalBounds(), maximized: window.isMaximized() });
    });
    window.on('closed', () => {
      this.#window = undefined;
      this.#wanted = undefined;
      this.#options.closed();
    });
    // A page that broke is not left white: the next wish for a window makes a new one.
    window.webContents.on('render-process-gone', () => {
      if (!window.isDestroyed()) window.destroy();
    });
    window.loadURL(`${ORIGIN}/index.html${address}`).catch((error: unknown) => {
      // Not left waiting unseen: the next wish for a window makes a new one.
      if (!window.isDestroyed()) window.destroy();
      report(`The window could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  close(): void {
    this.#window?.close();
  }

  /** Tells the window, where there is one. */
  send<K extends keyof Events>(event: K, value: Events[K]): void {
    if (this.#window && !this.#window.isDestroyed()) this.#window.webContents.send(EVENT + event, value);
  }

  #make(): BrowserWindow {
    const { preload, icon, remembered } = this.#options;
    const place = placeOn(
      remembered(),
      screen.getAllDisplays().map(({ workArea }) => workArea),
    );
    const size = sizeOn(SIZE, screen.getPrimaryDisplay().workArea);
    return new BrowserWindow({
      ...size,
      ...place,
      show: false,
      title: 'ubad',
      icon,
      autoHideMenuBar: true,
      webPreferences: {
        preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
      },
    });
  }
}
