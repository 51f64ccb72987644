import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';

import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { osqueryDatabase } from './osquery-database.ts';

interface Query {
  query?: string;
  interval?: number;
  removed?: false;
  description?: string;
  learn: { label: string; columns: Record<string, string> };
}
const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, '../../conf', name), 'utf8'));
const queriesOf = (name: string): [string, Query][] =>
  Object.entries((read(name) as { queries: Record<string, Query> }).queries);
const flagLines = readFileSync(join(import.meta.dirname, '../../conf/osquery.flags'), 'utf8')
  .trimEnd()
  .split('\n');
/** Name and value of each flag that is set, or of each that is offered behind a `#`. */
const flagsOf = (offered: boolean): [string, string][] =>
  flagLines
    .map((line) => (offered ? /^#--(\w+)=(.+)$/ : /^--(\w+)=(.+)$/).exec(line))
    .filter((match) => match !== null)
    .map(([, name, value]) => [name!, value!]);
const asked = [...queriesOf('user-behavior.json'), ...queriesOf('user-behavior-events.json')];

const db = osqueryDatabase();

const schema = new Ajv({ strictSchema: false }).addSchema(read('pack.schema.json') as object, 'pack');
const validate = schema.getSchema('pack')!;
const validateConfiguration = schema.getSchema('pack#/definitions/configuration')!;

it.each(['user-behavior.json', 'user-behavior-events.json', 'legacy-2017.json'])('%s is as the schema says', (name) => {
  expect([validate(read(name)), validate.errors]).toEqual([true, null]);
});

it('the schema refuses a kind that nobody knows', () => {
  const wrong = { queries: { x: { learn: { label: 'X', importance: 1, columns: { a: 'colour' } } } } };
  expect(validate(wrong)).toBe(false);
});

describe.each(asked)('%s', (_, { query, interval, description, learn }) => {
  it('can be asked of the tables that osquery has, and answers exactly the columns that are learned from', () => {
    const columns = db
      .prepare(query!)
      .columns()
      .map(({ name }) => name);
    expect(columns.toSorted()).toEqual(Object.keys(learn.columns).toSorted());
  });

  it('says how often it is asked and what for', () => {
    expect(interval).toBeGreaterThan(0);
    expect(description).toMatch(/\.$/);
  });

  it('is explained in docs/osquery.md', () => {
    const docs = readFileSync(join(import.meta.dirname, '../../docs/osquery.md'), 'utf8');
    expect(docs).toContain(`| \`${_}\``);
  });
});

describe('the pack of events', () => {
  const [discovery] = (read('user-behavior-events.json') as { discovery: [string] }).discovery;
  const wakesUp = (flags: Record<string, string>): boolean => {
    db.exec('DELETE FROM osquery_flags');
    const add = db.prepare('INSERT INTO osquery_flags VALUES (?, ?)');
    for (const [name, value] of Object.entries(flags)) add.run(name, value);
    return db.prepare(discovery).all().length > 0;
  };

  it.each([
    [false, { disable_audit: 'true', enable_syslog: 'false' }],
    [true, { disable_audit: 'false', enable_syslog: 'false' }],
    [true, { disable_audit: 'true', enable_syslog: 'true' }],
  ])('wakes up: %s, with %j', (awake, flags) => {
    expect(wakesUp(flags)).toBe(awake);
  });

  it('sleeps as shipped, and wakes up when its switches lose their #', () => {
    const switched = Object.fromEntries(flagsOf(true));
    expect(wakesUp({ disable_audit: 'true', enable_syslog: 'false', ...Object.fromEntries(flagsOf(false)) })).toBe(
      false,
    );
    expect(switched).toMatchObject({ disable_audit: 'false', enable_syslog: 'true' });
    expect(wakesUp(switched)).toBe(true);
  });
});

it('osquery.conf is as the schema says and offers both packs by their names', () => {
  expect([validateConfiguration(read('osquery.conf')), validateConfiguration.errors]).toEqual([true, null]);
  const { packs } = read('osquery.conf') as { packs: Record<string, string> };
  expect(Object.keys(packs)).toEqual(['user-behavior', 'user-behavior-events']);
  for (const [name, path] of Object.entries(packs)) expect(path).toBe(`/etc/osquery/packs/${name}.json`);
  for (const path of Object.values(packs)) expect(() => read(basename(path))).not.toThrow();
});

it('the schema refuses options that osquery would not understand', () => {
  const { options, packs } = read('osquery.conf') as { options: object; packs: object };
  for (const wrong of [{ options }, { options: { ...options, utc: true }, packs }, { options, packs, learn: {} }]) {
    expect(validateConfiguration(wrong)).toBe(false);
  }
});

it('osquery.flags leaves the mode of the log alone: a value is octal for one version and decimal for another', () => {
  expect([...flagsOf(false), ...flagsOf(true)].map(([name]) => name)).not.toContain('logger_mode');
});

it('osquery.flags holds flags and comments, one a line, and none that osquery.conf would override', () => {
  for (const line of flagLines) expect(line).toMatch(/^(?:$|# |#?--[a-z_]+=\S+$)/);
  expect(flagsOf(false)).toContainEqual(['config_path', '/etc/osquery/osquery.conf']);
  const { options } = read('osquery.conf') as { options: object };
  for (const [name] of [...flagsOf(false), ...flagsOf(true)]) expect(options).not.toHaveProperty(name);
});

it('what was asked in 2017 is known too, and all of it makes one pack', () => {
  const { learning } = defaultPack();
  expect(queriesOf('legacy-2017.json').map(([name]) => name)).toHaveLength(10);
  expect(learning.size).toBe(asked.length + 10 - 1 /* kernel_modules is asked by both */);
});
