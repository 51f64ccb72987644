import { existsSync } from 'node:fs';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Backend } from './stage/backend.ts';
import { CHROMIUM, go, Stage } from './stage/browser.ts';
import { exampleAt } from './stage/example.ts';
import { faults } from './stage/faults.ts';
import { trained, until } from './stage/learned.ts';

// One life of the program, from the first start on: each journey begins where the one before it ended.
describe.skipIf(!existsSync(CHROMIUM))('a person at the window', () => {
  const example = exampleAt(Date.now() / 1000);
  let stage: Stage;
  let backend: Backend;
  let page: Page;
  let alert: number;

  const title = async (text: string | RegExp): Promise<void> => {
    await page.locator('h1', { hasText: text }).waitFor();
  };
  const button = (name: string | RegExp): ReturnType<Page['getByRole']> => page.getByRole('button', { name });

  beforeAll(async () => {
    process.env.TZ = example.zone;
    stage = await Stage.open();
    backend = new Backend();
    await backend.start();
    page = await stage.page(backend, '', { timezoneId: example.zone });
  });
  afterAll(async () => {
    await stage.close();
    await backend.stop();
  });

  it('sees at the first start that nothing was read yet, and how it begins', async () => {
    await page.getByText('Nothing has been read yet').waitFor();
    await page.getByRole('link', { name: 'How it begins' }).click();
    await title('How it begins');
    await page.getByText('Nobody has been seen yet').waitFor();
  });

  it('sees it learn in silence, why no alert can come yet, and then what it learned', async () => {
    backend.write(example.past.slice(0, 2000));
    await page.getByRole('heading', { name: 'Learning silently' }).waitFor();
    const meter = page.getByRole('meter', { name: /alice/ });
    await expect.poll(async () => Number(await meter.getAttribute('aria-valuenow'))).toBeGreaterThan(5);
    await go(page, '#/models');
    await page
      .getByText(/^Waiting: [\d,]+ of 3,000 actions\.$/)
      .first()
      .waitFor();
    backend.write(example.past.slice(2000));
    // Told while it goes on, not only when it is done.
    await page
      .getByText(/^Training, \d+%\.$/)
      .first()
      .waitFor({ timeout: 120_000 });
    await trained(backend);
    await go(page, '#/learned/alice');
    await title('What I learned about alice');
    await page.getByText(/The model was trained on 3,000 actions/).waitFor();
    await page.getByText(/of them between \d\d:00 and \d\d:00/).waitFor();
  });

  it('is told of a new alert in words while the window is open, and finds it in the inbox', async () => {
    await go(page, '#/alerts');
    backend.write(example.today);
    const live = page.locator('[aria-live="polite"].unseen');
    await expect.poll(() => live.innerText(), { timeout: 90_000 }).toMatch(/^New alert, \w+: alice, /);
    const row = page.locator('a[href^="#/alerts/"]', { hasText: 'Critical' }).first();
    await row.waitFor({ timeout: 120_000 });
    alert = Number((await row.getAttribute('href'))!.split('/').pop());
    // The reason on the row is the engine's own, not all of its sentence.
    await expect.poll(() => row.innerText()).toMatch(/Critical[\s\S]*alice/);
    await until('all lines', async () => {
      const { users } = await backend.side.engine.status(undefined);
      const all = users.reduce((sum, { actions }) => sum + actions, 0);
      return all >= example.past.length + example.today.length - 200 ? true : undefined;
    });
  });

  it('narrows the inbox, and the filter is in the address', async () => {
    await page.getByLabel('User').selectOption('bob');
    expect(new URL(page.url()).hash).toBe('#/alerts?user=bob');
    await page.getByLabel('User').selectOption('');
    await page.getByLabel('Band').selectOption('critical');
    expect(new URL(page.url()).hash).toBe('#/alerts?band=critical');
    const bands = await page.locator('main li a').allInnerTexts();
    expect(bands.length).toBeGreaterThan(0);
    expect(bands.every((text) => text.includes('Critical'))).toBe(true);
  });

  it('reads an explanation that is the models’ own and adds up to all', async () => {
    await go(page, `#/alerts/${alert}`);
    await title(`Alert ${alert}`);
    const detail = await backend.side.engine.alert(alert);
    await page.getByText(/^The latest actions of/).waitFor();
    const shares = await page.getByRole('list', { name: 'What made it strange' }).locator('.number').allInnerTexts();
    const sum = shares.reduce((total, text) => total + Number(text.replace('%', '')), 0);
    expect(sum).toBeGreaterThan(99);
    expect(sum).toBeLessThan(101);
    expect(await page.locator('section[aria-labelledby="votes"] li').count()).toBe(detail.votes.length);
    await page.getByRole('heading', { name: 'What spoke for the user' }).waitFor();
    expect(detail.surprises.length).toBeGreaterThan(0);
    const first = detail.surprises[0]!;
    await page.locator('section[aria-labelledby="expected"]').getByText(first.text).first().waitFor();
    const context = page.locator('section[aria-labelledby="context"] table').first().locator('tbody tr');
    expect(await context.count()).toBe(detail.before.length + 1 + detail.after.length);
    await page.getByText('Show as JSON').click();
    await page.getByText(`"id": ${alert},`).first().waitFor();
  });

  it('says “this was me” with a preview before and an undo after', async () => {
    await button('This was me').first().click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[value="program"]').check();
    const preview = await backend.side.engine.preview({ alert, kinds: ['program'] });
    const hidden = Object.values(preview.hidden).reduce((sum, count) => sum + count, 0);
    await dialog.getByText(`This would have hidden ${hidden} of the last 30 days’ alerts`).waitFor();
    await dialog.getByRole('combobox').selectOption('7');
    await dialog.getByRole('button', { name: 'This was me' }).click();
    await page.getByText('Noted as normal.').waitFor();
    const said = (await backend.side.engine.alert(alert)).said;
    expect(said).toMatchObject([{ verdict: 'normal', scope: preview.scope }]);
    expect(said[0]!.expires! - Date.now() / 1000).toBeGreaterThan(6.9 * 86_400);
    await go(page, '#/settings');
    await page.getByRole('table').getByText(preview.scope).waitFor();
    await button(/^Remove: alice/).click();
    await page.getByText('There are no rules.').waitFor();
    expect((await backend.side.engine.alert(alert)).said).toEqual([]);
    await go(page, `#/alerts/${alert}`);
    await button('Suspicious').click();
    await page.getByText('Noted as suspicious.').waitFor();
    await page.keyboard.press('u');
    await page.getByText('Undone.').waitFor();
    expect((await backend.side.engine.alert(alert)).said).toEqual([]);
  });

  it('goes through the inbox without a mouse', async () => {
    await go(page, '#/alerts');
    await page.getByRole('heading', { name: /Inbox/ }).waitFor();
    await page.keyboard.press('j');
    await page.locator('main li a:focus').waitFor();
    await page.keyboard.press('n');
    await page.getByText('Marked as normal for alice.').waitFor();
    await page.keyboard.press('u');
    await page.getByText('Undone.').waitFor();
    await page.keyboard.press('o');
    await title(/^Alert \d+$/);
    await page.keyboard.press('n');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await title('Help');
    // The skip link is the first stop, and goes to the heading.
    await go(page, '#/timeline/alice');
    await title('Timeline of alice');
    await page.evaluate(() => {
      (document.activeElement as HTMLElement | null)?.blur();
      getSelection()?.removeAllRanges();
      document.querySelector<HTMLElement>('.skip')!.focus();
    });
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    const chart = page.getByLabel(/kinds of action from/);
    await chart.focus();
    const before = await chart.getAttribute('aria-label');
    await page.keyboard.press('+');
    await expect.poll(() => chart.getAttribute('aria-label')).not.toBe(before);
    await expect.poll(() => new URL(page.url()).hash).toMatch(/from=\d+&to=\d+/);
  });

  it('goes from a marker of the timeline to its alert, and back to the same stretch', async () => {
    const { firstTime, lastTime } = await backend.side.engine.alert(alert);
    await go(page, `#/timeline/alice?from=${firstTime - 7200}&to=${lastTime + 7200}`);
    await page.locator(`a.marker[href="#/alerts/${alert}"]`).click();
    await title(`Alert ${alert}`);
    await page.goBack();
    await title('Timeline of alice');
    expect(new URL(page.url()).hash).toContain(`from=${firstTime - 7200}`);
  });

  it('pauses notifications and resumes them', async () => {
    await button('Pause').first().click();
    await button('For an hour').click();
    await page.getByText(/^Notifications are paused until/).waitFor();
    expect(backend.state.pausedUntil).toBeGreaterThan(Date.now() + 3_000_000);
    await button(/^Resume/)
      .first()
      .click();
    await page.getByText(/^Notifications are paused until/).waitFor({ state: 'detached' });
    expect(backend.state.pausedUntil).toBeNull();
    backend.holdBack([alert]);
    await go(page, '#/alerts');
    await page.getByRole('heading', { name: 'Held back by quiet hours or a pause' }).waitFor();
    backend.holdBack([]);
  });

  it('trains a model anew, sees how far it is, and goes back to the one before', async () => {
    await go(page, '#/models/bob');
    await title('Models');
    const before = (await backend.side.engine.models(undefined)).find(({ user }) => user === 'bob')!;
    await button('Train now').click();
    await page.getByText(/^Training, \d+%\.$/).waitFor();
    await until('a new version', async () => {
      const bob = (await backend.side.engine.models(undefined)).find(({ user }) => user === 'bob')!;
      return bob.versions.length > before.versions.length && bob.state.state === 'ready' ? true : undefined;
    });
    const old = before.versions[0]!.version;
    await button(`Go back to it: ${old}`).click({ timeout: 30_000 });
    await page.getByRole('dialog').getByRole('button', { name: 'Go back to it' }).click();
    await page.getByText(`Version ${old} is in use.`).waitFor();
    const after = (await backend.side.engine.models(undefined)).find(({ user }) => user === 'bob')!;
    expect(after.versions.find(({ active }) => active)?.version).toBe(old);
  });

  it('checks the setup, with a cause and a command for what fails', async () => {
    await go(page, '#/setup');
    // What cannot be asked is said, with a way to ask again.
    await page.getByText('This could not be loaded.').waitFor();
    backend.doctor = faults;
    await button('Try again').click();
    await page.getByText('1 step needs you.').waitFor();
    const step = page.locator('article.fail');
    await step.getByText('EACCES').waitFor();
    await step.getByRole('button', { name: /^Copy/ }).click();
    await step.getByText('Copied').first().waitFor();
    backend.doctor = { at: faults.at, steps: faults.steps.map((one) => ({ ...one, state: 'pass' })) };
    await step.getByRole('button', { name: /^Test again/ }).click();
    await page.getByText('Everything that is needed works.').waitFor();
  });

  it('sets osquery up, after a look at what would change and a password', async () => {
    backend.doctor = faults;
    await go(page, '#/setup');
    await button('Show what would change…').click();
    await page.getByText('Run “sudo ubad setup” in a terminal').waitFor();
    const digest = '0'.repeat(64);
    backend.plan = { digest, steps: ['/etc/osquery/osquery.conf\n-{}\n+{"packs": {}}\n'], advice: ['Start osqueryd.'] };
    await button('Show what would change…').click();
    await page.getByRole('dialog').getByText('+{"packs": {}}').waitFor();
    await button('Leave it as it is').click();
    expect(backend.carriedOut).toEqual([]);
    backend.isLet = false;
    await button('Show what would change…').click();
    await button('Change it…').click();
    await page.getByText('Nothing was changed').waitFor();
    backend.isLet = true;
    await button('Show what would change…').click();
    await button('Change it…').click();
    await page.getByText('Done. osquery answers').waitFor();
    expect(backend.carriedOut).toEqual([digest, digest]);
  });

  it('changes settings, each saved at once, and sees beside the field what cannot be', async () => {
    await go(page, '#/settings');
    await page.getByLabel('How many alerts are fine').selectOption('3');
    await page.getByText('Saved').first().waitFor();
    const settings = await backend.ask('settings', null);
    expect(settings).toMatchObject({ ok: true, value: { alertsPerWeek: 3 } });
    const log = page.getByLabel('osquery’s results log');
    await log.fill('results.log');
    await log.press('Tab');
    await page.getByText('give the whole path').waitFor();
    expect(await log.getAttribute('aria-invalid')).toBe('true');
    await button('Show a notification').click();
    expect(backend.tested).toEqual(['notification']);
    await page.getByRole('button', { name: 'No', exact: true }).click();
    await page.getByText(/Do not disturb/).waitFor();
    await page.getByLabel('Colours').selectOption('dark');
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    await page.getByLabel('Language').selectOption('de');
    await title('Einstellungen');
    await page.getByLabel('Sprache').selectOption('en');
    await title('Settings');
  });

  it('shows what a log says as text, whatever it says', async () => {
    const [line] = example.today.filter((one) => one.includes('process_start') && one.includes('"uid":"1000"'));
    const hostile = JSON.parse(line!) as { unixTime: number; columns: Record<string, string> };
    hostile.unixTime = Math.floor(Date.now() / 1000);
    const path = '/tmp/<img src=x onerror=alert(1)>\u202Egnp.exe\u001b[31m';
    hostile.columns = { ...hostile.columns, path, name: 'x', start_time: String(hostile.unixTime) };
    backend.write([JSON.stringify(hostile)]);
    const found = await until('the line', async () => {
      const [row] = await backend.side.engine.timeline({ user: 'alice', limit: 1 });
      return row?.text.includes('<img') ? row : undefined;
    });
    await go(page, '#/');
    await go(page, `#/timeline/alice?from=${found.time - 60}&to=${found.time + 60}`);
    const cell = page.locator('td', { hasText: '<img src=x' }).first();
    await cell.waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(await cell.innerText()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });

  it('is told when the engine dies, and that it is back', async () => {
    await go(page, '#/');
    backend.kill();
    await page.getByText('The engine stopped.').waitFor();
    await page.getByText('The engine stopped.').waitFor({ state: 'detached', timeout: 30_000 });
    await until('an answer', async () => {
      const answer = await backend.ask('status', null);
      return answer.ok ? true : undefined;
    });
  });

  it('forgets the last hour, and a user, only after a second step', async () => {
    await go(page, '#/settings');
    await button('Forget the last hour…').click();
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
    await button('Forget the user…').click();
    await dialog.getByRole('textbox').fill('bob');
    await dialog.getByRole('button', { name: 'Forget' }).click();
    await until('that bob is gone', async () => {
      const { users } = await backend.side.engine.status(undefined);
      return users.some(({ name }) => name === 'bob') ? undefined : true;
    });
  });

  it('finds a way on from an address that there is not', async () => {
    await go(page, '#/nowhere/at/all');
    await title('No such page');
    await page.getByRole('main').getByRole('link', { name: 'Overview' }).click();
    await title('Overview');
    await go(page, '#/alerts/99999');
    await page.getByText('There is no alert 99999.').waitFor();
  });

  it('never broke its policy and never threw', () => {
    expect(stage.complaints).toEqual([]);
  });
});
