import fc from 'fast-check';
import { expect, it } from 'vitest';

import { FieldRows } from '../../models/bags/field-rows.ts';

const field = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

it('a field has the row that it was given, and another has none', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.oneof(field, fc.integer({ min: -40, max: 40 }))),
      fc.array(field),
      (fields, others) => {
        const rows = new FieldRows(fields);
        expect(rows.size).toBe(fields.length);
        expect(fields.map((one) => rows.row(one))).toEqual(fields.map((_, at) => at));
        for (const other of [...others, 0]) if (!fields.includes(other)) expect(rows.row(other)).toBe(-1);
      },
    ),
  );
});

it('takes fields that stand there twice as if they stood there first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 20 })), (fields) => {
      const rows = FieldRows.of(fields);
      expect([...rows.all()]).toEqual([...new Set(fields)]);
      for (let one = -21; one <= 21; one++) expect(rows.row(one)).toBe([...new Set(fields)].indexOf(one));
    }),
  );
});

it('gives a new field the next row, and one that it has none', () => {
  fc.assert(
    fc.property(fc.uniqueArray(field), fc.array(fc.oneof(field, fc.integer({ min: -20, max: 20 }))), (fields, more) => {
      const rows = new FieldRows(fields);
      const known = new Map(fields.map((one, row) => [one, row]));
      for (const one of more) {
        if (!known.has(one)) known.set(one, known.size);
        expect(rows.add(one)).toBe(known.get(one));
      }
      expect([...rows.all()]).toEqual([...known.keys()]);
      expect([...known.keys()].map((one) => rows.row(one))).toEqual([...known.values()]);
    }),
  );
});

it('has room for more than two bytes can number', () => {
  const rows = new FieldRows();
  for (let one = 0; one < 70_000; one++) rows.add(3 * one);
  expect([0, 65_534, 65_535, 65_536, 69_999].map((one) => rows.row(3 * one))).toEqual([
    0, 65_534, 65_535, 65_536, 69_999,
  ]);
  expect(rows.row(1)).toBe(-1);
});
