/** What would the checks notice? Each deliberate mistake in the sample has to fail one of them, and for its own reason. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standIn } from './driver/electron.ts';
import { copyWithMistake } from './mistakes/change.ts';
import { mistakesOfDesktop } from './mistakes/of-desktop.ts';
import { mistakesOfWindow } from './mistakes/of-window.ts';
import { buildSample } from './sample/build.ts';
import { sampleSubject } from './sample/subject.ts';
import { whyNoDesktop } from './session/needs.ts';
import { Stage } from './stage.ts';

const mistakes = [...mistakesOfWindow, ...mistakesOfDesktop];

describe.skipIf(whyNoDesktop() !== undefined)('deliberate mistakes', () => {
  let stage: Stage;

  beforeAll(async () => {
    // What a mistake looks like is known of the stand-in: it is strict where Electron is silent.
    stage = await Stage.open(standIn, 4_000);
  });
  afterAll(() => stage.close());

  it.each(mistakes.map((mistake, index) => [mistake.name, mistake, index] as const))(
    '%s',
    async (_, mistake, index) => {
      const source = join(stage.desktop.folder, 'changed', String(index));
      copyWithMistake(mistake, source);
      const folder = await stage.build(`mistake-${index}`, (to) => buildSample(source, to));
      await expect(stage.perform(mistake.check, sampleSubject(folder))).rejects.toThrow(mistake.says);
    },
  );
});
