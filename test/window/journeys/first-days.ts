import { expect } from 'vitest';

import { allRead, trained, until } from '../stage/learned.ts';
import { asking, go, titled, type Journey } from './desk.ts';

/** From the first start to the first alert. */
export const firstDays: readonly Journey[] = [
  {
    name: 'sees at the first start that nothing was read yet, and how it begins',
    async run(desk) {
      const { page } = desk;
      await go(desk, '#/');
      await page.getByText('Nothing has been read yet').waitFor();
      await page.getByRole('link', { name: 'How it begins' }).click();
      await titled(desk, 'How it begins');
      await page.getByText('Nobody has been seen yet').waitFor();
    },
  },
  {
    name: 'sees it learn in silence, why no alert can come yet, and then what it learned',
    async run(desk) {
      const { page, example } = desk;
      desk.write(example.past.slice(0, 2000));
      await page.getByRole('heading', { name: 'Learning silently' }).waitFor();
      const meter = page.getByRole('meter', { name: /alice/ });
      await expect.poll(async () => Number(await meter.getAttribute('aria-valuenow'))).toBeGreaterThan(5);
      await go(desk, '#/models');
      await page
        .getByText(/^Waiting: [\d,]+ of 3,000 actions\.$/)
        .first()
        .waitFor();
      desk.write(example.past.slice(2000));
      // Told while it goes on, not only when it is done.
      await page
        .getByText(/^Training, \d+%\.$/)
        .first()
        .waitFor({ timeout: 120_000 });
      await trained(asking(desk).engine);
      await go(desk, '#/learned/alice');
      await titled(desk, 'What I learned about alice');
      await page.getByText(/The model was trained on 3,000 actions/).waitFor();
      await page.getByText(/of them between \d\d:00 and \d\d:00/).waitFor();
    },
  },
  {
    name: 'is told of a new alert in words while the window is open, and finds it in the inbox',
    async run(desk) {
      const { page, example } = desk;
      await go(desk, '#/alerts');
      desk.write(example.today);
      const live = page.locator('[aria-live="polite"].unseen');
      await expect.poll(() => live.innerText(), { timeout: 90_000 }).toMatch(/^New alert, \w+: alice, /);
      const row = page.locator('a[href^="#/alerts/"]', { hasText: 'Critical' }).first();
      await row.waitFor({ timeout: 120_000 });
      // The reason on the row is the engine's own, not all of its sentence.
      await expect.poll(() => row.innerText()).toMatch(/Critical[\s\S]*alice/);
      await until('all lines', () => allRead(asking(desk).engine, example));
    },
  },
];
