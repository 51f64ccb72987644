import type { DoctorStep } from '../../contract/doctor.ts';
import type { doctorEn } from '../../contract/story/doctor-en.ts';
import type { Phrase } from '../../contract/story/story.ts';
import { textOf } from '../../contract/story/tell.ts';

/** What was found at a step: all but its name. */
export type Finding = Omit<DoctorStep, 'id'>;

type Named<Key> = Key extends `doctor.${infer Name}` ? Name : never;

/** A sentence of the check. @param id of the tables in contract/story/, without `doctor.` */
export const sentence = (id: Named<keyof typeof doctorEn>, values: Phrase['values'] = {}): Phrase => ({
  id: `doctor.${id}`,
  values,
});

/** @param remedy what to do about it; none: nothing is to be done @param command to be copied as it is */
export function found(
  state: Finding['state'],
  why: readonly Phrase[],
  remedy: readonly Phrase[] = [],
  command: string | null = null,
): Finding {
  const inEnglish = (phrases: readonly Phrase[]): string => phrases.map((phrase) => textOf(phrase, 'en')).join(' ');
  return {
    state,
    why: inEnglish(why),
    remedy: remedy.length === 0 ? null : inEnglish(remedy),
    command,
    said: { why, remedy },
  };
}
