import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { serveWeb, type Web } from '../../src-main/web.ts';
import { CHROMIUM, go, Stage } from './stage/browser.ts';
import { exampleAt } from './stage/example.ts';

const root = join(import.meta.dirname, '..', '..');
const XDG = { XDG_RUNTIME_DIR: 'run', XDG_STATE_HOME: 'state', XDG_CONFIG_HOME: 'config' } as const;

// What `ubad serve` serves, with nothing in between: its page, its bridge, its policy, its worker.
describe.skipIf(!existsSync(CHROMIUM))('a person at a browser, on `ubad serve`', () => {
  const example = exampleAt(Date.now() / 1000);
  const folder = mkdtempSync(join(tmpdir(), 'ubad-window-'));
  const log = join(folder, 'results.log');
  const before = { ...process.env };
  let stage: Stage;
  let web: Web;
  let page: Page;

  const write = (lines: readonly string[]): void => {
    appendFileSync(log, lines.map((line) => `${line}\n`).join(''));
  };
  const button = (name: string | RegExp): ReturnType<Page['getByRole']> => page.getByRole('button', { name });

  beforeAll(async () => {
    process.env.TZ = example.zone;
    for (const [name, value] of Object.entries(XDG)) {
      mkdirSync(join(folder, value, 'ubad'), { recursive: true, mode: 0o700 });
      process.env[name] = join(folder, value);
    }
    writeFileSync(log, '');
    const out = join(root, 'out');
    const parts = { worker: join(root, 'src-main', 'worker.ts'), page: join(out, 'window') };
    const served = await serveWeb({
      ...{ parts: { ...parts, bridge: join(out, 'bridge-web.js') }, host: '127.0.0.1', port: 0 },
      ...{ config: join(folder, 'config', 'ubad', 'config.json'), note: () => undefined },
      over: { log, state: join(folder, 'own'), algorithm: 'both' },
    });
    if (served.state !== 'started') throw new Error(`One runs already at ${served.address}`);
    ({ web } = served);
    stage = await Stage.open();
    page = await stage.elsewhere(web.newAddress(), { timezoneId: example.zone });
  });
  afterAll(async () => {
    await stage.close();
    await web.stop();
    for (const name of Object.keys(XDG)) process.env[name] = before[name];
    rmSync(folder, { recursive: true, force: true });
  });

  it('begins with nothing, and watches it learn', async () => {
    await page.getByText('Nothing has been read yet').waitFor();
    write(example.past);
    await page.getByRole('heading', { name: 'Learning silently' }).waitFor();
    await page.getByRole('heading', { name: 'Learning silently' }).waitFor({ state: 'detached', timeout: 240_000 });
    await page.getByText('All calm').waitFor();
  });

  it('reads an alert, calls it normal after a look at what that hides, and takes it back', async () => {
    await go(page, '#/alerts');
    write(example.today);
    const row = page.locator('a[href^="#/alerts/"]', { hasText: 'Critical' }).first();
    await row.click({ timeout: 120_000 });
    await page.getByText(/^The latest actions of/).waitFor();
    await button('This was me').first().click();
    await page.locator('dialog input[value="program"]').check();
    await page.getByText(/^This would have hidden \d+ of the last 30 days’ alerts/).waitFor({ timeout: 60_000 });
    await page.getByRole('dialog').getByRole('button', { name: 'This was me' }).click();
    await page.getByText('Noted as normal.').waitFor();
    await page.keyboard.press('u');
    await page.getByText('Undone.').waitFor();
  });

  it('pauses, changes a setting, and sees the setup check of this very machine', async () => {
    await button('Pause').first().click();
    await button('For 15 minutes').click();
    await page.getByText(/^Notifications are paused until/).waitFor();
    await button(/^Resume/)
      .first()
      .click();
    await page.getByText(/^Notifications are paused until/).waitFor({ state: 'detached' });
    await go(page, '#/settings');
    await page.getByLabel('How many alerts are fine').selectOption('3');
    await page.getByText('Saved').first().waitFor();
    // There is no tray here to colour, and nothing that starts with a desktop.
    expect(await page.getByText('Tray icon').count()).toBe(0);
    await go(page, '#/setup');
    await page.locator('main ol > li').first().waitFor();
    expect(await page.locator('main ol > li').count()).toBe(9);
    await page.locator('article', { hasText: 'The log can be read' }).getByText('works', { exact: true }).waitFor();
  });

  it('never broke its policy and never threw', () => {
    expect(stage.complaints).toEqual([]);
  });
});
