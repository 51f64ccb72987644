import type { Step } from '../contract/answer.ts';
import { isMachine } from '../contract/subjects.ts';
import { alsoOf } from '../contract/story/also.ts';
import { isOften, tacticOf } from '../contract/story/tactics.ts';
import type { EntityRow, Phrase, Story } from '../contract/story/story.ts';
import {
  begunAt,
  hoursOf,
  mayBeUnmeant,
  noveltyOf,
  plainName,
  severityPhrases,
  textOf,
  whereOf,
} from '../contract/story/tell.ts';
import type { Incident } from '../engine/store/incidents.ts';
import { clock, table } from './output.ts';

const english = (phrase: Phrase): string => textOf(phrase, 'en');

/** What a story says, as sentences and rows that need nothing else to be read. */
export interface StoryText {
  readonly headline: string;
  /** What else was new about then. */
  readonly also: string;
  readonly who: string;
  readonly when: string;
  readonly where: string;
  readonly severity: string;
  /** "Execution (T1204.002, https://…)": what such acts are often part of. */
  readonly tactics: readonly string[];
  readonly rows: readonly RowText[];
  readonly usual: readonly RowText[];
}

export interface RowText {
  readonly at: string;
  readonly what: string;
  /** "bash → /tmp/x". */
  readonly chain: string;
  readonly count: number;
  readonly known: string;
}

/** @param severity 0…100; null where no model says what the alarm line was */
export function storyText(story: Story, incident: Incident, user: string, severity: number | null): StoryText {
  const { firstTime, lastTime } = incident;
  const hours = hoursOf(story, user);
  const rowText = (row: EntityRow): RowText => ({
    at: clock(row.first),
    what: english(row.phrase),
    chain: row.chain.join(' → '),
    count: row.count,
    known: english(noveltyOf(row, story.days)),
  });
  return {
    headline: english(story.headline),
    also: alsoOf(story).map(english).join('; '),
    who: whoText(story, user),
    when: `${clock(begunAt(story, firstTime))} – ${clock(lastTime)}${hours ? `, ${english(hours)}` : ''}`,
    where: english(whereOf(story, user)),
    severity: `${incident.band}, ${severityPhrases(story, user, severity, 'en').map(english).join(' ')}`,
    tactics: story.tactics.flatMap(({ act }) => tacticText(act) ?? []),
    rows: story.rows.map(rowText),
    usual: story.usual.map(rowText),
  };
}

function tacticText(act: string): string | undefined {
  const tactic = tacticOf(act);
  return tactic && `${tactic.name} (${tactic.technique}, ${tactic.source})`;
}

const whoText = ({ host }: Story, user: string): string => {
  if (isMachine(user)) return `the computer ${plainName(user)}`;
  return host === undefined ? user : `${user}, on the computer ${host}`;
};

const wrongText = (story: Story, user: string): string => {
  if (isMachine(user)) return 'it was not expected';
  return mayBeUnmeant(story) ? `${user} did not mean it` : `it was not ${user}`;
};

/** The lines of it: who and what, when and from where, how bad, then the rows. */
export function storyLines(story: Story, text: StoryText, user: string, steps: readonly Step[]): string[] {
  const todo = steps.find(({ done }) => done === null);
  const first = todo ? [`do first, if ${wrongText(story, user)}: ${english(todo.phrase)}`] : [];
  const rowOf = ({ at, what, chain, count, known }: RowText): (string | number)[] => [at, what, chain, count, known];
  const left = story.more > 0 ? [`… and ${story.more} more`] : [];
  const usual = text.usual.length > 0 ? ['', ...table(['usual', 'what', '', 'times', ''], text.usual.map(rowOf))] : [];
  return [
    `${user}: ${text.headline}`,
    ...(text.also === '' ? [] : [`also: ${text.also}`]),
    `who: ${text.who}`,
    `when: ${text.when}`,
    `from where: ${text.where}`,
    ...first,
    text.severity,
    ...story.tactics.flatMap(({ act }) => {
      const tactic = tacticText(act);
      return tactic === undefined ? [] : [`${isOften(act) ? 'often' : 'can be'} part of: ${tactic}`];
    }),
    '',
    ...table(['when', 'what', 'who → what', 'times', 'known'], text.rows.map(rowOf)),
    ...usual,
    ...left,
  ];
}
