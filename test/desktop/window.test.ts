/** What a person does at the window, on a real Xfce desktop: the journeys of test/window/, and what only a desktop has. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { alertJourneys } from '../window/journeys/alerts.ts';
import { answerJourneys } from '../window/journeys/answers.ts';
import { asking, button, go, titled, worstAlert } from '../window/journeys/desk.ts';
import { firstDays } from '../window/journeys/first-days.ts';
import { huntingJourneys } from '../window/journeys/hunting.ts';
import { keyboardJourneys } from '../window/journeys/keyboard.ts';
import { programJourneys } from '../window/journeys/program.ts';
import { setupJourney } from '../window/journeys/setup.ts';
import { exampleAt } from '../window/stage/example.ts';
import { DesktopDesk } from './app/desk.ts';
import { packAndUnpack } from './app/package.ts';
import { appSubject } from './app/subject.ts';
import { pickElectron } from './driver/electron.ts';
import { repository } from './session/desktop.ts';
import { whyNoDesktop } from './session/needs.ts';
import { screenHeight, screenWidth, takePicture } from './session/screen.ts';
import { Stage } from './stage.ts';

const why = whyNoDesktop();
if (why !== undefined) console.log(`SKIPPED: ${why}`);

// One life of the program, from the first start on: each journey begins where the one before it ended.
// A model is trained twice, which takes its time where others work too.
describe.skipIf(why !== undefined)('a person at the window, on a real Xfce desktop', { timeout: 300_000 }, () => {
  let stage: Stage;
  let desk: DesktopDesk;

  beforeAll(async () => {
    stage = await Stage.open(pickElectron);
    console.log(stage.says);
    const app = await stage.build('ubad', (to) => packAndUnpack(repository, to));
    const nothing = join(stage.desktop.folder, 'nothing');
    mkdirSync(nothing, { mode: 0o700 });
    const application = await stage.prepare(appSubject(app, nothing, { algorithm: 'both' }));
    desk = await DesktopDesk.open(application, exampleAt(Date.now() / 1000));
  }, 120_000);
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await takePicture(stage.desktop, `failed ${task.name.slice(0, 40)}`);
  });
  afterAll(async () => {
    await desk.close();
    await stage.close();
  });

  it('sees all of the window on a small screen', async () => {
    const { x, y, width, height } = await desk.application.windows.inside();
    expect([x + width <= screenWidth, y + height <= screenHeight], `${width} × ${height} at ${x}, ${y}`).toEqual([
      true,
      true,
    ]);
  });

  // What axe finds on each screen is the page's own, and is looked for in a browser: test/window/screens.test.ts.
  it.each(firstDays)('$name', (journey) => journey.run(desk));

  it('is notified of the alert too, and comes to it from there when there is no window', async () => {
    const { notifications, windows } = desk.application;
    const { id } = await worstAlert(desk);
    await notifications.waitFor(/^alice: /);
    await windows.close();
    await windows.waitFor(0);
    await notifications.press('View');
    await desk.opened();
    await titled(desk, `Alert ${id}`);
  });

  it.each([...alertJourneys, ...answerJourneys, ...huntingJourneys, ...keyboardJourneys, setupJourney])(
    '$name',
    (journey) => journey.run(desk),
  );

  it('pauses in the window, and resumes in the tray', async () => {
    const { tray } = desk.application;
    await button(desk, 'Pause').first().click();
    await button(desk, 'For 15 minutes').click();
    await desk.page.getByText(/^Notifications are paused until/).waitFor();
    await tray.waitForToolTip(/paused until/);
    await tray.choose(/^Resume now$/);
    await desk.page.getByText(/^Notifications are paused until/).waitFor({ state: 'detached' });
  });

  it('sees the test of the notifications, and says so', async () => {
    const { notifications } = desk.application;
    await go(desk, '#/settings');
    await button(desk, 'Show a notification').click();
    await notifications.waitFor(/^ubad: this is a test$/);
    await desk.page.getByRole('button', { name: 'Yes', exact: true }).click();
    await desk.page.getByText(/^✓/).waitFor();
    expect((await asking(desk).host.setup(undefined)).notifications).toEqual({ supported: true, buttons: true });
  });

  it.each(programJourneys)('$name', (journey) => journey.run(desk));

  it('never broke its policy and never threw', () => {
    expect(desk.complaints).toEqual([]);
  });
});
