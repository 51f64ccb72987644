import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { placeLabels, readAttackLabels } from '../../../src-main/cli/evaluate/attack-labels.ts';
import { demandWithin, readLabels } from '../../../src-main/cli/evaluate/labels.ts';
import { scratch } from '../../scratch.ts';

const path = join(scratch(), 'labels');
const read = (text: string, of: 'both' | 'test' = 'both') => {
  writeFileSync(path, text);
  return readAttackLabels(path, of);
};
const units = (text: string) => {
  writeFileSync(path, `line_from,line_to,label\n${text}\n`);
  return readLabels(path);
};
const label = (more: object): string => JSON.stringify({ id: 'x', user: 'alice', ...more });
const both = { lines: [[101, 103]], file_lines: [[1, 3]], from_line: 101, to_line: 103 };

describe('labels of attacks', () => {
  it('count both logs together, or the test log alone', () => {
    expect(read(label(both))[0]?.lines).toEqual([[101, 103]]);
    expect(read(label(both), 'test')[0]?.lines).toEqual([[1, 3]]);
  });

  it('may tell a first and a last line only', () => {
    const lines = { from_line: 7, to_line: 9 };
    for (const of of ['both', 'test'] as const) expect(read(label(lines), of)[0]?.lines).toEqual([[7, 9]]);
  });

  it('are the same attack whichever they count', () => {
    const run = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.nat(20)).map(([first, more]) => [first, first + more]);
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 4 }), fc.nat(1000), (runs, before) => {
        const lines = runs.map(([first, last]) => [first! + before, last! + before]);
        const text = label({ lines, file_lines: runs });
        const [one, other] = (['both', 'test'] as const).map((of) =>
          placeLabels(path, read(text, of), of, { before, test: 520 }),
        );
        expect(one).toEqual(other);
        expect(one).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });

  it('keep what they tell of the kind of attack', () => {
    const kinds = { family: 'chain', entry: 'ssh', inHours: false };
    expect(read(label({ ...both, ...kinds, technique: 'T1041' }))[0]).toMatchObject({
      ...kinds,
      mitre: 'T1041',
      name: 'x',
      strength: '',
    });
    expect(read(label({ ...both, family: 7 }))[0]).not.toHaveProperty('family');
  });

  it.each([
    ['no JSON', '{"id":', /line 2 is not JSON/],
    ['no object', 'null', /line 2 is no label: it needs id, user, and lines/],
    ['no user', '{"id":"x","lines":[[1,2]]}', /line 2 is no label/],
    ['no lines', label({}), /line 2 is no label/],
    ['only lines of the file', label({ file_lines: [[1, 2]] }), /say --labels-of test/],
    ['no run of lines', label({ lines: [] }), /line 2 is no label/],
    ['line 0', label({ lines: [[0, 2]] }), /line 2 is no label/],
    ['an end before its beginning', label({ lines: [[3, 2]] }), /line 2 is no label/],
    ['half a line', label({ lines: [[1, 2.5]] }), /line 2 is no label/],
    ['lines in words', label({ from_line: '1', to_line: '2' }), /line 2 is no label/],
  ])('with %s are refused', (_, text, message) => {
    expect(() => read(`\n${text}\n`)).toThrow(message);
  });

  it('are refused where there are none, and where there is no file', () => {
    expect(() => read('\n')).toThrow(/there is no label in it/);
    expect(() => readAttackLabels(`${path}-none`, 'both')).toThrow(/no such file/);
    expect(() => readAttackLabels('/', 'both')).toThrow(/cannot be read \(EISDIR\)/);
  });

  it('are left out in the log to learn from, and refused beyond the end', () => {
    const [within, past] = [label({ lines: [[150, 200]] }), label({ lines: [[1, 100]] })];
    const lengths = { before: 100, test: 100 };
    const labels = read(`${past}\n${within}\n`);
    expect(placeLabels(path, labels, 'both', lengths).map(({ at }) => at)).toEqual([2]);
    expect(() => placeLabels(path, labels, 'both', { ...lengths, test: 99 })).toThrow(
      /line 2 ends at line 200, and both logs together have 199; see --labels-of/,
    );
    expect(() => placeLabels(path, read(within, 'test'), 'test', lengths)).toThrow(
      /line 1 ends at line 200, and the test log has 100/,
    );
  });
});

describe('labels of units', () => {
  it('are stretches with 1 for another’s', () => {
    expect(units('1,10,0\n11,20,1')).toEqual([
      { from: 1, to: 10, label: 0 },
      { from: 11, to: 20, label: 1 },
    ]);
  });

  it.each([
    ['0,10,0', /line 2 has no line numbers/],
    ['5,4,0', /line 2 has no line numbers/],
    ['1,,0', /line 2 has no line numbers/],
    ['1,10,', /line 2 has no label/],
    ['1,10,yes', /line 2 has no label/],
  ])('“%s” is refused', (row, message) => {
    expect(() => units(row)).toThrow(message);
  });

  it('are refused beyond the end of the log', () => {
    const some = units('1,10,0\n11,20,1');
    demandWithin(path, some, 20);
    expect(() => {
      demandWithin(path, some, 19);
    }).toThrow(/line 3 ends at line 20, and the test log has 19/);
  });
});
