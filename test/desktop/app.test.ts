/** The application itself, packed and unpacked as it ships, on a real Xfce desktop: driven from outside only. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { appChecks } from './app/checks/all.ts';
import { AppStage } from './app/stage.ts';
import { pickElectron } from './driver/electron.ts';
import { whyNoDesktop } from './session/needs.ts';

const why = whyNoDesktop();
if (why !== undefined) console.log(`SKIPPED: ${why}`);

describe.skipIf(why !== undefined)('the application on a real Xfce desktop', () => {
  let stage: AppStage;

  beforeAll(async () => {
    stage = await AppStage.open(pickElectron);
    console.log(stage.says);
  }, 120_000);
  afterAll(() => stage.close());

  it.each(appChecks)('$name', async (check) => {
    await stage.perform(check);
  });
});
