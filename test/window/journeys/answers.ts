import { expect } from 'vitest';

import { ruleText } from '../../../src-main/contract/story/rules.ts';
import { textOf } from '../../../src-main/contract/story/tell.ts';
import { asking, button, go, titled, worstAlert, type Journey } from './desk.ts';

/** With an alert: answered, handed on, and put away. */
export const answerJourneys: readonly Journey[] = [
  {
    name: 'says “this was me” with a rule that says what it hides, and takes it back',
    async run(desk) {
      const { page } = desk;
      const { engine } = asking(desk);
      const { id, user } = await worstAlert(desk);
      await go(desk, `#/alerts/${id}`);
      await button(desk, /^This was (?!not)/)
        .first()
        .click();
      const dialog = page.getByRole('dialog');
      const { action, offers } = (await engine.alert(id)).offers[0]!;
      expect(offers.length).toBeGreaterThan(2);
      for (const { kinds, width, holds } of offers) {
        const label = dialog.locator('label', { has: page.locator(`input[value="${kinds.join(',')}"]`) });
        await label.getByText(ruleText(holds, user, 'en').slice(0, 100)).waitFor();
        await label.getByText(width.replace('-', ' '), { exact: true }).waitFor();
      }
      const { kinds } = offers[0]!;
      await dialog.locator(`input[value="${kinds.join(',')}"]`).check();
      const preview = await engine.preview({ alert: id, action, kinds: [...kinds] });
      await dialog.getByText(textOf(preview.own.why, 'en')).waitFor();
      await dialog.getByText(textOf(preview.fits, 'en')).waitFor();
      await dialog.getByLabel('For how long').selectOption('7');
      await dialog.getByRole('button', { name: /^This was (?!not)/ }).click();
      await page.getByText('Marked as normal.').waitFor();
      const { feedback: said } = await engine.alert(id);
      expect(said).toMatchObject([{ verdict: 'normal', scope: preview.scope }]);
      expect(said[0]!.expires! - Date.now() / 1000).toBeGreaterThan(6.9 * 86_400);
      await go(desk, '#/settings');
      await page.getByRole('table').getByText(preview.scope).waitFor();
      await button(desk, /^Remove: alice/).click();
      await page.getByText('There are no rules.').waitFor();
      expect((await engine.alert(id)).feedback).toEqual([]);
    },
  },
  {
    name: 'says “this was not me”, goes through steps made from the alert, and finds them ticked again',
    async run(desk) {
      const { page } = desk;
      const { engine } = asking(desk);
      const { id } = await worstAlert(desk);
      await go(desk, `#/alerts/${id}`);
      await button(desk, /^This was not /).waitFor();
      await desk.press('x');
      await page.getByText(/^Marked: this was not /).waitFor();
      await page.locator('h2:focus', { hasText: 'If this was not ' }).waitFor();
      const { steps, verdict } = await engine.alert(id);
      expect(verdict).toBe('suspicious');
      const shown = page.locator('section[aria-labelledby="steps"] li');
      expect(await shown.count()).toBe(steps.length);
      const password = steps.findIndex(({ kind }) => kind === 'password');
      await shown.nth(password).getByText('passwd').waitFor();
      await shown.nth(password).getByRole('checkbox').check();
      await page.getByText(`1 of ${steps.length} done`).waitFor();
      await go(desk, '#/alerts');
      await page.getByRole('heading', { name: /^Answered/ }).waitFor();
      await go(desk, `#/alerts/${id}`);
      await page.getByText(`1 of ${steps.length} done`).waitFor();
      expect(await shown.nth(password).getByRole('checkbox').isChecked()).toBe(true);
      await shown.nth(password).getByRole('checkbox').uncheck();
      await page.getByText(/of \d+ done/).waitFor({ state: 'detached' });
      await page.getByRole('region', { name: 'What you said' }).getByRole('button', { name: 'Undo' }).click();
      await page.getByText('Undone.').waitFor();
      expect((await engine.alert(id)).verdict).toBeNull();
    },
  },
  {
    name: 'saves a report, which holds what happened, the steps and the rows',
    async run(desk) {
      const { page } = desk;
      const { engine } = asking(desk);
      const { id, headline } = await worstAlert(desk);
      await go(desk, `#/alerts/${id}`);
      await button(desk, /^Save a report/)
        .first()
        .click();
      await page.getByText(`Saved as ubad-alert-${id}.html`).waitFor();
      const { text, name } = await engine.report({ alert: id, format: 'md', language: 'de' });
      expect(name).toBe(`ubad-alert-${id}.md`);
      expect(text).toContain('## Was zu tun ist');
      const told = JSON.parse((await engine.report({ alert: id, format: 'json', language: 'en' })).text) as {
        readonly headline: string;
        readonly raw: readonly unknown[];
      };
      expect(told.headline).toBe(textOf(headline!, 'en'));
      expect(told.raw.length).toBeGreaterThan(0);
    },
  },
  {
    name: 'empties the inbox: selects all, answers them together, and takes it back',
    async run(desk) {
      const { page } = desk;
      const { engine } = asking(desk);
      const waiting = (await engine.alerts({ answered: false, limit: 200 })).length;
      await go(desk, '#/alerts');
      await page.getByRole('heading', { name: `To answer ${waiting}` }).waitFor();
      await page.getByLabel('Select all').check();
      await page.getByText(`${waiting} selected`).waitFor();
      await button(desk, /^These are normal/).click();
      await page.getByText('Nothing to answer').waitFor();
      await page
        .getByRole('navigation')
        .getByLabel(/to answer$/)
        .waitFor({ state: 'detached' });
      expect((await engine.status(undefined)).waitingAlerts).toBe(0);
      await desk.press('u');
      await page.getByRole('heading', { name: `To answer ${waiting}` }).waitFor();
      expect((await engine.status(undefined)).waitingAlerts).toBe(waiting);
    },
  },
  {
    name: 'goes from one alert to the next without the list, and from a notification to the question',
    async run(desk) {
      const { page } = desk;
      const waiting = await asking(desk).engine.alerts({ answered: false, limit: 200 });
      const [first, second] = waiting;
      await go(desk, `#/alerts/${first!.id}`);
      await button(desk, /^This was not /).waitFor();
      if (second) {
        await page.getByText(`${waiting.length - 1} more to answer`).waitFor();
        await desk.press('j');
        await titled(desk, `Alert ${second.id}`);
      } else await page.getByText('All others are answered.').waitFor();
      await go(desk, `#/alerts/${first!.id}/normal`);
      await page.getByRole('dialog').waitFor();
      await desk.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    },
  },
];
