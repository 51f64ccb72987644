import { renameSync } from 'node:fs';

import { expect } from 'vitest';

import { asking, button, go, type Journey } from './desk.ts';

/** The setup check of this very machine: where the host has a real one. */
export const setupJourney: Journey = {
  name: 'checks the setup of this machine, sees why the log cannot be read, and that it can be again',
  async run(desk) {
    const { page, log } = desk;
    await go(desk, '#/setup');
    const steps = page.locator('main ol > li');
    await steps.first().waitFor();
    expect(await steps.count()).toBe((await asking(desk).host.doctor(undefined)).steps.length);
    const step = page.locator('article', { hasText: 'The log can be read' });
    await step.getByText('works', { exact: true }).waitFor();
    renameSync(log, `${log}.away`);
    await button(desk, 'Test again').first().click();
    await step.getByText('does not exist').waitFor();
    await page.getByText(/^\d+ steps? needs? you\.$/).waitFor();
    renameSync(`${log}.away`, log);
    await step.getByRole('button', { name: /^Test again/ }).click();
    await step.getByText('works', { exact: true }).waitFor();
    const copy = page.locator('article').getByRole('button', { name: /^Copy/ }).first();
    await copy.click();
    await page.locator('article').getByText('Copied').first().waitFor();
    await button(desk, 'Show what would change…').click();
    await page.getByText('Run “sudo ubad setup” in a terminal').waitFor();
  },
};
