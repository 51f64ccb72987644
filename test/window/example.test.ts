import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Web } from '../../src-main/web.ts';
import { lineOf } from '../engine/log-lines.ts';
import { violations } from './journeys/access.ts';
import { go } from './journeys/desk.ts';
import { CHROMIUM, Stage } from './stage/browser.ts';
import { servedIn } from './stage/served.ts';

/** On a machine that is busy with other tests; hardly ever needed. */
const patience = { timeout: 60_000 };
const PEOPLE = /alice|bob|carol|dave/;

describe.skipIf(!existsSync(CHROMIUM))('a person who looks at the example first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ubad-window-'));
  let stage: Stage;
  let web: Web;
  let end: () => Promise<void>;
  let page: Page;

  const button = (name: string): ReturnType<Page['getByRole']> => page.getByRole('button', { name, exact: true });
  const banner = (): ReturnType<Page['getByText']> => page.getByText('This is example data.');

  beforeAll(async () => {
    ({ web, end } = await servedIn(folder));
    stage = await Stage.open();
    page = await stage.elsewhere(web.newAddress());
  });
  afterAll(async () => {
    await stage.close();
    await end();
  });

  it('is offered it where nothing is known yet, and in the settings', async () => {
    for (const address of ['#/', '#/first-run', '#/settings']) {
      await go({ page }, address);
      await button('Try it with example data').waitFor();
      await page.getByLabel('How fast').selectOption('a week in 1 minute');
    }
    expect(await banner().count()).toBe(0);
  });

  it('watches it learn and alert, and is told on every screen what it is', async () => {
    await go({ page }, '#/first-run');
    await page.getByLabel('How fast').selectOption('a week in 1 minute');
    await button('Try it with example data').click();
    await banner().waitFor();
    await page.getByRole('heading', { name: /^People/ }).waitFor(patience);
    await page.getByText('their third week, with the attacks, takes 1 minute.').waitFor(patience);
    await page.getByText('This machine is still watched.').waitFor();
    await page.locator('a[href^="#/alerts/"]').first().waitFor(patience);
    for (const address of ['#/alerts', '#/timeline', '#/models', '#/settings', '#/setup', '#/help', '#/']) {
      await go({ page }, address);
      await page.locator('h1').waitFor();
      expect(await banner().isVisible(), address).toBe(true);
      expect(await button('Try it with example data').count(), address).toBe(0);
    }
    await page.getByText('Showing the example').waitFor();
  });

  it.each(['light', 'dark'] as const)('can read and use its banner, %s, however narrow', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [name, width] of [
      ['narrow', 360],
      ['usual', 1100],
    ] as const) {
      await page.setViewportSize({ width, height: 760 });
      for (const address of ['#/', '#/alerts']) {
        await go({ page }, address);
        await page.locator('a[href^="#/alerts/"]').first().waitFor();
        expect(await violations(page), `${address} ${name}`).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      }
    }
  });

  it('goes live with one click, and sees nothing of it any more', async () => {
    const line = (n: number): string =>
      lineOf({
        query: 'shell_verb',
        change: 'added',
        time: Date.now() / 1000 - n,
        columns: { uid: '1000', username: 'nora', verb: `v${n}` },
      });
    const shown = (): Promise<string | null> => page.locator('body').textContent();
    await go({ page }, '#/');
    await page.getByRole('link', { name: 'alice' }).first().waitFor();
    await button('Go live').click();
    await banner().waitFor({ state: 'detached' });
    expect(await shown()).not.toMatch(PEOPLE);
    await page.getByText('Nothing has been read yet').waitFor();
    expect(await page.locator('nav').getByText(/\d/).count(), 'alerts to answer').toBe(0);
    await go({ page }, '#/settings');
    await page.getByRole('heading', { name: 'Privacy' }).waitFor();
    expect(await shown()).not.toMatch(PEOPLE);
    await go({ page }, '#/');
    writeFileSync(join(folder, 'results.log'), `${[3, 2, 1].map(line).join('\n')}\n`);
    await page.getByRole('heading', { name: 'Learning silently' }).waitFor();
    for (const address of ['#/', '#/alerts', '#/models']) {
      await go({ page }, address);
      await page.locator('h1').waitFor();
      expect(await shown(), address).not.toMatch(PEOPLE);
    }
    await go({ page }, '#/settings');
    await button('Try it with example data').waitFor();
  });

  it('is led to the setup check where there is no log to be read', async () => {
    rmSync(join(folder, 'results.log'));
    await go({ page }, '#/settings');
    await page.getByText('The log cannot be read.').waitFor();
    await button('Try it with example data').click();
    await page.getByText('This machine is not watched: its log cannot be read.').waitFor();
    await button('Go live').click();
    await page.getByRole('heading', { name: 'Setup check', level: 1 }).waitFor();
    await banner().waitFor({ state: 'detached' });
  });

  it('never broke its policy and never threw', () => {
    expect(stage.complaints).toEqual([]);
  });
});
