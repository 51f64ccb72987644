import type { Page } from 'playwright-core';

import { desktopCalls, viewCalls } from '../../../src-main/contract/contract.ts';
import type { AlertRow } from '../../../src-main/contract/alerts.ts';
import { client, type Answer, type Client } from '../../../src-main/contract/ipc.ts';
import type { Example } from '../stage/example.ts';

/** Where a person sits: the built window over a real engine, whichever host is between them. */
export interface Desk {
  /** Of the window that is open now. */
  readonly page: Page;
  readonly example: Example;
  /** The path of the log that is watched. */
  readonly log: string;
  /** Appends lines to it. */
  write(lines: readonly string[]): void;
  /** Presses a key as the person does. @param key in Playwright's words, such as `Shift+Tab` */
  press(key: string): Promise<void>;
  /** Closes the window and opens it again, as it comes by itself. */
  reopen(): Promise<void>;
  killEngine(): void | Promise<void>;
}

/** What a person does at the window and sees there. They are one life of the program: each begins where another ended. */
export interface Journey {
  readonly name: string;
  /** @throws where something is not as the person expects it */
  run(desk: Desk): Promise<void>;
}

export interface Asking {
  /** Questions to the engine: what the window is to show. */
  readonly engine: Client<typeof viewCalls>;
  /** Questions to the process that the window belongs to. */
  readonly host: Client<typeof desktopCalls>;
}

/** Asks beside what the page shows, but the way that the page asks: every host has that one. */
export function asking(desk: Desk): Asking {
  const send = (name: string, input: unknown): Promise<Answer> =>
    desk.page.evaluate(
      ([asked, told]) =>
        (globalThis as unknown as { bridge: { ask(name: string, input: unknown): Promise<Answer> } }).bridge.ask(
          asked,
          told,
        ),
      [name, input] as const,
    );
  return { engine: client(viewCalls, send), host: client(desktopCalls, send) };
}

export const button = ({ page }: Desk, name: string | RegExp): ReturnType<Page['getByRole']> =>
  page.getByRole('button', { name });

/** Waits until a screen's heading is there. */
export async function titled({ page }: Desk, text: string | RegExp): Promise<void> {
  await page.locator('h1', { hasText: text }).waitFor();
}

/** Goes to another address of the page that is open. */
export async function go({ page }: Pick<Desk, 'page'>, address: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), address);
}

/** The alert that a person would look at first. */
export async function worstAlert(desk: Desk): Promise<AlertRow> {
  const alerts = await asking(desk).engine.alerts({ limit: 50 });
  const worst = alerts.find(({ band }) => band === 'critical') ?? alerts[0];
  if (!worst) throw new Error('There is no alert yet.');
  return worst;
}
