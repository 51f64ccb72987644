/**
 * `npm run pictures`: every screen of the built window, light, dark, narrow, wide, empty and full, over a real engine that has
 * learned the example. All of them go to the folder that is given; without one, the few that the documents use go to docs/.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { BrowserContextOptions, Page } from 'playwright-core';

import { Backend } from './stage/backend.ts';
import { Stage } from './stage/browser.ts';
import { exampleAt } from './stage/example.ts';
import { faults } from './stage/faults.ts';
import { leavingLines } from './stage/leaving.ts';
import { learned } from './stage/learned.ts';

const all = process.argv[2];
const folder = all ?? join(import.meta.dirname, '..', '..', 'docs', 'pictures', 'window');
mkdirSync(folder, { recursive: true });
const example = exampleAt(Date.now() / 1000);
process.env.TZ = example.zone;

const looks: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  narrow: { viewport: { width: 360, height: 760 }, colorScheme: 'light' },
  wide: { viewport: { width: 2200, height: 1100 }, colorScheme: 'light' },
  german: { locale: 'de-DE', colorScheme: 'light' },
};
/** What the documents show. */
const kept = ['light-overview', 'light-alert', 'dark-timeline', 'dark-alerts', 'light-models', 'narrow-alert'];

const stage = await Stage.open();
const backend = new Backend();
backend.doctor = faults;
backend.leaving = leavingLines;
const nothing = new Backend();
try {
  await nothing.start();
  await backend.start();
  const { alerts, user } = await learned(backend, example);
  const screens = {
    overview: '#/',
    alerts: '#/alerts',
    alert: `#/alerts/${alerts.find(({ band }) => band === 'critical')?.id ?? alerts[0]!.id}`,
    timeline: `#/timeline/${user}`,
    models: '#/models',
    settings: '#/settings',
    setup: '#/setup',
    learned: `#/learned/${user}`,
    'first-run': '#/first-run',
    help: '#/help',
    search: '#/search?text=ssh',
    with: '#/with/value/%2Fusr%2Fbin%2Fcurl',
    action: '#/action/100',
    unknown: '#/nowhere',
  };
  for (const [look, options] of Object.entries(looks)) {
    for (const [screen, address] of Object.entries(screens)) await take(backend, `${look}-${screen}`, address, options);
  }
  for (const screen of ['overview', 'alerts', 'timeline', 'models', 'first-run', 'settings'] as const) {
    await take(nothing, `empty-${screen}`, screens[screen].replace(`/${user}`, ''), looks.light!);
  }
} finally {
  await stage.close();
  await Promise.all([backend.stop(), nothing.stop()]);
}
for (const complaint of new Set(stage.complaints)) console.error(`The page said: ${complaint}`);

async function take(from: Backend, name: string, address: string, options: BrowserContextOptions): Promise<void> {
  if (all === undefined && !kept.includes(name)) return;
  const page: Page = await stage.page(from, address, { timezoneId: example.zone, ...options });
  await page.locator('h1').waitFor();
  await page.waitForFunction(() => document.querySelector('.loading') === null);
  // Of what is drawn in the next frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: all !== undefined });
  await page.context().close();
}
