import { existsSync } from 'node:fs';

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Backend } from './stage/backend.ts';
import { CHROMIUM, go, Stage } from './stage/browser.ts';
import { exampleAt } from './stage/example.ts';
import { faults } from './stage/faults.ts';
import { learned } from './stage/learned.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

describe.skipIf(!existsSync(CHROMIUM))('everybody can use every screen', () => {
  const example = exampleAt(Date.now() / 1000);
  let stage: Stage;
  let backend: Backend;
  let empty: Backend;
  let screens: Readonly<Record<string, string>>;

  beforeAll(async () => {
    process.env.TZ = example.zone;
    stage = await Stage.open();
    [backend, empty] = [new Backend(), new Backend()];
    backend.doctor = faults;
    await Promise.all([backend.start(), empty.start()]);
    const { alerts, user } = await learned(backend, example);
    const worst = alerts.find(({ band }) => band === 'critical') ?? alerts[0]!;
    await backend.side.engine.mark({ alert: worst.id, kinds: ['program'], verdict: 'normal', days: 7 });
    screens = {
      ...{ overview: '#/', alerts: '#/alerts', alert: `#/alerts/${worst.id}`, timeline: `#/timeline/${user}` },
      ...{ models: '#/models', settings: '#/settings', setup: '#/setup', learned: `#/learned/${user}` },
      ...{ 'first-run': '#/first-run', help: '#/help', search: '#/search?text=a', unknown: '#/nowhere' },
    };
  });
  afterAll(async () => {
    await stage.close();
    await Promise.all([backend.stop(), empty.stop()]);
  });

  async function shown(page: Page, address: string): Promise<void> {
    await go(page, address);
    await page.locator('h1').waitFor();
    await page.waitForFunction(() => document.querySelector('.loading') === null);
    // What stands behind "the same as a table" and "show" is to be read too.
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
  }

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe.source);
    const found = await page.evaluate(async (tags) => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      return axe.run(document, { runOnly: { type: 'tag', values: tags } });
    }, TAGS);
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
    );
  }

  it.each(['light', 'dark'] as const)('axe finds nothing on any screen, %s', async (colorScheme) => {
    const page = await stage.page(backend, '', { colorScheme, timezoneId: example.zone, reducedMotion: 'reduce' });
    const found: Record<string, string[]> = {};
    for (const [screen, address] of Object.entries(screens)) {
      await shown(page, address);
      const told = await violations(page);
      if (told.length > 0) found[screen] = told;
    }
    await go(page, screens.alert!);
    await page.getByRole('button', { name: 'This was me' }).first().click();
    await page.locator('dialog input[value="program"]').check();
    await page.getByText(/This would have hidden/).waitFor();
    const inDialog = await violations(page);
    if (inDialog.length > 0) found.dialog = inDialog;
    await page.context().close();
    expect(found).toEqual({});
  });

  it.each(['light', 'dark'] as const)('nor where there is nothing yet, %s', async (colorScheme) => {
    const page = await stage.page(empty, '', { colorScheme, reducedMotion: 'reduce' });
    const found: Record<string, string[]> = {};
    for (const address of ['#/', '#/alerts', '#/timeline', '#/models', '#/settings', '#/first-run']) {
      await shown(page, address);
      const told = await violations(page);
      if (told.length > 0) found[address] = told;
    }
    await page.context().close();
    expect(found).toEqual({});
  });

  it.each([
    ['360 px', { viewport: { width: 360, height: 700 } }],
    ['zoomed to 200 %', { viewport: { width: 550, height: 380 }, deviceScaleFactor: 2 }],
    ['4K', { viewport: { width: 3840, height: 2160 } }],
    ['360 px in German', { viewport: { width: 360, height: 700 }, locale: 'de-DE' }],
  ])('no screen is wider than the window at %s, and no text smaller than 12 px', async (_name, options) => {
    const page = await stage.page(backend, '', { ...options, timezoneId: example.zone });
    const found: Record<string, unknown> = {};
    for (const [screen, address] of Object.entries(screens)) {
      await shown(page, address);
      const { wider, small } = await page.evaluate(() => ({
        wider: document.documentElement.scrollWidth - innerWidth,
        small: [...document.querySelectorAll<HTMLElement>('body *')]
          .filter(
            (one) =>
              one.checkVisibility() &&
              [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== ''),
          )
          .filter((one) => !(one instanceof SVGElement) && parseFloat(getComputedStyle(one).fontSize) < 12)
          .map((one) => one.outerHTML.slice(0, 100)),
      }));
      if (wider > 0 || small.length > 0) found[screen] = { wider, small };
    }
    await page.context().close();
    expect(found).toEqual({});
  });

  it('moves nothing for who wants it still', async () => {
    const page = await stage.page(backend, '', { reducedMotion: 'reduce' });
    await shown(page, '#/');
    const moving = await page.evaluate(() => document.getAnimations().length);
    await page.context().close();
    expect(moving).toBe(0);
  });

  it('says everything that forced colours leave', async () => {
    const page = await stage.page(backend, screens.alerts, { forcedColors: 'active', timezoneId: example.zone });
    await shown(page, screens.alerts!);
    const row = page.locator('main li a').first();
    expect(await row.locator('svg path').count()).toBeGreaterThan(0);
    expect(await row.innerText()).toMatch(/Critical|High|Medium|Low/);
    await page.context().close();
  });
});
