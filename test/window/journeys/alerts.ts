import { expect } from 'vitest';

import { ruleText } from '../../../src-main/contract/story/rules.ts';
import { textOf } from '../../../src-main/contract/story/tell.ts';
import { asking, go, titled, worstAlert, type Journey } from './desk.ts';

/** With an alert: found, explained, answered. */
export const alertJourneys: readonly Journey[] = [
  {
    name: 'narrows the inbox, and the filter is in the address',
    async run(desk) {
      const { page } = desk;
      await go(desk, '#/alerts');
      await page.getByLabel('User').selectOption('bob');
      expect(new URL(page.url()).hash).toBe('#/alerts?user=bob');
      await page.getByLabel('User').selectOption('');
      await page.getByLabel('Band').selectOption('critical');
      expect(new URL(page.url()).hash).toBe('#/alerts?band=critical');
      await page.locator('main li a', { hasText: 'Critical' }).first().waitFor();
      const bands = await page.locator('main li a').allInnerTexts();
      expect(bands.every((text) => text.includes('Critical'))).toBe(true);
    },
  },
  {
    name: 'reads an explanation that is the models’ own and adds up to all',
    async run(desk) {
      const { page } = desk;
      const { id } = await worstAlert(desk);
      await go(desk, `#/alerts/${id}`);
      await titled(desk, `Alert ${id}`);
      const detail = await asking(desk).engine.alert(id);
      await page.locator('.sentence', { hasText: textOf(detail.story.headline, 'en') }).waitFor();
      const rows = page.getByRole('list', { name: 'The acts, one by one' }).locator('li');
      expect(await rows.count()).toBe(detail.story.rows.length);
      const said = await rows.allInnerTexts();
      expect(new Set(said).size).toBe(said.length);
      await page.getByText('How sure are we?').click();
      const shares = await page.getByRole('list', { name: 'What made it strange' }).locator('.number').allInnerTexts();
      const sum = shares.reduce((total, text) => total + Number(text.replace('%', '')), 0);
      expect(sum).toBeGreaterThan(99);
      expect(sum).toBeLessThan(101);
      expect(await page.locator('section[aria-labelledby="votes"] li').count()).toBe(detail.votes.length);
      await page.getByRole('heading', { name: 'What spoke for the user' }).waitFor();
      expect(detail.surprises.length).toBeGreaterThan(0);
      const first = detail.surprises[0]!;
      await page
        .locator('section[aria-labelledby="expected"]')
        .getByText(first.text.replace(/…$/, ''))
        .first()
        .waitFor();
      const context = page.locator('section[aria-labelledby="context"] table').first();
      expect(await context.locator('tbody tr:not(.between)').count()).toBe(
        detail.before.length + 1 + detail.after.length,
      );
      // The day stands above the first.
      await context.locator('tbody tr.between').first().waitFor();
      await page.getByText('Show as JSON').click();
      await page.getByText(`"id": ${id},`).first().waitFor();
    },
  },
  {
    name: 'reads one number of alerts to answer everywhere, also when all of them were looked at',
    async run(desk) {
      const { page } = desk;
      const { engine } = asking(desk);
      for (const { id, verdict } of await engine.alerts({ limit: 50 }))
        if (verdict === null) await engine.acknowledge(id);
      await go(desk, '#/');
      const open = (await engine.alerts({ limit: 50 })).filter(({ verdict }) => verdict === null).length;
      await page.getByRole('heading', { name: new RegExp(`^${open} alerts? without an answer$`) }).waitFor();
      expect(await engine.status(undefined)).toMatchObject({ waitingAlerts: open, newAlerts: 0 });
      await page
        .getByRole('navigation')
        .getByLabel(new RegExp(`^${open} alerts? to answer$`))
        .waitFor();
      const cards = await page.locator('article .alerts').allInnerTexts();
      expect(cards.reduce((sum, text) => sum + Number.parseInt(text, 10), 0)).toBe(open);
      await go(desk, '#/alerts');
      await page.getByRole('heading', { name: `To answer ${open}` }).waitFor();
    },
  },
  {
    name: 'reads the same in German, with the log’s own values as they are',
    async run(desk) {
      const { page } = desk;
      const { id, headline } = await worstAlert(desk);
      const inGerman = textOf(headline!, 'de');
      expect(inGerman).not.toBe(textOf(headline!, 'en'));
      await go(desk, '#/settings');
      await page.getByLabel('Language').selectOption('de');
      await go(desk, '#/alerts');
      await page.locator(`a[href="#/alerts/${id}"]`, { hasText: inGerman }).waitFor();
      await go(desk, `#/alerts/${id}`);
      await titled(desk, `Alarm ${id}`);
      await page.locator('.sentence', { hasText: inGerman }).waitFor();
      // The raw data below stay as they are.
      const read = await page.locator('main section:not(:has(pre))').allInnerTexts();
      expect(read.join('\n')).not.toMatch(/Program start|Connection out|Open port|Shell command|something rare/);
      const [offer] = (await asking(desk).engine.alert(id)).offers[0]!.offers;
      await desk.press('n');
      await page
        .getByRole('dialog')
        .getByText(ruleText(offer!.holds, 'alice', 'de'))
        .waitFor();
      await page.getByRole('dialog').getByText('sehr weit').first().waitFor();
      await desk.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await go(desk, '#/timeline/alice');
      await titled(desk, 'Zeitachse von alice');
      await page
        .locator('td', { hasText: /^Programmstart/ })
        .first()
        .waitFor();
      await go(desk, '#/settings');
      await page.getByLabel('Sprache').selectOption('en');
      await titled(desk, 'Settings');
    },
  },
  {
    name: 'goes from a marker of the timeline to its alert, and back to the same stretch',
    async run(desk) {
      const { page } = desk;
      const { id, firstTime, lastTime } = await worstAlert(desk);
      await go(desk, `#/timeline/alice?from=${firstTime - 7200}&to=${lastTime + 7200}`);
      await page.locator(`a.marker[href="#/alerts/${id}"]`).click();
      await titled(desk, `Alert ${id}`);
      await page.goBack();
      await titled(desk, 'Timeline of alice');
      expect(new URL(page.url()).hash).toContain(`from=${firstTime - 7200}`);
    },
  },
];
