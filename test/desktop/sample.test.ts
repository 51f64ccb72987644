/** The bench's own suite: what it can see, seen at a small application that does all of it well. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { lifeChecks } from './checks/life.ts';
import { notificationChecks } from './checks/notifications.ts';
import { trayChecks } from './checks/tray.ts';
import { windowChecks } from './checks/window.ts';
import { pickElectron } from './driver/electron.ts';
import { Stage } from './stage.ts';
import { buildSample, sampleSource } from './sample/build.ts';
import { sampleSubject } from './sample/subject.ts';
import { whyNoDesktop } from './session/needs.ts';

const why = whyNoDesktop();
if (why !== undefined) console.log(`SKIPPED: ${why}`);

describe.skipIf(why !== undefined)('the sample application on a real Xfce desktop', () => {
  let stage: Stage;
  let folder: string;

  beforeAll(async () => {
    stage = await Stage.open(pickElectron);
    folder = await stage.build('sample', (to) => buildSample(sampleSource, to));
    console.log(stage.says);
  });
  afterAll(() => stage.close());

  it.each([...trayChecks, ...notificationChecks, ...windowChecks, ...lifeChecks])('$name', async (check) => {
    await stage.perform(check, sampleSubject(folder));
  });
});
