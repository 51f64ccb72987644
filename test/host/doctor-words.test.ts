import { expect, it } from 'vitest';

import { doctorEn } from '../../src-main/contract/story/doctor-en.ts';
import { textOf } from '../../src-main/contract/story/tell.ts';
import { found, sentence } from '../../src-main/host/doctor/finding.ts';
import { oddTexts, seemings } from '../../src-main/line-forms/sentences.ts';

it('keeps the sentences of a step beside their English, and no remedy where there is none', () => {
  const step = found('fail', [sentence('log.missing', { log: '/x' }), sentence('empty')], [sentence('empty.do')]);
  expect(step).toMatchObject({ state: 'fail', command: null, why: '/x does not exist. The log has no result yet.' });
  expect(step.said!.why.map((phrase) => textOf(phrase, 'de')).join(' ')).toBe(
    '/x gibt es nicht. Das Protokoll enthält noch kein Ergebnis.',
  );
  expect(found('pass', [sentence('tray.pass')]).remedy).toBeNull();
});

it('says what the other parts of the program say', () => {
  for (const [name, { seems, remedy }] of Object.entries(seemings)) {
    expect(doctorEn[`doctor.seems.${name}` as keyof typeof doctorEn]).toBe(seems);
    expect(doctorEn[`doctor.seems.${name}.do` as keyof typeof doctorEn]).toBe(remedy);
  }
  for (const form of ['prefix', 'several', 'array', 'shipped'] as const)
    expect(doctorEn[`doctor.odd.${form}`]).toBe(`Lines ${oddTexts[form]}.`);
});
