import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BadPack, defaultPack, readPack } from '../../../src-main/engine/reading/pack.ts';

describe('a pack', () => {
  const good = {
    queries: { x: { query: 'SELECT 1;', learn: { label: 'X', importance: 5, columns: { a: 'word', b: 'port' } } } },
  };

  it('has a fingerprint a query of what a model sees, whatever the order', () => {
    const turned = { queries: { x: { learn: { columns: { b: 'port', a: 'word' }, importance: 7, label: 'Y' } } } };
    expect(readPack({ p: turned }).fingerprints).toEqual(readPack({ p: good }).fingerprints);
    const other = structuredClone(good);
    other.queries.x.learn.columns.a = 'path';
    expect(readPack({ p: other }).fingerprints).not.toEqual(readPack({ p: good }).fingerprints);
  });

  it('takes importance from the user’s scores', () => {
    expect(readPack({ p: good }, { x: 0 }).learning.get('x')!.importance).toBe(0);
  });

  it.each([
    [[], 'p.json: the file: must be a JSON object'],
    [{}, 'p.json: queries: must be a JSON object'],
    [{ queries: { x: {} } }, 'p.json: x.learn: must be a JSON object'],
    [{ queries: { x: { learn: { label: '', importance: 1, columns: {} } } } }, 'p.json: x: learn.label must be a text'],
    [
      { queries: { x: { learn: { label: 'X', importance: 11, columns: {} } } } },
      'learn.importance must be a number from 0 to 10',
    ],
    [
      { queries: { x: { learn: { label: 'X', importance: 1, columns: { a: 'colour' } } } } },
      'column a is «colour»; use one of word, path',
    ],
  ])('that is wrong is refused, saying where: %j', (pack, message) => {
    expect(() => readPack({ 'p.json': pack })).toThrow(BadPack);
    expect(() => readPack({ 'p.json': pack })).toThrow(message);
  });

  it('has the same fingerprints in any order of its queries and columns', () => {
    const kind = fc.constantFrom('word', 'path', 'port', 'identity');
    const query = fc.record({
      label: fc.constant('X'),
      importance: fc.integer({ min: 1, max: 10 }),
      columns: fc.dictionary(fc.string(), kind),
    });
    const turn = <T>(of: Record<string, T>): Record<string, T> => Object.fromEntries(Object.entries(of).toReversed());
    fc.assert(
      fc.property(fc.dictionary(fc.string(), query), (queries) => {
        const plain = Object.fromEntries(Object.entries(queries).map(([name, learn]) => [name, { learn }]));
        const turned = Object.fromEntries(
          Object.entries(queries).map(([name, learn]) => [name, { learn: { ...learn, columns: turn(learn.columns) } }]),
        );
        const { fingerprints } = readPack({ p: { queries: plain } });
        expect(readPack({ p: { queries: turn(turned) } }).fingerprints).toEqual(fingerprints);
        for (const fingerprint of fingerprints.values()) expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
  });

  it('takes a later file’s word for a query over an earlier one’s', () => {
    const later = { queries: { x: { learn: { label: 'Later', importance: 1, columns: {} } } } };
    expect(readPack({ a: good, b: later }).learning.get('x')!.label).toBe('Later');
  });

  it('knows no column that it does not name, whatever a row’s columns are called', () => {
    const { columns } = readPack({ p: good }).learning.get('x')!;
    for (const name of ['constructor', 'toString', '__proto__']) expect(columns[name]).toBeUndefined();
  });
});

describe('the packs that ship', () => {
  const { learning, evented, counted } = defaultPack();

  it('say which queries are of events', () => {
    expect([...evented].toSorted()).toEqual(['ev_hardware', 'ev_process', 'ev_socket', 'ev_syslog', 'ev_user']);
  });

  it.each([
    ['usb', true],
    ['logins', true],
    ['ev_process', true],
    ['process_start', false],
    ['shell_verb', false],
    ['open_sockets', false],
  ])('a gap in the counter of %s means lost results: %s', (query, means) => {
    expect(learning.has(query)).toBe(true);
    expect(counted.has(query)).toBe(means);
  });
});
