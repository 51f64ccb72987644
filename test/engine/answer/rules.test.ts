import { describe, expect, it } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { ruleText } from '../../../src-main/contract/story/rules.ts';
import { rulesDe } from '../../../src-main/contract/story/rules-de.ts';
import { rulesEn } from '../../../src-main/contract/story/rules-en.ts';
import { offered, type ScopeKind } from '../../../src-main/contract/story/scope-kinds.ts';
import { offersOf } from '../../../src-main/engine/answer/offers.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { fits, isScope, partsOf, scopeOf, scopeOfKinds, type Scope } from '../../../src-main/engine/feedback/scope.ts';
import events from '../../../conf/user-behavior-events.json' with { type: 'json' };
import modern from '../../../conf/user-behavior.json' with { type: 'json' };
import { rowsOfPacks } from './rows-of-packs.ts';

const { learning } = defaultPack();
const at = (hour: number): number => new Date(2026, 10, 25, hour, 12).getTime() / 1000;
const actionOf = (query: string, columns = rowsOfPacks[query]!.columns, hour = 2): Action => ({
  query,
  change: 'added',
  time: at(hour),
  columns,
});
const queries = Object.keys(rowsOfPacks);
const all = queries.map((query) => actionOf(query));
const fitted = (scope: Scope, rows: readonly Action[] = all): string[] =>
  rows.filter((action) => fits(scope, action, learning)).map(({ query }) => query);
/** Numbers that only name a row, and amounts. */
const tellsNothing: ReadonlySet<string> = new Set(['identity', 'quantity']);
const sentence = (scope: Scope): string => ruleText(partsOf(scope, learning), 'dave', 'en');

it('is tried with a row of every query of our packs', () => {
  expect(queries.sort()).toEqual([...Object.keys(modern.queries), ...Object.keys(events.queries)].sort());
});

describe.each(Object.entries(rowsOfPacks))('of %s', (query, { columns, fact, program, address }) => {
  const own = actionOf(query);
  const columnKinds = learning.get(query)!.columns;
  const scope = (kind: ScopeKind): Scope | undefined => scopeOf(own, kind, learning);

  it('the fact is named, and hides itself and nothing that is told otherwise', () => {
    const exact = scope('action');
    expect(exact && sentence(exact)).toBe(fact ?? undefined);
    if (!exact) return;
    expect(fitted(exact)).toEqual([query]);
    for (const [column, value] of Object.entries(columns)) {
      const other = actionOf(query, { ...columns, [column]: value === '9999999' ? '1' : '9999999' });
      expect([column, fits(exact, other, learning)]).toEqual([column, tellsNothing.has(columnKinds[column]!)]);
    }
  });

  it('a program is one that the row is about, never just a path in it', () => {
    expect(scope('program')).toEqual(program === undefined ? undefined : { program });
    if (program === undefined) return;
    const name = program.split('/').at(-1)!;
    const named = queries.filter((other) => rowsOfPacks[other]!.program?.split('/').at(-1) === name);
    expect(fitted({ program }).sort()).toEqual(named.sort());
    expect(sentence({ program })).toBe(`whatever ${program} does, and the command ${name}`);
    for (const path of Object.values(columns).filter((value) => value.startsWith('/') && value !== program))
      expect([path, fits({ program: path }, own, learning)]).toEqual([path, false]);
  });

  it('an address is that of another machine', () => {
    expect(scope('address')).toEqual(address === undefined ? undefined : { address });
    if (address !== undefined) expect(fitted({ address })).toEqual([query]);
  });

  it('the whole query hides all of it and nothing of another; an hour hides all of that hour', () => {
    expect(fitted(scope('query')!)).toEqual([query]);
    const other = Object.fromEntries(Object.keys(columns).map((column) => [column, 'x']));
    expect(fits(scope('query')!, actionOf(query, other), learning)).toBe(true);
    expect(fitted(scope('hour')!)).toHaveLength(queries.length);
    expect(
      fitted(
        scope('hour')!,
        queries.map((one) => actionOf(one, undefined, 5)),
      ),
    ).toEqual([]);
  });

  it('each offer hides exactly what it says, of rows of every query, by day and by night', () => {
    const rows = [2, 5].flatMap((hour) => queries.map((one) => actionOf(one, undefined, hour)));
    const nameOf = (path: string | undefined): string | undefined => path?.split('/').at(-1);
    const says: Readonly<Record<ScopeKind, (row: Action) => boolean>> = {
      action: (row) => row.query === query,
      program: (row) => nameOf(rowsOfPacks[row.query]!.program) === nameOf(program),
      address: (row) => rowsOfPacks[row.query]!.address === address,
      query: (row) => row.query === query,
      hour: ({ time }) => time === own.time,
    };
    for (const { kinds } of offersOf(own, learning)) {
      const scope = scopeOfKinds(own, kinds, learning)!;
      const named = (row: Action): string => `${row.query} at ${row.time}`;
      const hidden = rows.filter((row) => fits(scope, row, learning)).map(named);
      expect([kinds, hidden]).toEqual([kinds, rows.filter((row) => kinds.every((kind) => says[kind](row))).map(named)]);
    }
  });

  it('what is offered fits the row, says how wide it is, and is what it would be made of again', () => {
    const offers = offersOf(own, learning);
    const widths = ['narrow', 'medium', 'wide', 'very-wide'];
    expect(offers.map(({ width }) => widths.indexOf(width))).toEqual(
      offers.map(({ width }) => widths.indexOf(width)).sort((a, b) => a - b),
    );
    expect(offers.length).toBeGreaterThan(1);
    for (const { kinds, holds } of offers) {
      const made = scopeOfKinds(own, kinds, learning)!;
      expect([fits(made, own, learning), isScope(JSON.parse(JSON.stringify(made)))]).toEqual([true, true]);
      expect(holds).toEqual(partsOf(made, learning));
    }
    const without = [
      ...(fact === null ? ['action'] : []),
      ...(program === undefined ? ['program', 'program,hour'] : []),
      ...(address === undefined ? ['address'] : []),
    ];
    const expected = offered.map(({ kinds }) => kinds.join()).filter((kinds) => !without.includes(kinds));
    expect(offers.map(({ kinds }) => kinds.join())).toEqual(expected);
  });
});

it('says how wide a rule over a whole shell is, in both languages', () => {
  const wide = offersOf(actionOf('shell_verb'), learning).find(({ kinds }) => kinds.join() === 'query')!;
  expect([wide.width, ruleText(wide.holds, 'dave', 'en'), ruleText(wide.holds, 'dave', 'de')]).toEqual([
    'very-wide',
    'any command in dave’s shell',
    'jeder Befehl in der Shell von dave',
  ]);
  const night: Scope = { program: '/usr/bin/nc', hours: [2, 3] };
  expect(sentence(night)).toBe('whatever /usr/bin/nc does, and the command nc, between 02:00 and 03:00');
  expect(sentence({ hours: [22, 3] })).toBe('anything that dave does, between 22:00 and 03:00');
});

it('of an older version that took a history file for a program hides nothing, and says what it was', () => {
  const old = { program: '/home/dave/.bash_history' };
  expect(fitted(old)).toEqual([]);
  expect(sentence(old)).toContain('/home/dave/.bash_history');
});

it('of an older version that held an amount fits whatever the amount is', () => {
  const { columns } = rowsOfPacks.shell_verb!;
  const { time: _, ...values } = columns;
  const old: Scope = { action: { query: 'shell_verb', values: { ...values, len: '2^6' } } };
  expect(fitted(old)).toEqual(['shell_verb']);
  expect(fits(old, actionOf('shell_verb', { ...columns, verb: 'ls' }), learning)).toBe(false);
});

it('open files that a process holds are no programs', () => {
  const open = { query: 'open_files', columns: { pid: '7', fd: '3', path: '/home/dave/notes.txt' } };
  expect(scopeOf({ ...open, change: 'added', time: 1 }, 'program', learning)).toBeUndefined();
});

it('is worded in both languages with the same values', () => {
  const valuesOf = (entry: unknown): string[] => [...JSON.stringify(entry).matchAll(/\{\w+\}/g)].map(String).sort();
  for (const key of Object.keys(rulesEn) as (keyof typeof rulesEn)[])
    expect([key, [...new Set(valuesOf(rulesDe[key]))]]).toEqual([key, [...new Set(valuesOf(rulesEn[key]))]]);
});
