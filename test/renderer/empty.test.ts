import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';

import { texts, type Key } from '../../src-renderer/text/texts.ts';

const folder = join(import.meta.dirname, '..', '..', 'src-renderer');

/** What stands where a list is empty, and says what will be there. */
const saying: readonly Key[] = [
  'alerts.none.why',
  'assurance.nobody.why',
  'calibration.none',
  'drift.none',
  'entity.no-alerts',
  'fleet.hosts.none.why',
  'fleet.people.none.why',
  'inbox.empty.why',
  'learned.hosts.none',
  'learned.networks.none',
  'learned.programs.none',
  'leaving.nothing',
  'rules.none',
  'series.no-incidents',
  'series.no-spans',
  'strangest.none',
  'timeline.none',
  'week.none',
];
/** … and what stands there as the answer itself: a thing that was looked for, or that cannot be known. Why. */
const answers: Readonly<Partial<Record<Key, string>>> = {
  'action.score.none': 'a value of one action',
  'advanced.epochs.none': 'a value that is not chosen',
  'alerts.none': 'a heading; alerts.none.why follows',
  'alerts.none.filtered': 'a filter that fits nothing, with the way out of it',
  'answer.none-left': 'the end of a row of alerts',
  'change.none': 'a value of one version',
  'curve.none': 'what this kind of model never has',
  'curve.no-unseen': 'what this model never will have; says to train again',
  'entity.none': 'a heading of what was looked for; entity.none.why follows',
  'entity.none.why': 'what was looked for is not there',
  'factors.none': 'the answer to a question about one alert',
  'familiar.none': 'the answer to a question about one alert',
  'first.nobody': 'says where to find out why',
  'fleet.alert.linked.none': 'the answer to a question about one alert',
  'fleet.alert.notes.none': 'the field to write one is below it',
  'fleet.answer.none': 'what a button does',
  'fleet.audit.none': 'a heading over what is told of people',
  'fleet.groups.none': 'a heading; fleet.groups.none.why follows',
  'fleet.groups.none.why': 'what to do so that there is something',
  'fleet.hosts.none': 'a heading; fleet.hosts.none.why follows',
  'fleet.inbox.empty': 'a heading; fleet.inbox.empty.why follows',
  'fleet.inbox.empty.why': 'when there will be something',
  'fleet.inbox.nobody': 'a value',
  'fleet.inbox.none': 'a filter that fits nothing, with the way out of it',
  'fleet.peers.nobody': 'the answer to a question about one fact',
  'fleet.peers.none': 'the answer to a question about one alert',
  'fleet.people.none': 'a heading; fleet.people.none.why follows',
  'fleet.shared.none': 'a heading; fleet.shared.none.why follows',
  'fleet.shared.none.why': 'what is compared',
  'fleet.workers.nobody': 'a value',
  'fleet.workers.none': 'a heading; fleet.workers.none.why follows',
  'fleet.workers.none.why': 'what to start',
  'further.session.none': 'what this log can never tell',
  'further.tree.none': 'what this log can never tell',
  'happened.none': 'the answer to a question about one alert',
  'health.none': 'a value',
  'inbox.empty': 'a heading; inbox.empty.why follows',
  'log.none': 'what is wrong with a log',
  'model.no-pace': 'a value that cannot be told yet',
  'models.none': 'a heading; assurance.nobody.why follows',
  'nav.state.nobody': 'a state of the program',
  'assurance.nobody': 'a heading; assurance.nobody.why follows',
  'rule.hides.none': 'the answer to a question about one rule',
  'search.none': 'a heading of what was looked for; search.none.why follows',
  'search.none.why': 'what was looked for is not there',
  'spread.none': 'what this model never will have',
  'test.none': 'what this desktop lacks',
  'timeline.nobody': 'a heading; assurance.nobody.why follows',
  'week.no-alert': 'a value of one hour',
  'setup.nothing': 'the answer to what would be changed',
};

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** The keys of texts that a component names. */
function keysIn(source: string): Set<string> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isNode(value) || Array.isArray(value)) return;
    if (value.type === 'Literal' && typeof value.value === 'string') found.add(value.value);
    Object.values(value).forEach(walk);
  };
  walk(parse(source, { modern: true }));
  return found;
}

/** Named as what stands where there is nothing. */
const EMPTY = /\.(?:none|nobody|empty|nothing|no-[a-z-]+)(?:\.|$)/;

describe('an empty list', () => {
  const named = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.svelte'))
    .flatMap((file) => [...keysIn(readFileSync(join(folder, file), 'utf8'))])
    .filter((key) => EMPTY.test(key) && Object.hasOwn(texts.en, key));

  it('has a text that is here: it says what will be there, or why it does not have to', () => {
    const unknown = [...new Set(named)].filter((key) => !saying.some((one) => one === key) && !(key in answers));
    expect(unknown).toEqual([]);
  });

  it.each(saying)('%s says what will be there, in both languages', (key) => {
    expect(named).toContain(key);
    expect(texts.en[key]).toMatch(/\b(?:here|appears?)\b/);
    expect(texts.de[key]).toMatch(/\b(?:hier(?:her)?|erschein\w+)\b/i);
  });

  it('names no text that there is not', () => {
    expect(Object.keys(answers).filter((key) => !Object.hasOwn(texts.en, key))).toEqual([]);
  });
});
