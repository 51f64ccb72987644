import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Application } from '../../driver/application.ts';
import { descendants, type Descendant } from '../../driver/descendants.ts';
import { until } from '../../until.ts';
import { pathIn } from '../subject.ts';
import { exampleBefore } from '../example.ts';

/** Made once: all checks append of the same log. */
export const example = exampleBefore(Date.now() / 1000);

/** What every check waits for first: it is not what any of them is about, and may take long on a busy machine. */
const STARTING_MS = 20_000;

/** Starts hidden and waits until ordinary work was read. */
export async function startWatching(application: Application): Promise<number> {
  const { pid } = await application.startAndWait(['--hidden']);
  application.append(...example.quiet);
  await application.tray.waitForToolTip(/Watching 2 users · last event/, STARTING_MS);
  return pid!;
}

/** The process that judges. */
export function workerOf(pid: number): Promise<Descendant> {
  return until('the worker', () => descendants(pid).find(({ command }) => command.includes('out/worker.mjs')));
}

/** Throws when there is a window, or one is about to come: its page has a process before anything is seen. */
export async function mustHaveNoWindow(application: Application, pid: number, says: string): Promise<void> {
  const pages = descendants(pid).filter(({ command }) => /--type=renderer|--remote-debugging-pipe/.test(command));
  assert.deepEqual(
    pages.map(({ command }) => command),
    [],
    says,
  );
  assert.deepEqual(await application.windows.visible(), [], says);
}

/** What the main process remembers between its starts. */
export const remembered = (application: Application): Record<string, unknown> =>
  JSON.parse(readFileSync(pathIn(application, 'XDG_CONFIG_HOME', 'desktop.json'), 'utf8')) as Record<string, unknown>;

/** Waits until the window is at an address. */
export async function waitForAddress(application: Application, hash: string): Promise<void> {
  const page = await application.page();
  await until(`the window at ${hash}`, async () => {
    const at = await page.evaluate<string>('location.hash');
    if (at !== hash) throw new Error(`it is at ${at}`);
    return true;
  });
}

/** Asks as the page does. @returns the answer, which is a value also where it is no */
export async function askAsPage(application: Application, name: string, input: unknown = null): Promise<Answer> {
  const page = await application.page();
  return page.evaluate<Answer>(`bridge.ask(${JSON.stringify(name)}, ${JSON.stringify(input)})`);
}

export interface Answer {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly code?: string;
  readonly message?: string;
}
