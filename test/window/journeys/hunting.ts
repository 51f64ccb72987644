import { expect } from 'vitest';

import { leadsOf } from '../../../src-main/contract/story/leads.ts';
import { addressOf } from '../../../src-renderer/lib/address.ts';
import { asking, go, titled, worstAlert, type Journey } from './desk.ts';

/** With an alert: from its values to everything with them. */
export const huntingJourneys: readonly Journey[] = [
  {
    name: 'goes from a value of an alert to everything with it, to an action and its other values',
    async run(desk) {
      const { page } = desk;
      const { engine } = asking(desk);
      const { id } = await worstAlert(desk);
      const { story } = await engine.alert(id);
      const leads = leadsOf(story).filter(({ as }) => as === 'value');
      expect(leads.length).toBeGreaterThan(0);
      await go(desk, `#/alerts/${id}`);
      const { as, value } = leads[0]!;
      const entity = await engine.entity({ as, value });
      await page
        .locator(`main a[href="${addressOf({ screen: 'with', as, value })}"]`)
        .first()
        .click();
      await titled(desk, `Everything with ${value}`);
      const who = page.getByRole('region', { name: 'Who and where' });
      await who.getByText(new RegExp(`^${entity.count} actions?;`)).waitFor();
      expect(await who.locator('tbody tr').count()).toBe(entity.who.length);
      await page.locator(`main a[href="#/alerts/${id}"]`).first().waitFor();
      const newest = (await engine.actionsWith({ as, value, limit: 1 })).rows[0]!;
      await page.locator(`main a[href="#/action/${newest.id}"]`).first().click();
      await titled(desk, `Action ${newest.id}`);
      const cells = page.getByRole('region', { name: 'What the log says' }).locator('tbody tr');
      await cells.first().waitFor();
      expect(await cells.count()).toBe(Object.keys(newest.columns).length);
      await page.locator(`main a[href="${addressOf({ screen: 'with', as: 'user', value: newest.user })}"]`).click();
      await titled(desk, `Everything of ${newest.user}`);
      await page.goBack();
      await page.goBack();
      await titled(desk, `Everything with ${value}`);
      await go(desk, addressOf({ screen: 'with', as: 'value', value: 'nothing/such?#' }));
      await page.getByText('Nothing is stored that has this').waitFor();
    },
  },
  {
    name: 'sees of an alert what started what, what its session did, and what else there was, the strangest first',
    async run(desk) {
      const { page } = desk;
      const { engine } = asking(desk);
      const { id } = await worstAlert(desk);
      const { tree, session, around } = await engine.further(id);
      await go(desk, `#/alerts/${id}`);
      const further = page.getByRole('region', { name: 'Ask further' });
      await further.waitFor();
      if (tree.length > 0) expect(await further.getByRole('list').first().locator('li').count()).toBe(tree.length);
      else await further.getByText('The log has no process numbers').waitFor();
      if (session) await further.getByText(/^What the same session did/).waitFor();
      else await further.getByText('The log does not tell in which session').waitFor();
      await further.getByText(new RegExp(`^Around this moment: ${around.count} action`)).click();
      const rows = further.getByRole('group', { name: /^Around this moment/ }).locator('tbody tr');
      expect(await rows.count()).toBe(around.rows.length);
      const scores = around.rows.map(({ score }) => score ?? -Infinity);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(around.rows.some(({ own }) => own)).toBe(true);
    },
  },
  {
    name: 'narrows the timeline to a kind, has the strangest first, and opens what lies under the pointer',
    async run(desk) {
      const { page } = desk;
      const { engine } = asking(desk);
      const { id, user, firstTime, lastTime } = await worstAlert(desk);
      const stretch = { from: Math.floor(firstTime) - 600, to: Math.ceil(lastTime) + 600 };
      await go(desk, addressOf({ screen: 'timeline', user, ...stretch }));
      await titled(desk, `Timeline of ${user}`);
      const list = page.locator('section[aria-labelledby="actions"]');
      await list.locator('tr.it').first().waitFor();
      await list.locator(`a[href="#/alerts/${id}"]`).first().waitFor();
      await list.getByLabel('Order').selectOption('strangest');
      await list.getByRole('heading', { name: /strangest actions? shown$/ }).waitFor();
      const scores = async (): Promise<readonly number[]> =>
        (await list.locator('tbody tr td:nth-child(3)').allInnerTexts())
          .filter((text) => text !== '–')
          .map((text) => Number(text.replace('−', '-')));
      // The rows come a moment after the heading.
      await expect
        .poll(async () => {
          const now = await scores();
          return now.length > 1 && now.every((score, at) => at === 0 || score <= now[at - 1]!);
        })
        .toBe(true);
      const { lanes, start, bucketSeconds } = await engine.series({ user, ...stretch, buckets: 600 });
      const lane = lanes[0]!;
      await list.getByLabel('Kind').selectOption(lane.kind);
      await expect.poll(() => list.locator('tbody tr').count()).toBe(Math.min(100, lane.total));
      const mark = lane.marks[0]!;
      const canvas = page.locator('canvas');
      const { width } = (await canvas.boundingBox())!;
      const labels = width < 560 ? 0 : 150;
      const at = start + (mark.bucket + 0.5) * bucketSeconds;
      const position = {
        x: labels + ((at - stretch.from) / (stretch.to - stretch.from)) * (width - labels),
        y: 24 + 64 + 10,
      };
      await canvas.hover({ position });
      await page.getByText(/click shows them$/).waitFor();
      await canvas.click({ position });
      if (mark.count > 1) {
        await list.getByRole('button', { name: 'Show all again' }).waitFor();
        await expect.poll(() => list.locator('tbody tr').count()).toBe(mark.count);
      } else await titled(desk, /^Action \d+$/);
    },
  },
];
