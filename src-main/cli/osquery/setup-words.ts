import { sessionLanguage } from '../../contract/story/session-language.ts';
import type { setupEn } from '../../contract/story/setup-en.ts';
import type { doctorEn } from '../../contract/story/doctor-en.ts';
import type { Phrase } from '../../contract/story/story.ts';
import { textOf } from '../../contract/story/tell.ts';
import { Failure } from '../failure.ts';

type Id = keyof typeof setupEn | keyof typeof doctorEn;

/** A sentence of setup, or one of the doctor that says the same. */
export const setupPhrase = (id: Id, values: Phrase['values'] = {}): Phrase => ({ id, values });

/** In the language of this session. */
export const inWords = (phrase: Phrase): string => textOf(phrase, sessionLanguage(process.env));

export const setupText = (id: Id, values: Phrase['values'] = {}): string => inWords(setupPhrase(id, values));

/** What a person can cure, in the language of this session. */
export class SetupFailure extends Failure {
  readonly said: Phrase;

  constructor(id: Id, values: Phrase['values'] = {}) {
    super(setupText(id, values));
    this.said = setupPhrase(id, values);
  }
}
