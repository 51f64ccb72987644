import { existsSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { alertJourneys } from './journeys/alerts.ts';
import { answerJourneys } from './journeys/answers.ts';
import { button, go, worstAlert, type Desk } from './journeys/desk.ts';
import { firstDays } from './journeys/first-days.ts';
import { keyboardJourneys } from './journeys/keyboard.ts';
import { programJourneys } from './journeys/program.ts';
import { Backend } from './stage/backend.ts';
import { CHROMIUM, Stage } from './stage/browser.ts';
import { deskOf } from './stage/desk.ts';
import { exampleAt } from './stage/example.ts';
import { faults } from './stage/faults.ts';

// One life of the program, from the first start on: each journey begins where the one before it ended.
describe.skipIf(!existsSync(CHROMIUM))('a person at the window', () => {
  const example = exampleAt(Date.now() / 1000);
  let stage: Stage;
  let backend: Backend;
  let desk: Desk;

  beforeAll(async () => {
    process.env.TZ = example.zone;
    stage = await Stage.open();
    backend = new Backend();
    await backend.start();
    desk = deskOf(await stage.page(backend, '', { timezoneId: example.zone }), example, backend);
  });
  afterAll(async () => {
    await stage.close();
    await backend.stop();
  });

  it.each([...firstDays, ...alertJourneys, ...answerJourneys, ...keyboardJourneys])('$name', (journey) =>
    journey.run(desk),
  );

  it('sees what was held back', async () => {
    backend.holdBack([(await worstAlert(desk)).id]);
    await go(desk, '#/alerts');
    await desk.page.getByRole('heading', { name: 'Held back by quiet hours or a pause' }).waitFor();
    backend.holdBack([]);
  });

  it('checks the setup, with a cause and a command for what fails', async () => {
    const { page } = desk;
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

  it('sets osquery up, after a look at what would change and a password', async () => {
    const { page } = desk;
    backend.doctor = faults;
    await go(desk, '#/setup');
    await button(desk, 'Show what would change…').click();
    await page.getByText('Run “sudo ubad setup” in a terminal').waitFor();
    const digest = '0'.repeat(64);
    backend.plan = { digest, steps: ['/etc/osquery/osquery.conf\n-{}\n+{"packs": {}}\n'], advice: ['Start osqueryd.'] };
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

  it('tests the notifications, and reads what to do when none was seen', async () => {
    const { page } = desk;
    await go(desk, '#/settings');
    await button(desk, 'Show a notification').click();
    expect(backend.tested).toEqual(['notification']);
    await page.getByRole('button', { name: 'No', exact: true }).click();
    await page.getByText(/Do not disturb/).waitFor();
  });

  it.each(programJourneys)('$name', (journey) => journey.run(desk));

  it('never broke its policy and never threw', () => {
    expect(stage.complaints).toEqual([]);
  });
});
