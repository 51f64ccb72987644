import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

import { go, worstAlert, type Desk, type Journey } from './desk.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

type Screens = Readonly<Record<string, string>>;

/** The address of every screen. */
export const screensOf = (alert: number, user: string): Screens => ({
  overview: '#/',
  alerts: '#/alerts',
  alert: `#/alerts/${alert}`,
  timeline: `#/timeline/${user}`,
  models: '#/models',
  settings: '#/settings',
  setup: '#/setup',
  learned: `#/learned/${user}`,
  'first-run': '#/first-run',
  help: '#/help',
  search: '#/search?text=a',
  with: '#/with/value/%2Fusr%2Fbin%2Fbash',
  action: '#/action/100',
  unknown: '#/nowhere',
});

/** Those that there are before anything was read. */
const emptyScreens: Screens = Object.fromEntries(
  ['#/', '#/alerts', '#/timeline', '#/models', '#/settings', '#/first-run'].map((address) => [address, address]),
);

/** Goes to a screen and waits until all of it is there. */
export async function shown(page: Page, address: string): Promise<void> {
  await go({ page }, address);
  await page.locator('h1').waitFor();
  await page.waitForFunction(() => document.querySelector('.loading') === null);
  // What stands behind "the same as a table" and "show" is to be read too.
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
}

/** What hinders somebody on the page as it is now. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    return axe.run(document, { runOnly: { type: 'tag', values: tags } });
  }, TAGS);
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
  );
}

async function violationsOn(page: Page, screens: Screens): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [screen, address] of Object.entries(screens)) {
    await shown(page, address);
    const told = await violations(page);
    if (told.length > 0) found[screen] = told;
  }
  return found;
}

/** Gives the page a desktop's colours while something is looked at. */
async function inColours(page: Page, colorScheme: 'light' | 'dark', look: () => Promise<void>): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  const luminance = await page.evaluate(() => {
    const [red = 0, green = 0, blue = 0] = getComputedStyle(document.documentElement)
      .backgroundColor.match(/\d+/g)!
      .map(Number);
    return (red + green + blue) / 3;
  });
  expect(luminance > 128 ? 'light' : 'dark').toBe(colorScheme);
  await look();
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

const schemes = ['light', 'dark'] as const;

/** Looks where there is nothing yet. */
export const emptyAccess: readonly Journey[] = schemes.map((scheme) => ({
  name: `axe finds nothing where there is nothing yet, ${scheme}`,
  async run({ page }) {
    await inColours(page, scheme, async () => {
      expect(await violationsOn(page, emptyScreens)).toEqual({});
    });
  },
}));

/** Looks at every screen with an alert, and at the dialog about it. */
export const fullAccess: readonly Journey[] = schemes.map((scheme) => ({
  name: `axe finds nothing on any screen, ${scheme}`,
  async run(desk: Desk) {
    const { page } = desk;
    const { id, user } = await worstAlert(desk);
    const screens = screensOf(id, user);
    await inColours(page, scheme, async () => {
      const found = await violationsOn(page, screens);
      await go(desk, screens.alert!);
      await page
        .getByRole('button', { name: /^This was (?!not)/ })
        .first()
        .click();
      await page.locator('dialog input[value="hour"]').check();
      await page.getByText(/It would (not )?have hidden this alert/).waitFor();
      const inDialog = await violations(page);
      if (inDialog.length > 0) found.dialog = inDialog;
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(found).toEqual({});
    });
  },
}));
