import { finite, flag, list, maybe, object, record, text, whole, type Shape } from '../../../models/saved.ts';
import { message } from '../../contract/story/messages.ts';
import type { Change } from '../../../models/action.ts';
import type { Explanation, Rank } from './explain.ts';
import type { Incident } from '../store/incidents.ts';

const oneOf =
  <const T>(...values: readonly T[]): Shape<T> =>
  (value): value is T =>
    values.some((one) => one === value);

const words = object({
  label: text,
  how: maybe(oneOf('ended', 'changed')),
  column: maybe(text),
  wider: maybe(text),
  value: maybe(text),
  rare: maybe(flag),
});
const told = { text, words: maybe(words) };
const action = object({
  id: whole(0, 2 ** 53),
  time: finite,
  query: text,
  change: maybe(oneOf<Change>('added', 'removed', 'snapshot')),
  columns: record(text),
  score: finite,
  newFacts: maybe(list(text)),
});

const seconds = finite;
const amount = whole(0, 2 ** 53);
const phrase = object({
  id: text,
  values: record<string | number>((value): value is string | number => text(value) || finite(value)),
});
const entityRow = object({
  act: text,
  phrase,
  chain: list(text),
  first: seconds,
  last: seconds,
  count: amount,
  seen: amount,
  newFrom: maybe(text),
  tool: maybe(text),
  ofMachine: maybe(flag),
  action: amount,
});
const orNull =
  <T>(of: Shape<T>): Shape<T | null> =>
  (value): value is T | null =>
    value === null || of(value);
const story = object({
  headline: phrase,
  act: text,
  weight: finite,
  rows: list(entityRow),
  usual: list(entityRow),
  more: amount,
  acts: amount,
  tactics: list(object({ act: text, rows: list(amount) })),
  hours: orNull(object({ from: whole(0, 24), to: whole(0, 24), outside: flag })),
  where: orNull(phrase),
  days: amount,
  host: maybe(text),
  since: amount,
  until: maybe(amount),
});

const explanation = object({
  sentence: text,
  factors: list(object({ ...told, share: finite, by: record(finite) })),
  rest: finite,
  votes: list(object({ detector: text, z: finite, share: finite })),
  familiar: list(object({ ...told, share: finite })),
  surprises: list(
    object({
      ...told,
      action: whole(0, 2 ** 53),
      probability: finite,
      expected: list(object({ ...told, probability: finite })),
    }),
  ),
  nearest: list(object({ from: finite, similarity: finite })),
  actions: list(action),
  rank: object({ share: finite, of: oneOf<Rank['of']>('last-30-days', 'training', 'never-before') }),
  chance: finite,
  story: maybe(story),
});

/** Why an incident is one; undefined where what is stored of it is no explanation: a damaged row, or a foreign one. */
export const explanationOf = (incident: Pick<Incident, 'explanation'>): Explanation | undefined =>
  explanation(incident.explanation) ? (incident.explanation as Explanation) : undefined;

/** Stands where the reason would. */
export const reasonDamaged = ({ id }: Pick<Incident, 'id'>): string => message('alert.damaged', { id });
