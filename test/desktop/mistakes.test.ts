/** What would the checks notice? Each deliberate mistake in the application has to fail one of them, for its own reason. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mistakesOfAlerts } from './app/mistakes/of-alerts.ts';
import { mistakesOfLife } from './app/mistakes/of-life.ts';
import { AppStage } from './app/stage.ts';
import { standIn } from './driver/electron.ts';
import { whyNoDesktop } from './session/needs.ts';

const mistakes = [...mistakesOfAlerts, ...mistakesOfLife];

describe.skipIf(whyNoDesktop() !== undefined)('deliberate mistakes in the application', () => {
  let stage: AppStage;

  beforeAll(async () => {
    stage = await AppStage.open(standIn, 6_000);
  }, 300_000);
  afterAll(() => stage.close());

  it.each(mistakes.map((mistake, index) => [mistake.name, mistake, index] as const))(
    '%s',
    async (_, mistake, index) => {
      await expect(stage.performMistaken(mistake.check, mistake, `mistake-${index}`)).rejects.toThrow(mistake.says);
    },
  );
});
