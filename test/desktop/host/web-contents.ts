import { EventEmitter } from 'node:events';
import { parse, stringify } from 'devalue';
import type { ChromiumWindow } from './chromium.ts';
import { ipcMain } from './ipc-main.ts';
import { Page, type PageListener } from './page.ts';
import { preloadSource } from './preload.ts';
import { toWire } from './protocol.ts';
import type { IpcMessage } from './renderer/ipc-renderer.ts';
import { applyPermissions, session } from './session.ts';
import { preventable, trace } from './strict.ts';

/** What a page wants of the window around it. */
export interface Frame {
  /** False when the application keeps the window open. */
  mayClose(): boolean;
  gone(): void;
  focused(is: boolean): void;
}

type OpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

let lastId = 0;

export class WebContents extends EventEmitter {
  readonly id = ++lastId;
  readonly session = session.defaultSession;
  readonly mainFrame = { url: '' };
  readonly #frame: Frame;
  readonly #attached = Promise.withResolvers<Page>();
  #title = '';
  #loading = false;
  #destroyed = false;
  #openHandler: OpenHandler = () => ({ action: 'allow' });

  constructor(frame: Frame) {
    super();
    this.setMaxListeners(0);
    this.#frame = frame;
    // A window that never came is told by whoever opened it.
    this.#attached.promise.catch(() => undefined);
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#attached.promise;
    this.#loading = true;
    this.emit('did-start-loading', preventable());
    const done = new Promise<void>((resolve, reject) => {
      this.once('did-finish-load', resolve);
      this.once('did-fail-load', (_event: object, code: number, text: string) => {
        reject(new Error(`${text} (${code}) loading '${url}'`));
      });
    });
    try {
      if (!(await page.navigate(toWire(url)))) this.emit('did-finish-load', preventable());
    } catch (error) {
      this.emit('did-fail-load', preventable(), -2, String(error), url, true);
    }
    await done.finally(() => (this.#loading = false));
  }

  send(channel: string, ...args: readonly unknown[]): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    const values = serialize(args);
    if (values === undefined) throw new Error('Failed to serialize arguments');
    void this.#attached.promise.then((page) => page.deliver({ kind: 'event', channel, id: 0, values }));
  }

  reload(): void {
    void this.#attached.promise.then((page) => page.reload(toWire(this.getURL())));
  }

  async executeJavaScript(expression: string): Promise<unknown> {
    return (await this.#attached.promise).evaluate(expression);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  getURL(): string {
    return this.mainFrame.url;
  }

  getTitle(): string {
    return this.#title;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  isLoading(): boolean {
    return this.#loading;
  }

  /** For the window: its page is there. */
  async attach(window: ChromiumWindow, preload: string | undefined): Promise<void> {
    const page: Page = new Page(
      window,
      this.#listener(() => page),
    );
    await applyPermissions(this, window.cdp);
    await page.prepare(preload === undefined ? '' : this.#readPreload(preload));
    this.#attached.resolve(page);
  }

  #readPreload(path: string): string {
    try {
      return preloadSource(path);
    } catch (error) {
      console.error(`Unable to load preload script: ${path}\n${String(error)}`);
      setImmediate(() => this.emit('preload-error', preventable(), path, error));
      return '';
    }
  }

  #listener(page: () => Page): PageListener {
    return {
      navigated: (url, withinDocument) => {
        this.mainFrame.url = url;
        this.emit(withinDocument ? 'did-navigate-in-page' : 'did-navigate', preventable(), url);
      },
      domReady: () => void this.emit('dom-ready', preventable()),
      loaded: (title) => {
        this.#title = title;
        this.emit('page-title-updated', preventable(), title, true);
        this.emit('did-finish-load', preventable());
        this.emit('did-stop-loading', preventable());
      },
      mayNavigate: (url) => {
        const event = preventable({ url, isMainFrame: true });
        this.emit('will-navigate', event, url);
        return !event.defaultPrevented;
      },
      mayClose: () => this.#frame.mayClose(),
      popup: (url) => {
        if (this.#openHandler({ url }).action === 'allow') console.error(`electron stand-in: denied the popup ${url}`);
      },
      message: (message) => void this.#message(message, page()),
      logged: (level, message) => {
        this.emit('console-message', { level, message, lineNumber: 0, sourceId: '' });
        trace('page', level, message);
      },
      crashed: () => void this.emit('render-process-gone', preventable(), { reason: 'crashed', exitCode: 5 }),
      gone: () => {
        if (this.#destroyed) return;
        this.#destroyed = true;
        this.emit('destroyed');
        this.#frame.gone();
      },
    };
  }

  async #message({ kind, channel, id, values }: IpcMessage, page: Page): Promise<void> {
    if (kind === 'focus' || kind === 'blur') {
      this.#frame.focused(kind === 'focus');
      return;
    }
    if (kind === 'preload-error') {
      this.emit('preload-error', preventable(), channel, new Error(values));
      return;
    }
    const args = parse(values) as unknown[];
    const event = preventable({ sender: this, senderFrame: this.mainFrame, frameId: 1, processId: 1 });
    if (kind === 'send') {
      ipcMain.emit(channel, event, ...args);
      return;
    }
    const answer = await ipcMain.answer(channel, event, args);
    const uncloneable = { error: `Error invoking remote method '${channel}': An object could not be cloned.` };
    const text = serialize(answer) ?? stringify(uncloneable);
    await page.deliver({ kind: 'reply', channel, id, values: text });
  }
}

/** Undefined where structured cloning would throw. */
function serialize(values: unknown): string | undefined {
  try {
    return stringify(values);
  } catch {
    return undefined;
  }
}
