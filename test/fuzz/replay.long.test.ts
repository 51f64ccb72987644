import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { random } from '../../models/random.ts';
import { hostile, Mutator } from './mutate.ts';
import { mustBeHarmless, mustBeUnpolluted } from './target.ts';
import { targets } from './targets.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'fuzz');

/** Few of the slow ones: each loads a model, or asks a database. */
const few: Readonly<Record<string, number>> = { models: 20, contract: 400, 'model-folders': 100, 'backup-rows': 100 };
const inputs = (name: string): number => few[name] ?? 2000;

describe.each(Object.keys(targets))('%s takes whatever comes', (name) => {
  it('what was found before, and some more', async () => {
    const target = await targets[name]!();
    const folder = join(fixtures, name);
    const found = existsSync(folder) ? readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')) : [];
    const corpus = [...target.seeds, ...found];
    const mutator = new Mutator(random(7), target.words);
    const more = Array.from({ length: inputs(name) }, () => {
      const parent = mutator.one(corpus);
      const mark = name === 'backup-rows' ? '=' : name === 'contract' || name === 'models' ? '\n' : undefined;
      const end = mark === undefined ? 0 : parent.indexOf(mark) + 1;
      return parent.slice(0, end) + mutator.text([parent.slice(end)]).slice(0, 20_000);
    });
    for (const input of [...corpus, ...more]) {
      await target.check(input);
      mustBeUnpolluted();
    }
    expect(corpus.length).toBeGreaterThan(0);
  });
});

it('every hostile text is noticed by the guard of what is shown', () => {
  const acting = hostile.filter(
    (value) => typeof value === 'string' && ['\u001b', '\u009b', '\u202e', '\u2028'].some((one) => value.includes(one)),
  );
  expect(acting.length).toBeGreaterThan(3);
  for (const text of acting)
    expect(() => {
      mustBeHarmless(text as string, 'a text');
    }).toThrow(/control characters/);
});
