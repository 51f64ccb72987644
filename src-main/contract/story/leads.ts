import type { Sought } from '../find.ts';
import type { EntityRow, Phrase, Story } from './story.ts';

/** Places of a phrase that hold a value of the log as it stands in a row. */
const VALUES: ReadonlySet<string> = new Set(['address', 'program', 'parent', 'sender', 'file', 'tty']);
/** Kinds of act whose name is one value, not several put together. */
const ONE_NAME: ReadonlySet<string> = new Set(['command', 'cron', 'module', 'unit', 'account', 'gateway']);

/** What can be asked about a value in a phrase; undefined where it is no value of a row, or was cut. */
export function leadOf({ id, values }: Phrase, place: string): Sought | undefined {
  const value = Object.hasOwn(values, place) ? values[place] : undefined;
  if (typeof value !== 'string') return undefined;
  if (place === 'user') return { as: 'user', value };
  const isName = place === 'name' && (ONE_NAME.has(id.split('.')[1] ?? '') || value.startsWith('/'));
  return isName || VALUES.has(place) ? leadOfLink(value) : undefined;
}

/** … and about a link of a row's chain. A connection's port is left out: the address is what is looked for. */
export function leadOfLink(link: string): Sought | undefined {
  if (link === '' || link.endsWith('…')) return undefined;
  const [, six, four] = /^(?:\[([\da-f:]+)\](?::\d+)?|([\d.]+):\d+)$/i.exec(link) ?? [];
  return { as: 'value', value: six ?? four ?? link };
}

/** Every value of a story that can be asked about, in the order in which they are told, each once. */
export function leadsOf(story: Story): Sought[] {
  const ofPhrase = (phrase: Phrase): Sought[] =>
    Object.keys(phrase.values).flatMap((place) => leadOf(phrase, place) ?? []);
  const ofRow = ({ phrase, chain }: EntityRow): Sought[] => [
    ...ofPhrase(phrase),
    ...chain.flatMap((link) => leadOfLink(link) ?? []),
  ];
  const all = [
    ...ofPhrase(story.headline),
    ...(story.where ? ofPhrase(story.where) : []),
    ...story.rows.flatMap(ofRow),
  ];
  return [...new Map(all.map((sought) => [`${sought.as} ${sought.value}`, sought])).values()];
}
