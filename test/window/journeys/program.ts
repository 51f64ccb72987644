import { expect } from 'vitest';

import { textOf } from '../../../src-main/contract/story/tell.ts';
import { until } from '../stage/learned.ts';
import { asking, button, go, titled, type Journey } from './desk.ts';

/** What a person does to the program itself. */
export const programJourneys: readonly Journey[] = [
  {
    name: 'pauses notifications and resumes them',
    async run(desk) {
      const { page } = desk;
      const { host } = asking(desk);
      await button(desk, 'Pause').first().click();
      await button(desk, 'For an hour').click();
      await page.getByText(/^Notifications are paused until/).waitFor();
      expect((await host.desktop(undefined)).pausedUntil).toBeGreaterThan(Date.now() + 3_000_000);
      await button(desk, /^Resume/)
        .first()
        .click();
      await page.getByText(/^Notifications are paused until/).waitFor({ state: 'detached' });
      expect((await host.desktop(undefined)).pausedUntil).toBeNull();
    },
  },
  {
    name: 'trains a model again, sees how far it is, and goes back to the one before',
    async run(desk) {
      const { page } = desk;
      const { engine } = asking(desk);
      const ofBob = async () => (await engine.models(undefined)).find(({ user }) => user === 'bob')!;
      await go(desk, '#/models/bob');
      await titled(desk, 'Models');
      const before = await ofBob();
      await button(desk, 'Train now').click();
      await page.getByText(/^Training, \d+%\.$/).waitFor();
      await until('a new version', async () => {
        const bob = await ofBob();
        return bob.versions.length > before.versions.length && bob.state.state === 'ready' ? true : undefined;
      });
      const [fresh] = (await ofBob()).versions;
      await page.getByText('The same training, learned on.').or(page.getByText('Trained again.')).first().waitFor();
      expect(fresh!.heldOutCurves.lstm?.length).toBe(fresh!.curves.lstm?.length);
      await page.getByRole('img', { name: /^All evidence: half of the stretches/ }).waitFor();
      const week = page.getByRole('img', { name: /^All evidence, hour by hour/ });
      await week
        .or(page.getByText(/^Nothing was judged in this week/))
        .first()
        .waitFor();
      const old = before.versions[0]!.version;
      await button(desk, `Go back to it: ${old}`).click({ timeout: 30_000 });
      await page.getByRole('dialog').getByRole('button', { name: 'Go back to it' }).click();
      await page.getByText(`Version ${old} is in use.`).waitFor();
      expect((await ofBob()).versions.find(({ active }) => active)?.version).toBe(old);
    },
  },
  {
    name: 'changes settings, each saved at once, and sees beside the field what cannot be',
    async run(desk) {
      const { page } = desk;
      await go(desk, '#/settings');
      await page.getByLabel('How many alerts are fine').selectOption('3');
      await page.getByText('Saved').first().waitFor();
      expect((await asking(desk).host.settings(undefined)).alertsPerWeek).toBe(3);
      const log = page.getByLabel('osquery’s results log');
      await log.fill('results.log');
      await log.press('Tab');
      await page.getByText('give the whole path').waitFor();
      expect(await log.getAttribute('aria-invalid')).toBe('true');
      await page.getByRole('heading', { name: /^Advanced/ }).click();
      const cells = page.getByLabel('LSTM: cells');
      await cells.fill('12');
      await cells.press('Tab');
      await expect.poll(() => cells.getAttribute('aria-invalid')).toBe('true');
      await cells.fill('32');
      await cells.press('Tab');
      await expect.poll(async () => (await asking(desk).host.settings(undefined)).lstmUnits).toBe(32);
      await cells.fill('64');
      await cells.press('Tab');
      await expect.poll(async () => (await asking(desk).host.settings(undefined)).lstmUnits).toBe(64);
      await page.getByLabel('Colours').selectOption('dark');
      await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
      await page.getByLabel('Language').selectOption('de');
      await titled(desk, 'Einstellungen');
      await page.getByLabel('Sprache').selectOption('en');
      await titled(desk, 'Settings');
    },
  },
  {
    name: 'shows what a log says as text, whatever it says',
    async run(desk) {
      const { page, example } = desk;
      const { engine } = asking(desk);
      const [line] = example.today.filter((one) => one.includes('process_start') && one.includes('"uid":"1000"'));
      const hostile = JSON.parse(line!) as { unixTime: number; columns: Record<string, string> };
      hostile.unixTime = Math.floor(Date.now() / 1000);
      const path = '/tmp/<img src=x onerror=alert(1)>\u202Egnp.exe\u001b[31m';
      hostile.columns = { ...hostile.columns, path, name: 'x', start_time: String(hostile.unixTime) };
      desk.write([JSON.stringify(hostile)]);
      const found = await until('the line', async () => {
        const [row] = await engine.timeline({ user: 'alice', limit: 1 });
        return row?.text.includes('<img') ? row : undefined;
      });
      await go(desk, '#/');
      await go(desk, `#/timeline/alice?from=${found.time - 60}&to=${found.time + 60}`);
      const cell = page.locator('td', { hasText: '<img src=x' }).first();
      await cell.waitFor();
      expect(await page.locator('main img').count()).toBe(0);
      expect(await cell.innerText()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    },
  },
  {
    name: 'hides what is like an alert by a rule, sees what it hid, and is told again when the rule is gone',
    async run(desk) {
      const { page, example } = desk;
      const { engine } = asking(desk);
      const [line] = example.today.filter((one) => one.includes('net_out') && one.includes('"uid":"1001"'));
      const address = '203.0.113.77';
      /** Bob's connection to that machine, from a program that was never there. */
      const connect = (name: string): void => {
        const row = JSON.parse(line!) as { unixTime: number; columns: Record<string, string> };
        row.unixTime = Math.floor(Date.now() / 1000);
        row.columns = {
          ...row.columns,
          name,
          path: `/tmp/.cache/${name}`,
          remote_address: address,
          remote_port: '4444',
        };
        desk.write([JSON.stringify(row)]);
      };
      const newestOfBob = async (): Promise<number> => (await engine.alerts({ user: 'bob', limit: 1 }))[0]?.id ?? 0;
      const lastOfBob = async (): Promise<string | undefined> =>
        (await engine.timeline({ user: 'bob', limit: 1 }))[0]?.columns.name;
      let made = 0;
      /** Another such connection every two seconds, until there is an alert: one alone may be just below the line. */
      const alertOf = async (name: string): Promise<number> => {
        const before = await newestOfBob();
        let last = 0;
        return until(`an alert of ${name}`, async () => {
          if (Date.now() - last > 2000) {
            connect(`${name}${'abcdefghijklmnopqrstuvwxyz'[made++ % 26]!}`);
            last = Date.now();
          }
          const newest = await newestOfBob();
          return newest > before ? newest : undefined;
        });
      };
      const alert = await alertOf('first');
      await go(desk, `#/alerts/${alert}`);
      await button(desk, /^This was (?!not)/)
        .first()
        .click();
      const dialog = page.getByRole('dialog');
      await dialog.locator('input[value="address"]').first().check();
      const { action } = (await engine.alert(alert)).offers.find(({ offers }) =>
        offers.some(({ kinds }) => kinds.join() === 'address'),
      )!;
      const preview = await engine.preview({ alert, action, kinds: ['address'] });
      expect(preview.own.hidden).toBe(true);
      await dialog.getByText(textOf(preview.own.why, 'en')).waitFor();
      await dialog.getByRole('button', { name: /^This was (?!not)/ }).click();
      await page.getByText('Marked as normal.').waitFor();
      const told = await newestOfBob();
      let last = 'second';
      connect(last);
      const hid = await until('what the rule hid', async () => {
        // Asked in this order: what it hid by then is all that it hides here.
        if ((await lastOfBob()) !== last) return undefined;
        const [rule] = await engine.rules(undefined);
        if (rule && rule.hid.actions > 0) return rule.hid.actions;
        // It was not strange enough to be hidden.
        connect((last = `further${'abcdefghijklmnopqrstuvwxyz'[made++ % 26]!}`));
        return undefined;
      });
      expect(await newestOfBob()).toBe(told);
      await go(desk, '#/settings');
      const row = page.getByRole('row', { name: new RegExp(address.replaceAll('.', String.raw`\.`)) });
      await row.getByText(new RegExp(`^${hid} actions?`)).waitFor();
      await row.getByRole('link', { name: /ago|just now/ }).click();
      await titled(desk, 'Timeline of bob');
      await page.locator('td', { hasText: last }).first().waitFor();
      await go(desk, '#/settings');
      await button(desk, /^Remove: bob/).click();
      await page.getByText('There are no rules.').waitFor();
      expect(await alertOf('fifth')).toBeGreaterThan(alert);
    },
  },
  {
    name: 'is told when the engine dies, and that it is back',
    async run(desk) {
      const { page } = desk;
      await go(desk, '#/');
      const told = page.getByText('The engine stopped.').waitFor();
      await desk.killEngine();
      await told;
      await page.getByText('The engine stopped.').waitFor({ state: 'detached', timeout: 30_000 });
      await until('an answer', () =>
        asking(desk)
          .engine.status(undefined)
          .then(
            () => true,
            () => undefined,
          ),
      );
    },
  },
  {
    name: 'forgets the last hour, and a user, only after a second step',
    async run(desk) {
      const { page } = desk;
      await go(desk, '#/settings');
      await button(desk, 'Forget the last hour…').click();
      const dialog = page.getByRole('dialog');
      const sure = dialog.getByRole('button', { name: 'Forget' });
      expect(await sure.isDisabled()).toBe(true);
      await dialog.getByRole('textbox').fill('forget');
      await sure.click();
      await page.getByText(/^Forgotten: [\d,]+ actions?/).waitFor({ timeout: 30_000 });
      await page
        .locator('section[aria-labelledby="privacy"]')
        .getByRole('combobox', { name: 'User' })
        .selectOption('bob');
      await button(desk, 'Forget the user…').click();
      await dialog.getByRole('textbox').fill('bob');
      await dialog.getByRole('button', { name: 'Forget' }).click();
      await until('that bob is gone', async () => {
        const { users } = await asking(desk).engine.status(undefined);
        return users.some(({ name }) => name === 'bob') ? undefined : true;
      });
    },
  },
  {
    name: 'finds a way on from an address that there is not',
    async run(desk) {
      const { page } = desk;
      await go(desk, '#/nowhere/at/all');
      await titled(desk, 'No such page');
      await page.getByRole('main').getByRole('link', { name: 'Overview' }).click();
      await titled(desk, 'Overview');
      await go(desk, '#/alerts/99999');
      await page.getByText('There is no alert 99999.').waitFor();
    },
  },
];
