import { existsSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { emptyAccess, fullAccess, screensOf, shown } from './journeys/access.ts';
import { button, go, type Desk, type Journey } from './journeys/desk.ts';
import { Backend } from './stage/backend.ts';
import { CHROMIUM, Stage } from './stage/browser.ts';
import { deskOf } from './stage/desk.ts';
import { exampleAt } from './stage/example.ts';
import { faults } from './stage/faults.ts';
import { leavingAlerts, leavingLines } from './stage/leaving.ts';
import { learned } from './stage/learned.ts';

describe.skipIf(!existsSync(CHROMIUM))('everybody can use every screen', () => {
  const example = exampleAt(Date.now() / 1000);
  let stage: Stage;
  let backend: Backend;
  let empty: Backend;
  let screens: Readonly<Record<string, string>>;
  let worstAlert: number;

  beforeAll(async () => {
    process.env.TZ = example.zone;
    stage = await Stage.open();
    [backend, empty] = [new Backend(), new Backend()];
    backend.doctor = faults;
    backend.leaving = leavingLines;
    await Promise.all([backend.start(), empty.start()]);
    const { alerts, user } = await learned(backend, example);
    const worst = alerts.find(({ band }) => band === 'critical') ?? alerts[0]!;
    await backend.side.engine.mark({ alert: worst.id, kinds: ['hour'], verdict: 'normal', days: 7 });
    screens = screensOf(worst.id, user);
    worstAlert = worst.id;
  });
  afterAll(async () => {
    await stage.close();
    await Promise.all([backend.stop(), empty.stop()]);
  });

  async function visit(where: Backend, journey: Journey): Promise<void> {
    const page = await stage.page(where, '', { timezoneId: example.zone });
    await journey.run(deskOf(page, example, where));
    await page.context().close();
  }

  it.each(fullAccess)('$name', async (journey) => {
    await visit(backend, journey);
  });

  it.each(emptyAccess)('$name', async (journey) => {
    await visit(empty, journey);
  });

  it.each([
    ['360 px', { viewport: { width: 360, height: 700 } }],
    ['zoomed to 200 %', { viewport: { width: 550, height: 380 }, deviceScaleFactor: 2 }],
    ['4K', { viewport: { width: 3840, height: 2160 } }],
    ['360 px in German', { viewport: { width: 360, height: 700 }, locale: 'de-DE' }],
  ])(
    'no screen is wider than the window at %s, no text smaller than 12 px, no heading a letter wide',
    async (_name, options) => {
      const page = await stage.page(backend, '', { ...options, timezoneId: example.zone });
      const found: Record<string, unknown> = {};
      for (const [screen, address] of Object.entries(screens)) {
        await shown(page, address);
        const { wider, small, narrow } = await page.evaluate(() => ({
          wider: Math.max(
            document.documentElement.scrollWidth - innerWidth,
            ...[...document.querySelectorAll('nav a')].map((link) => link.getBoundingClientRect().right - innerWidth),
          ),
          small: [...document.querySelectorAll<HTMLElement>('body *')]
            .filter(
              (one) =>
                one.checkVisibility() &&
                [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== ''),
            )
            .filter((one) => !(one instanceof SVGElement) && parseFloat(getComputedStyle(one).fontSize) < 12)
            .map((one) => one.outerHTML.slice(0, 100)),
          narrow: [...document.querySelectorAll('th')].flatMap((one) => {
            const words = one.textContent.trim();
            const text = document.createRange();
            text.selectNodeContents(one);
            // One that is there for readers of the screen alone is a dot.
            const isSeen = (one.closest('thead') ?? one).getBoundingClientRect().height > 2;
            return isSeen && text.getClientRects().length > words.split(/[\s-]+/).length + 2 ? words : [];
          }),
        }));
        if (wider > 0 || small.length > 0 || narrow.length > 0) found[screen] = { wider, small, narrow };
      }
      await page.context().close();
      expect(found).toEqual({});
    },
  );

  it.each(['en', 'de'])(
    'on a small screen an alert asks, and says what to do first, without scrolling: %s',
    async (locale) => {
      const page = await stage.page(backend, '', { viewport: { width: 360, height: 780 }, locale });
      await shown(page, `#/alerts/${worstAlert}`);
      const bottoms = await page
        .locator('main .head')
        .locator('[role="group"] button, .first')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().bottom));
      expect(bottoms).toHaveLength(3);
      for (const bottom of bottoms) {
        expect(bottom).toBeGreaterThan(0);
        expect(bottom).toBeLessThanOrEqual(780);
      }
      await page.context().close();
    },
  );

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

  // What only a host that is played can be made to say.
  describe('and is told', () => {
    let desk: Desk;

    beforeAll(async () => {
      desk = deskOf(await stage.page(backend, '', { timezoneId: example.zone }), example, backend);
    });

    it('what was held back', async () => {
      backend.holdBack([worstAlert]);
      await go(desk, '#/alerts');
      await desk.page.getByRole('heading', { name: 'Held back by quiet hours or a pause' }).waitFor();
      backend.holdBack([]);
    });

    it('the cause of a step of the setup that fails, and a command', async () => {
      const { page } = desk;
      backend.doctor = undefined;
      await go(desk, '#/setup');
      // What cannot be asked is said, with a way to ask again.
      await page.getByText('This could not be loaded.').waitFor();
      backend.doctor = faults;
      await button(desk, 'Try again').click();
      await page.getByText('1 step needs you.').waitFor();
      const step = page.locator('article.fail');
      await step.getByText('EACCES').waitFor();
      await step.getByRole('button', { name: /^Copy/ }).click();
      await step.getByText('Copied').first().waitFor();
      backend.doctor = { at: faults.at, steps: faults.steps.map((one) => ({ ...one, state: 'pass' })) };
      await step.getByRole('button', { name: /^Test again/ }).click();
      await page.getByText('Everything that is needed works.').waitFor();
    });

    it('what a setup of osquery would change, and then asked for a password', async () => {
      const { page } = desk;
      backend.doctor = faults;
      await go(desk, '#/setup');
      await button(desk, 'Show what would change…').click();
      await page.getByText('Run “sudo ubad setup” in a terminal').waitFor();
      const digest = '0'.repeat(64);
      backend.plan = {
        digest,
        steps: ['/etc/osquery/osquery.conf\n-{}\n+{"packs": {}}\n'],
        advice: ['Start osqueryd.'],
      };
      await button(desk, 'Show what would change…').click();
      await page.getByRole('dialog').getByText('+{"packs": {}}').waitFor();
      await button(desk, 'Leave it as it is').click();
      expect(backend.carriedOut).toEqual([]);
      backend.isLet = false;
      await button(desk, 'Show what would change…').click();
      await button(desk, 'Change it…').click();
      await page.getByText('Nothing was changed').waitFor();
      backend.isLet = true;
      await button(desk, 'Show what would change…').click();
      await button(desk, 'Change it…').click();
      await page.getByText('Done. osquery answers').waitFor();
      expect(backend.carriedOut).toEqual([digest, digest]);
    });

    it('what leaves this machine, by whom, and each block as it was sent', async () => {
      const { page } = desk;
      await go(desk, '#/settings');
      const card = page.getByRole('region', { name: 'What leaves this computer' });
      await card.getByText('go to the fleet “main”').waitFor();
      await card.getByText('/etc/ubad/fleet.json').waitFor();
      expect(await page.getByText('Everything stays on this computer').count()).toBe(0);
      const [newest] =
        leavingLines.state === 'fleet' && leavingLines.blocks !== 'unreadable' ? leavingLines.blocks : [];
      await card.locator('summary').first().click();
      await expect.poll(() => card.locator('li li').allInnerTexts()).toEqual(newest!.body.split('\n'));
      expect(await card.locator('summary').count()).toBe(12);
    });

    it('that alerts alone leave this machine, and each as it was sent', async () => {
      const { page } = desk;
      await go(desk, '#/overview');
      backend.leaving = leavingAlerts;
      await go(desk, '#/settings');
      const card = page.getByRole('region', { name: 'What leaves this computer' });
      await card.getByText('Alerts go to the fleet “main”').waitFor();
      await card.getByText('2 messages about alerts').waitFor();
      expect(await card.getByText('stayed here').count()).toBe(0);
      const [newest] =
        leavingAlerts.state === 'fleet' && leavingAlerts.blocks !== 'unreadable' ? leavingAlerts.blocks : [];
      await card.locator('summary').first().click();
      await expect.poll(() => card.locator('li li').allInnerTexts()).toEqual([newest!.body]);
      backend.leaving = leavingLines;
    });

    it('what to do where no test of the notifications was seen', async () => {
      const { page } = desk;
      await go(desk, '#/settings');
      await button(desk, 'Show a notification').click();
      expect(backend.tested).toEqual(['notification']);
      await page.getByRole('button', { name: 'No', exact: true }).click();
      await page.getByText(/Do not disturb/).waitFor();
    });
  });

  it('never broke its policy and never threw', () => {
    expect(stage.complaints).toEqual([]);
  });
});
