import type { ActOffers, Step } from '../contract/answer.ts';
import type { Twin } from '../contract/alerts.ts';
import { ruleText } from '../contract/story/rules.ts';
import { textOf } from '../contract/story/tell.ts';
import { table } from './output.ts';

/** The steps against an alert that was not the user, by number, each with its command on a line of its own. @param id of the alert */
export const stepLines = (id: number, steps: readonly Step[]): string[] => [
  `If it was not the user, or not meant (what is done, ubad alerts tick ${id} NUMBER keeps in mind):`,
  ...steps.flatMap(({ phrase, command, undo, note, done }, at) => [
    `  [${done === null ? ' ' : 'x'}] ${at + 1}. ${textOf(phrase, 'en')}${note ? ` (${textOf(note, 'en')})` : ''}`,
    ...(command === null ? [] : [`        ${command}`]),
    ...(undo === null ? [] : [`        takes it back: ${undo}`]),
  ]),
];

/** The rules that can be made of an alert, and what makes them. */
export function offerLines(id: number, user: string, acts: readonly ActOffers[]): string[] {
  const rows = acts.flatMap(({ action, offers }, at) =>
    offers.map(({ kinds, width, holds }) => [
      `ubad alerts mark ${id} normal${at === 0 ? '' : ` --act ${action}`} --scope ${kinds.join(',')}`,
      textOf({ id: `width.${width}`, values: {} }, 'en'),
      ruleText(holds, user, 'en'),
    ]),
  );
  return ['If it was the user:', ...table([`ubad alerts mark ${id} normal`, 'width', 'hides from now on'], rows)];
}

/** Alerts that belong to it, and by what. */
export const twinLines = (twins: readonly Twin[]): string[] => [
  'Belongs to it:',
  ...table(
    ['id', 'user', 'shares', ''],
    twins.map(({ id, user, shared, answered }) => [id, user, textOf(shared, 'en'), answered ? 'answered' : '']),
  ),
];
