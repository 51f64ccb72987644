import { existsSync } from 'node:fs';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { go } from './journeys/desk.ts';
import { Backend } from './stage/backend.ts';
import { CHROMIUM, Stage } from './stage/browser.ts';
import { until } from './stage/learned.ts';

const NOW = Math.floor(Date.now() / 1000);
const ACTIONS = 130;

const uids = { alice: '1000', bob: '1001' };
type Name = keyof typeof uids;

const result = (minutesAgo: number, query: string, columns: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    name: `pack_user-behavior_${query}`,
    hostIdentifier: 'desk',
    unixTime: NOW - minutesAgo * 60,
    epoch: 0,
    counter: 1,
    numerics: false,
    columns,
    action: 'added',
  });
const account = (user: Name): string =>
  result(ACTIONS + 1, 'users', { uid: uids[user], gid: uids[user], username: user, directory: `/home/${user}` });
const connection = (minutesAgo: number, user: Name, address: string): string =>
  result(minutesAgo, 'net_out', {
    uid: uids[user],
    name: 'curl',
    path: '/usr/bin/curl',
    cgroup_path: '',
    protocol: '6',
    remote_address: address,
    remote_port: '443',
  });
const verb = (user: Name, typed: string): string =>
  result(0, 'shell_verb', {
    uid: uids[user],
    username: user,
    time: String(NOW),
    verb: typed,
    len: '15',
    history_file: `/home/${user}/.bash_history`,
  });

describe.skipIf(!existsSync(CHROMIUM))('the search of everything stored', () => {
  let stage: Stage;
  let backend: Backend;
  let page: Page;

  beforeAll(async () => {
    stage = await Stage.open();
    backend = new Backend();
    await backend.start();
    backend.write([account('alice'), account('bob')]);
    backend.write(Array.from({ length: ACTIONS }, (_, n) => connection(ACTIONS - n, 'alice', '203.0.113.7')));
    backend.write([connection(0, 'bob', '198.51.100.9'), verb('bob', '<img src=x onerror=alert(1)>')]);
    await until('both users', async () => {
      const { users } = await backend.side.engine.status(undefined);
      return users.reduce((sum, { actions }) => sum + actions, 0) >= ACTIONS + 2 ? true : undefined;
    });
    page = await stage.page(backend, '#/');
  });
  afterAll(async () => {
    await stage.close();
    await backend.stop();
  });

  const rows = (): ReturnType<Page['locator']> => page.locator('main tbody tr');
  const find = async (text: string): Promise<void> => {
    await page.getByLabel('What to look for').fill(text);
    await page.keyboard.press('Enter');
  };

  it('begins with a key, waits for a word, and finds it whoever did it', async () => {
    await page.locator('h1').waitFor();
    await page.keyboard.press('/');
    await page.getByRole('heading', { name: 'Find an action' }).waitFor();
    expect(await rows().count()).toBe(0);
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    await page.keyboard.type('198.51');
    await page.keyboard.press('Enter');
    await page.getByText('1 action found', { exact: true }).waitFor();
    expect(await rows().first().innerText()).toMatch(
      /bob\s+Connection out \/usr\/bin\/curl\s+remote_address: 198\.51\.100\.9/,
    );
    expect(new URL(page.url()).hash).toBe('#/search?text=198.51');
  });

  it('goes back page by page, and says when that was all', async () => {
    await find('203.0.113.7');
    await page.getByText('100 actions found so far').waitFor();
    await page.getByRole('button', { name: 'Look further back' }).click();
    await page.getByText(`${ACTIONS} actions found`, { exact: true }).waitFor();
    expect(await rows().count()).toBe(ACTIONS);
    expect(await page.getByRole('button', { name: 'Look further back' }).count()).toBe(0);
  });

  it('keeps to one user, and the address says so', async () => {
    await page.getByLabel('User').selectOption('bob');
    await page.getByText('Nothing was found').waitFor();
    expect(new URL(page.url()).hash).toBe('#/search?text=203.0.113.7&user=bob');
    await find('198.51');
    await page.getByText('1 action found', { exact: true }).waitFor();
  });

  it('leads to what it found, to everything with the same value, and to the timeline around it', async () => {
    await find('198.51.100.9');
    await page.getByRole('link', { name: 'Exactly this: 1 action' }).click();
    await page.getByRole('heading', { name: 'Everything with 198.51.100.9' }).waitFor();
    await page.goBack();
    await rows().first().getByRole('link').first().click();
    await page.getByRole('heading', { name: /^Action \d+$/ }).waitFor();
    await page.getByRole('link', { name: 'See it in the timeline' }).click();
    await page.getByRole('heading', { name: 'Timeline of bob' }).waitFor();
    expect(new URL(page.url()).hash).toBe(`#/timeline/bob?from=${NOW - 1800}&to=${NOW + 1800}`);
    await page.goBack();
    await page.goBack();
    await page.getByText('1 action found', { exact: true }).waitFor();
  });

  it('shows hostile text as text, and takes a hostile question as one', async () => {
    await go({ page }, `#/search?text=${encodeURIComponent('onerror')}`);
    // The search before had found one too.
    await expect.poll(() => rows().first().innerText()).toContain('<img src=x onerror=alert(1)>');
    for (const question of ['%', '_', `'; DROP TABLE actions; --`, '\\', '"']) {
      await find(question);
      await page
        .getByText(/Nothing was found|actions? found/)
        .first()
        .waitFor();
    }
    expect(stage.complaints).toEqual([]);
  });
});
