import { chromium, type Browser, type Page } from 'playwright-core';
import type { Desk } from '../../window/journeys/desk.ts';
import { hearComplaints } from '../../window/stage/browser.ts';
import type { Example } from '../../window/stage/example.ts';
import type { Application } from '../driver/application.ts';
import { pressKey } from '../driver/keyboard.ts';
import { until } from '../until.ts';
import { workerOf } from './checks/check.ts';

/** A person at the real desktop: the window is the application's own, keys are the keyboard's. */
export class DesktopDesk implements Desk {
  readonly example: Example;
  readonly application: Application;
  /** What its pages complained of. */
  readonly complaints: string[] = [];
  readonly #pid: number;
  readonly #browser: Browser;
  #page: Page;

  private constructor(application: Application, example: Example, pid: number, browser: Browser, page: Page) {
    this.application = application;
    this.example = example;
    this.#pid = pid;
    this.#browser = browser;
    this.#page = page;
  }

  /** Starts the application as a person does, where it is as late in the day as in the example. */
  static async open(application: Application, example: Example): Promise<DesktopDesk> {
    const { pid } = await application.startAndWait([], { TZ: example.zone });
    await application.windows.waitFor(1);
    const browser = await chromium.connectOverCDP(await application.debuggingAddress());
    const [context] = browser.contexts();
    if (!context) throw new Error('the browser has no pages that can be driven');
    context.setDefaultTimeout(15_000);
    // Whether a page may be left is for the application to say.
    context.on('dialog', () => undefined);
    const desk = new DesktopDesk(application, example, pid!, browser, await windowIn(browser, application));
    hearComplaints(desk.page, desk.complaints);
    return desk;
  }

  get page(): Page {
    return this.#page;
  }

  get log(): string {
    return this.application.log;
  }

  write(lines: readonly string[]): void {
    this.application.append(...lines);
  }

  press(key: string): Promise<void> {
    return pressKey(this.application.desktop, key);
  }

  async reopen(): Promise<void> {
    await this.application.windows.close();
    await this.application.windows.waitFor(0);
    this.application.start([], { TZ: this.example.zone });
    await this.opened();
  }

  /** Waits until there is a window again, and drives that one from now on. */
  async opened(): Promise<void> {
    await this.application.windows.waitFor(1);
    this.#page = await windowIn(this.#browser, this.application);
    hearComplaints(this.#page, this.complaints);
    await this.#page.locator('h1').waitFor();
  }

  async killEngine(): Promise<void> {
    process.kill((await workerOf(this.#pid)).pid, 'SIGKILL');
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.application.stop();
  }
}

const windowIn = (browser: Browser, { subject }: Application): Promise<Page> =>
  until('the page of the window', () =>
    browser
      .contexts()
      .flatMap((context) => context.pages())
      .find((page) => page.url().includes(subject.page)),
  );
