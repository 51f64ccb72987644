/** The page of a fleet in a real browser, over a real server, worker, inbox and page. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { violations } from '../window/journeys/access.ts';
import { CHROMIUM, Stage } from '../window/stage/browser.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { HOSTS, PageFleet } from './page-fleet.ts';

const PICTURES = process.env.UBAD_FLEET_PICTURES;
const server = serverForAll();
/** The page has been built for whoever runs these: see vitest.config.js. */
const describeInBrowser = existsSync(CHROMIUM) ? describeWithNats : describe.skip;
if (!existsSync(CHROMIUM)) console.warn('SKIPPED: there is no chromium here; apt-get install chromium.');

describeInBrowser('the fleet’s page in a browser', () => {
  let made: PageFleet;
  let stage: Stage;
  let screens: Readonly<Record<string, string>>;

  const open = async (person?: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await stage.elsewhere(await made.addressFor(person), { timezoneId: 'UTC', ...options });
    await page.locator('main li a').first().waitFor();
    return page;
  };
  const go = async (page: Page, address: string): Promise<void> => {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, address);
    await page.locator('h1').waitFor();
    await page.waitForFunction(() => document.querySelector('.loading') === null);
  };
  const rows = (page: Page) => page.locator('main section li');

  beforeAll(async () => {
    stage = await Stage.open();
    made = await PageFleet.start(await server.get(), 'window', PICTURES === undefined ? HOSTS : 8);
    const page = await open();
    const first = await page.locator('a[href^="#/alerts/"]').first().getAttribute('href');
    await page.context().close();
    screens = {
      inbox: '#/inbox',
      alert: first!,
      people: '#/people',
      shared: '#/shared',
      hosts: '#/hosts',
      groups: '#/groups',
      workers: '#/workers',
      audit: '#/audit',
    };
  }, 280_000);
  afterAll(async () => {
    await made.fleet.stop('page');
    await made.fleet.killAll();
    await stage.close();
    expect(stage.complaints).toEqual([]);
  });

  it('shows what waits, opens it with its story, and takes an answer, a note and an owner', async () => {
    const page = await open('bert');
    const before = await rows(page).count();
    expect(before).toBeGreaterThanOrEqual(HOSTS);
    await rows(page).first().locator('a').click();
    await page.getByRole('heading', { name: 'The acts, one by one' }).waitFor();
    await page.getByRole('heading', { name: 'The same was new elsewhere' }).waitFor();
    // Of three hosts nobody is compared.
    await page.getByText('fewer than 5 are not compared').waitFor();
    const box = page.getByRole('textbox', { name: 'Write a note for whoever works on it next' });
    await box.fill('She was on leave.');
    await page.getByRole('button', { name: 'Add the note' }).click();
    await page.getByText('She was on leave.', { exact: true }).waitFor();
    expect(await box.inputValue()).toBe('');
    await page.getByLabel('Give to').selectOption('anna');
    await page.getByText('1 alert is with anna.').waitFor();
    await page.getByRole('button', { name: /^It was real/ }).click();
    await page.getByText('bert called it “Real”').waitFor();
    await page.getByRole('button', { name: 'Take the answer back' }).click();
    await page.getByRole('button', { name: /^It was real/ }).waitFor();
    await page.getByRole('link', { name: 'To the inbox' }).click();
    const mine = rows(page).filter({ hasText: 'with anna' });
    await mine.first().waitFor();
    expect(await mine.innerText()).toContain('1 note');
    await page.context().close();
  });

  it('answers several at once by keys, filters, and finds', async () => {
    const page = await open('bert');
    const before = await rows(page).count();
    await page.getByRole('textbox').fill('user-1');
    await page.waitForURL(/text=user-1/);
    await expect.poll(() => rows(page).count()).toBeLessThan(before);
    await page.getByRole('textbox').fill('nobody at all');
    await page.getByText('No alert is like that').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => rows(page).count()).toBe(before);
    await page.getByRole('checkbox', { name: 'Select all' }).focus();
    await page.keyboard.press('j');
    await page.keyboard.press(' ');
    await page.keyboard.press('j');
    await page.keyboard.press(' ');
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('n');
    await page.getByText(/Sent to 2 partitions/).waitFor();
    await expect.poll(() => rows(page).count(), { timeout: 20_000 }).toBe(before - 2);
    await page.getByLabel('Shown').selectOption('answered');
    await page.getByText('Normal (bert)').first().waitFor();
    await page.getByRole('checkbox', { name: 'Select all' }).check();
    await page.getByRole('button', { name: 'Take the answer back' }).click();
    await page.getByText('No alert is like that').waitFor({ timeout: 20_000 });
    await page.context().close();
  });

  it('lets a viewer look only', async () => {
    const page = await open('anna');
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await page.getByText('anna, looks only').waitFor();
    await go(page, screens.alert!);
    await page.getByRole('heading', { name: 'Notes' }).waitFor();
    expect(await page.getByRole('button', { name: /^It was/ }).count()).toBe(0);
    await go(page, '#/hosts');
    await page.getByText('desk-new.example').waitFor();
    expect(await page.getByRole('button', { name: /^(Approve|Revoke)/ }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
    await page.context().close();
  });

  it('lets an administrator approve and revoke hosts, and see who did what', async () => {
    const page = await open();
    await go(page, '#/hosts');
    // Who waits for somebody stands first.
    expect(await page.locator('tbody tr').first().innerText()).toContain('desk-new.example');
    await page.getByText('1 waits for approval').waitFor();
    await page.getByRole('button', { name: 'Approve: desk-new.example' }).click();
    await page.getByText('desk-new.example is approved').waitFor();
    await page.getByRole('button', { name: 'Revoke: desk-new.example' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('desk-new.example is revoked').waitFor();
    await go(page, '#/audit');
    await page.getByText('revoked a host').first().waitFor();
    await page.getByText('opened an alert').first().waitFor();
    await go(page, '#/people');
    await page.getByRole('link', { name: 'user-2' }).click();
    await page.waitForURL(/#\/inbox\?text=user-2/);
    await go(page, '#/shared');
    await page.getByRole('heading', { name: 'program /tmp/.cache/nc' }).waitFor();
    await go(page, '#/groups');
    await page.getByRole('cell', { name: /floor/ }).waitFor();
    await go(page, '#/nowhere');
    await page.getByText('There is no such page here.').waitFor();
    await page.context().close();
  });

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['German, dark, narrow', { colorScheme: 'dark', locale: 'de-DE', viewport: { width: 360, height: 740 } }],
  ] satisfies [string, BrowserContextOptions][])('everybody can use every screen: %s', async (_name, options) => {
    const page = await open(undefined, options);
    const found: Record<string, unknown> = {};
    for (const [screen, address] of Object.entries(screens)) {
      await go(page, address);
      const told = await violations(page);
      if (told.length > 0) found[screen] = told;
    }
    await page.context().close();
    expect(found).toEqual({});
  });

  it.each([
    ['360 px', { viewport: { width: 360, height: 700 } }],
    ['360 px in German', { viewport: { width: 360, height: 700 }, locale: 'de-DE' }],
    ['4K', { viewport: { width: 3840, height: 2160 } }],
  ] satisfies [string, BrowserContextOptions][])('no screen is wider than the window at %s', async (_name, options) => {
    const page = await open(undefined, options);
    const wider: Record<string, number> = {};
    for (const [screen, address] of Object.entries(screens)) {
      await go(page, address);
      const by = await page.evaluate(() =>
        Math.max(
          document.documentElement.scrollWidth - innerWidth,
          ...[...document.querySelectorAll('nav a')].map((link) => link.getBoundingClientRect().right - innerWidth),
        ),
      );
      if (by > 0) wider[screen] = by;
    }
    await page.context().close();
    expect(wider).toEqual({});
  });

  it('has the filters of the inbox in one row where there is room', async () => {
    const page = await open(undefined, { viewport: { width: 1600, height: 900 }, locale: 'de-DE' });
    const middles = await page
      .locator('header .row > label')
      .evaluateAll((labels) =>
        labels.map((label) => label.getBoundingClientRect()).map(({ y, height }) => y + height / 2),
      );
    expect(middles.length).toBe(4);
    expect(Math.max(...middles) - Math.min(...middles)).toBeLessThan(5);
    await page.context().close();
  });

  it('uses the width of a large screen: alerts stand side by side, the most severe first', async () => {
    const page = await open(undefined, { viewport: { width: 2560, height: 1440 } });
    const tops = await page
      .locator('.list > ul > li')
      .evaluateAll((items) => items.map((item) => item.getBoundingClientRect().top));
    expect(tops.length).toBeGreaterThan(2);
    expect(tops[1]).toBe(tops[0]);
    expect(tops[2]).toBeGreaterThan(tops[0]!);
    await page.setViewportSize({ width: 1440, height: 900 });
    const narrower = await page
      .locator('.list > ul > li')
      .evaluateAll((items) => items.map((item) => item.getBoundingClientRect().top));
    expect(new Set(narrower).size).toBe(tops.length);
    await page.context().close();
  });

  // For the documents, and to be looked at: UBAD_FLEET_PICTURES=<folder>.
  it.skipIf(PICTURES === undefined).each([
    ['wide', { viewport: { width: 1440, height: 900 } }],
    ['widest', { viewport: { width: 3840, height: 2160 } }],
    ['widest-dark-german', { viewport: { width: 3840, height: 2160 }, colorScheme: 'dark', locale: 'de-DE' }],
    ['wide-dark-german', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: 'de-DE' }],
    ['narrow', { viewport: { width: 360, height: 740 } }],
    ['narrow-dark-german', { viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'de-DE' }],
  ] satisfies [string, BrowserContextOptions][])('is pictured: %s', async (name, options) => {
    const page = await open(undefined, options);
    for (const [screen, address] of Object.entries(screens)) {
      await go(page, address);
      // What comes from workers comes later than the page.
      if (screen === 'alert') await page.locator('#peers').waitFor();
      await page.screenshot({ path: join(PICTURES!, `${name}-${screen}.png`), fullPage: true });
    }
    await page.context().close();
  });

  it('is locked without an address, and says which command gives one', async () => {
    const { origin } = new URL(made.address);
    const page = await stage.elsewhere(origin);
    await page.getByText('Run “ubad fleet serve” in a terminal').first().waitFor();
    await page.context().close();
    const used = await stage.elsewhere(made.address);
    await used.getByText('This page is locked').first().waitFor();
    await used.context().close();
    // The browser notes that a used key was refused.
    expect(stage.complaints.filter((text) => !text.includes('401'))).toEqual([]);
    stage.complaints.length = 0;
  });
});
