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
