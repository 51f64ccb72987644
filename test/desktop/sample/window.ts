import { join } from 'node:path';
import { BrowserWindow, shell } from 'electron';

/** The one window: made when it is wanted, destroyed when it is closed. */
export class MainWindow {
  #window: BrowserWindow | undefined;

  open(hash = '#/'): void {
    const open = this.#window;
    if (open === undefined) {
      this.#create(hash);
      return;
    }
    open.webContents.send('go-to', hash);
    if (open.isMinimized()) open.restore();
    open.show();
    open.focus();
  }

  send(channel: string, value: unknown): void {
    this.#window?.webContents.send(channel, value);
  }

  #create(hash: string): void {
    const window = new BrowserWindow({
      width: 800,
      height: 500,
      show: false,
      title: 'BenchSample',
      webPreferences: {
        preload: join(import.meta.dirname, 'preload.cjs'),
        contextIsolation: true,
        nodeIntegration: false,
        sandbox: true,
      },
    });
    this.#window = window;
    window.once('ready-to-show', () => {
      window.show();
    });
    window.on('closed', () => {
      this.#window = undefined;
    });
    window.webContents.setWindowOpenHandler(({ url }) => {
      if (url.startsWith('https://')) void shell.openExternal(url);
      return { action: 'deny' };
    });
    window.webContents.on('will-navigate', (event, url) => {
      if (!url.startsWith('app://bundle/')) event.preventDefault();
    });
    void window.loadURL(`app://bundle/index.html${hash}`);
  }
}
