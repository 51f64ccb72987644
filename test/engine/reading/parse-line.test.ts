import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { lineParser, type Parsed } from '../../../src-main/engine/reading/parse-line.ts';

const parse = lineParser(defaultPack());
const T = 1_750_000_000;
const event = {
  name: 'pack_user-behavior_usb',
  hostIdentifier: 'desk',
  calendarTime: 'Sun Jun 15 15:06:40 2025 UTC',
  unixTime: T,
  epoch: 0,
  counter: 3,
  numerics: false,
  columns: { model: 'stick', serial: '1' },
  action: 'added',
};
const of = (changed: object, without: string[] = []): Parsed => {
  const entries = Object.entries({ ...event, ...changed }).filter(([key]) => !without.includes(key));
  return parse(JSON.stringify(Object.fromEntries(entries)));
};
const usb = (change: string, model: string): object => ({ query: 'usb', change, time: T, columns: { model } });

describe('every form that osquery writes', () => {
  it('event', () => {
    expect(of({})).toEqual({
      name: 'pack_user-behavior_usb',
      counted: true,
      ok: true,
      host: 'desk',
      query: 'usb',
      epoch: 0,
      counter: 3,
      badRows: 0,
      actions: [{ query: 'usb', change: 'added', time: T, columns: { model: 'stick', serial: '1' } }],
    });
  });

  it('batch: what is gone before what is new', () => {
    const diffResults = { added: [{ model: 'new' }], removed: [{ model: 'old' }] };
    expect(of({ diffResults }, ['columns', 'action'])).toMatchObject({
      actions: [usb('removed', 'old'), usb('added', 'new')],
    });
  });

  it('snapshot', () => {
    const snapshot = [{ model: 'one' }, { model: 'two' }];
    expect(of({ snapshot, action: 'snapshot' }, ['columns'])).toMatchObject({
      actions: [usb('snapshot', 'one'), usb('snapshot', 'two')],
    });
  });

  it('snapshot as events', () => {
    expect(of({ action: 'snapshot', columns: { model: 'one' } })).toMatchObject({ actions: [usb('snapshot', 'one')] });
  });

  it('numbers as strings, and the older name of the host', () => {
    const strings = of({ unixTime: String(T), epoch: '7', counter: '9', hostname: 'old' }, ['hostIdentifier']);
    expect(strings).toMatchObject({ ok: true, host: 'old', epoch: 7, counter: 9, actions: [{ time: T }] });
    expect(of({ hostIdentifier: '', hostname: 'old' })).toMatchObject({ host: 'old' });
  });

  it('column values that are no strings', () => {
    const columns = { a: 1, b: true, c: null, d: { e: [1] } };
    expect(of({ columns })).toMatchObject({ actions: [{ columns: { a: '1', b: 'true', c: '', d: '{"e":[1]}' } }] });
  });

  it('decorations, nested or at the top', () => {
    expect(of({ decorations: { columns: 'x', username: 'root' } })).toEqual(of({}));
    expect(of({ username: 'root', uuid: 'x' })).toEqual(of({}));
  });

  it('the first full result of a query is a baseline', () => {
    expect(of({ counter: 0 })).toMatchObject({ actions: [{ baseline: true }] });
    expect(of({}, ['counter', 'epoch'])).toMatchObject({ counter: undefined, epoch: undefined });
  });

  it.each([
    ['a snapshot, which always says counter 0', { action: 'snapshot', snapshot: [{ model: 'one' }] }],
    ['a snapshot as events', { action: 'snapshot' }],
    ['an event of a pack of ours', { name: 'pack_user-behavior-events_ev_process' }],
    ['an event of another pack', { name: 'pack_theirs_socket_events' }],
  ])('%s is no baseline', (_, changed) => {
    const parsed = of({ counter: 0, ...changed }) as Extract<Parsed, { ok: true }>;
    expect(parsed.actions).toHaveLength(1);
    expect(parsed.actions[0]).not.toHaveProperty('baseline');
  });

  it('empty lists as older osqueryds wrote them', () => {
    const diffResults = { added: [{ model: 'new' }], removed: '' };
    expect(of({ diffResults }, ['columns', 'action'])).toMatchObject({ actions: [usb('added', 'new')], badRows: 0 });
    expect(of({ snapshot: '', action: 'snapshot' }, ['columns'])).toMatchObject({ ok: true, actions: [], badRows: 0 });
  });

  it.each(['\ufeff', '\0\0\0', '\0\ufeff'])('with %j before it', (padding) => {
    const line = JSON.stringify(event);
    expect(parse(padding + line)).toEqual(parse(line));
    expect(parse(`${line}\0\r`)).toMatchObject({ ok: false });
    expect(parse(`${line}\0`)).toEqual(parse(line));
  });
});

describe('when it happened', () => {
  it.each([
    ['the event’s own time', { time: String(T - 50) }, T - 50],
    ['the line’s, where the own one is no time', { time: 'Fri 10:00' }, T],
    ['the line’s, where the own one is 0', { time: '0' }, T],
    ['the line’s, where the own one lies far ahead', { time: String(T + 200_000) }, T],
  ])('is %s', (_, columns, time) => {
    expect(of({ name: 'pack_user-behavior-events_ev_user', columns })).toMatchObject({ actions: [{ time }] });
    expect(of({ name: 'pack_user_behavior_process_events', columns })).toMatchObject({ actions: [{ time }] });
  });

  it('is the line’s where `time` tells when a state began: a login’s end is not at its beginning', () => {
    const columns = { user: 'alice', time: String(T - 50) };
    expect(of({ name: 'pack_user-behavior_logins', action: 'removed', columns })).toMatchObject({
      actions: [{ time: T, columns }],
    });
  });
});

it.each([
  ['PASS=secret TOKEN="x" curl', 'PASS=*** TOKEN=*** curl'],
  ['curl --data a=b', 'curl --data a=b'],
  ['A=1', 'A=***'],
  ['PASS="two words" TOKEN=\'a b\' curl "x=y"', 'PASS=*** TOKEN=*** curl "x=y"'],
  ['PASS="cut', 'PASS=***'],
  ['PASS=a\\ b curl', 'PASS=*** curl'],
  ['PASS="a\\" b" curl', 'PASS=*** curl'],
  ['PASS=$(cat key) curl', 'PASS=*** key) curl'],
  ['PASS="ends in \\', 'PASS=***'],
])('what is typed keeps no secret given as an assignment: %s', (typed, kept) => {
  for (const column of ['verb', 'command', 'cmdline']) {
    expect(of({ columns: { [column]: typed } })).toMatchObject({ actions: [{ columns: { [column]: kept } }] });
  }
});

it.each([
  ['X+=secret', 'X+=***'],
  ['a[0]=secret', 'a[0]=***'],
  ['--password=secret', '--password=***'],
])('a verb keeps nothing of what it assigns: %s', (verb, kept) => {
  expect(of({ columns: { verb } })).toMatchObject({ actions: [{ columns: { verb: kept } }] });
});

describe('a line that is no result is refused with its reason', () => {
  it.each([
    ['{', 'not-json'],
    ['[]', 'not-an-object'],
    ['null', 'not-an-object'],
    ['{}', 'no-name'],
    ['{"name":1}', 'no-name'],
    ['{"name":"x"}', 'no-time'],
    ['{"name":"x","unixTime":"soon"}', 'no-time'],
    ['{"name":"x","unixTime":1e300}', 'no-time'],
    [JSON.stringify({ ...event, action: 'added', columns: undefined }), 'no-rows'],
    [JSON.stringify({ ...event, action: 'changed' }), 'bad-action'],
    [JSON.stringify({ ...event, action: undefined }), 'bad-action'],
    [JSON.stringify({ ...event, action: undefined, columns: undefined, diffResults: { added: 1 } }), 'no-rows'],
    ['\0\0', 'not-json'],
    [JSON.stringify({ ...event, columns: 'x' }), 'bad-row'],
  ])('%s: %s', (text, refusal) => {
    expect(parse(text)).toMatchObject({ ok: false, refusal });
  });

  it('without anything in the reason that acts in a terminal', () => {
    const refused = parse('\u001b[31m\u202e{');
    expect(refused.ok).toBe(false);
    expect((refused as { detail: string }).detail).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });
});

it('keeps the good rows of a batch and counts the bad', () => {
  const diffResults = { added: [{ model: 'x' }, 'nonsense', null], removed: [] };
  expect(of({ diffResults }, ['columns', 'action'])).toMatchObject({ actions: [usb('added', 'x')], badRows: 2 });
  const odd = { added: [{ model: 'x' }], removed: { model: 'y' } };
  expect(of({ diffResults: odd }, ['columns', 'action'])).toMatchObject({ actions: [usb('added', 'x')], badRows: 1 });
});

it('masks any text in time that grows with its length, and never more than its start', () => {
  const pieces = fc.constantFrom('A=', 'B', '"', "'", '\\', ' ', '=', '$(', 'x', '\n');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (typed) => {
      const verb = `cmd ${typed.join('')}`;
      const read = of({ columns: { verb } });
      const kept = read.ok ? read.actions[0]!.columns.verb! : '';
      // Nothing in it is a secret: only what lies in quotes deeper than anybody looks is hidden, from the fifth on.
      if (kept !== verb) expect(kept).toMatch(/^cmd (?:[^"']*["']){5,}\*{3}/);
      if (kept !== verb) expect(verb.startsWith(kept.slice(0, kept.indexOf('***')))).toBe(true);
      const secret = `S=hidden${typed.join('')}`;
      const parsed = of({ columns: { verb: secret } });
      expect(JSON.stringify(parsed)).not.toContain('hidden');
    }),
    // Five quotes in one another.
    { examples: [[["'", "'", '\\', "'", '"', "'", ' ']]] },
  );
  const long = `A="${'\\"='.repeat(50_000)}`;
  expect(of({ columns: { verb: long } })).toMatchObject({ actions: [{ columns: { verb: 'A=***' } }] });
});

it('never throws, whatever JSON or text comes', () => {
  const keys = fc.constantFrom(...Object.keys(event), 'snapshot', 'diffResults', 'hostname', '__proto__');
  fc.assert(fc.property(fc.dictionary(keys, fc.jsonValue()), (line) => void parse(JSON.stringify(line))));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parse(text)));
});

describe('a value nested deeper than can be written again', () => {
  const deep = (text: string): Parsed => parse(text.replace('"DEEP"', '['.repeat(100_000) + ']'.repeat(100_000)));

  it('makes its row a bad one, and the others are kept', () => {
    const columns = { model: 'DEEP' };
    expect(deep(JSON.stringify({ ...event, columns }))).toMatchObject({ ok: false, refusal: 'bad-row' });
    const snapshot = [{ model: 'one' }, { model: 'DEEP' }, { model: 'two' }];
    expect(deep(JSON.stringify({ ...event, action: 'snapshot', snapshot }))).toMatchObject({
      actions: [usb('snapshot', 'one'), usb('snapshot', 'two')],
      badRows: 1,
    });
  });

  it('is refused like any other in the place of a time or an action', () => {
    expect(deep(JSON.stringify({ ...event, unixTime: 'DEEP' }))).toMatchObject({ ok: false, refusal: 'no-time' });
    expect(deep(JSON.stringify({ ...event, action: 'DEEP' }))).toMatchObject({ ok: false, refusal: 'bad-action' });
  });
});

it('looks at a long run of NULs inside a line once only: each again for each would take minutes', () => {
  expect(parse(`{${'\0'.repeat(1_000_000)}x`)).toMatchObject({ ok: false, refusal: 'not-json' });
});

it('gives back the columns of any row, in any order, and harms no prototype', () => {
  const name = fc
    .oneof(fc.string({ minLength: 1 }), fc.constantFrom('__proto__', 'constructor', 'toString'))
    .filter((key) => !['time', 'verb', 'command', 'cmdline'].includes(key));
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, fc.string()), { selector: ([key]) => key }), (pairs) => {
      const body = (list: [string, string][]): string =>
        list.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join();
      const line = (list: [string, string][]): Parsed =>
        parse(JSON.stringify({ ...event, columns: 0 }).replace('"columns":0', () => `"columns":{${body(list)}}`));
      const parsed = line(pairs);
      expect(parsed).toEqual(line(pairs.toReversed()));
      const columns = (parsed as unknown as { actions: { columns: object }[] }).actions[0]!.columns;
      expect(Object.entries(columns).sort()).toEqual(pairs.toSorted());
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    }),
  );
});
