import { appendFileSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Web } from '../../src-main/web.ts';
import { descendants } from '../desktop/driver/descendants.ts';
import { alertJourneys } from './journeys/alerts.ts';
import { answerJourneys } from './journeys/answers.ts';
import { go, type Desk } from './journeys/desk.ts';
import { firstDays } from './journeys/first-days.ts';
import { huntingJourneys } from './journeys/hunting.ts';
import { keyboardJourneys } from './journeys/keyboard.ts';
import { programJourneys } from './journeys/program.ts';
import { setupJourney } from './journeys/setup.ts';
import { CHROMIUM, Stage } from './stage/browser.ts';
import { deskOf } from './stage/desk.ts';
import { exampleAt } from './stage/example.ts';
import { servedIn } from './stage/served.ts';

// What `ubad serve` serves, with nothing in between: its page, its bridge, its policy, its worker.
describe.skipIf(!existsSync(CHROMIUM))('a person at a browser, on `ubad serve`', () => {
  const example = exampleAt(Date.now() / 1000);
  const folder = mkdtempSync(join(tmpdir(), 'ubad-window-'));
  const log = join(folder, 'results.log');
  let stage: Stage;
  let web: Web;
  let end: () => Promise<void>;
  let desk: Desk;

  beforeAll(async () => {
    process.env.TZ = example.zone;
    ({ web, end } = await servedIn(folder));
    stage = await Stage.open();
    desk = deskOf(await stage.elsewhere(web.newAddress(), { timezoneId: example.zone }), example, {
      log,
      write: (lines) => {
        appendFileSync(log, lines.map((line) => `${line}\n`).join(''));
      },
      kill: () =>
        process.kill(descendants(process.pid).find(({ command }) => command.includes('worker.ts'))!.pid, 'SIGKILL'),
    });
  });
  afterAll(async () => {
    await stage.close();
    await end();
  });

  it.each([...firstDays, ...alertJourneys, ...answerJourneys, ...huntingJourneys, ...keyboardJourneys, setupJourney])(
    '$name',
    (journey) => journey.run(desk),
  );

  it('shows no setting of what is not here', async () => {
    await go(desk, '#/settings');
    await desk.page.getByLabel('How many alerts are fine').waitFor();
    // There is no tray here to colour, and nothing that starts with a desktop.
    expect(await desk.page.getByText('Tray icon').count()).toBe(0);
  });

  it.each(programJourneys)('$name', (journey) => journey.run(desk));

  it('never broke its policy and never threw', () => {
    expect(stage.complaints).toEqual([]);
  });
});
