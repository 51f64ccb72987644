import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cdp, webSocketWire } from '../cdp.ts';
import { until } from '../until.ts';

interface Target {
  readonly type: string;
  readonly url: string;
  readonly webSocketDebuggerUrl: string;
}

/** The page of a window, by its own debugging address: a whole browser's client would answer its dialogs. */
export class PageDriver {
  readonly #cdp: Cdp;
  #open = true;

  private constructor(cdp: Cdp) {
    this.#cdp = cdp;
    cdp.onEnd(() => {
      this.#open = false;
    });
  }

  /**
   * @param folders where the browser may have left its port
   * @param url part of the page's URL
   */
  static async connect(folders: readonly string[], url: string): Promise<PageDriver> {
    const find = async (): Promise<Target | undefined> => (await pages(folders)).find((one) => one.url.includes(url));
    // A browser that starts on a busy machine is not what is tested.
    const target = await until(`the page ${url}`, find, { within: 20_000 });
    return new PageDriver(new Cdp(await webSocketWire(target.webSocketDebuggerUrl)));
  }

  isOpen(): boolean {
    return this.#open;
  }

  /** Evaluates an expression in the page and gives its value, or what it promises. */
  async evaluate<T = unknown>(expression: string): Promise<T> {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#cdp.send('Runtime.evaluate', asked);
    if (exceptionDetails === undefined) return result.value as T;
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }

  /** Waits until the element's text matches. */
  async waitForText(selector: string, pattern: RegExp): Promise<void> {
    await until(`${selector} to say ${String(pattern)}`, async () => {
      const text = await this.evaluate<string>(
        `document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`,
      );
      if (!pattern.test(text)) throw new Error(`it says "${text}"`);
      return true;
    });
  }

  /** Goes elsewhere as the person at the address bar would, if there were one. */
  async goTo(url: string): Promise<void> {
    await this.#cdp.send('Page.navigate', { url });
  }

  close(): void {
    this.#cdp.close();
  }
}

async function pages(folders: readonly string[]): Promise<readonly Target[]> {
  const response = await fetch(`${debuggingAddress(folders)}/json/list`);
  return ((await response.json()) as Target[]).filter((target) => target.type === 'page');
}

/** Where a browser is debugged. @throws Error when it has not left its port in any of the folders yet */
export function debuggingAddress(folders: readonly string[]): string {
  const file = folders.map((folder) => join(folder, 'DevToolsActivePort')).find((path) => existsSync(path));
  if (file === undefined) throw new Error('no browser has left its port yet');
  const [port] = readFileSync(file, 'utf8').split('\n');
  return `http://127.0.0.1:${port}`;
}
