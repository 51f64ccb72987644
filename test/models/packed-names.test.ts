import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  packedNames,
  packNames,
  unpackNames,
  type NestedNames,
  type PackedNames,
} from '../../models/features/packed-names.ts';

const part = fc.string({ unit: fc.constantFrom('a', '=', '', 'ü', '\u001f', '"', '/'), maxLength: 6 });

/** As an earlier version wrote them. */
function asBefore({ shapes, numbers, values }: PackedNames): NestedNames {
  const left = [...values];
  const countOf = (shape: string): number => shape.split('\u001f').filter((one) => one.endsWith('=')).length;
  return { shapes, names: numbers.map((number) => [number, left.splice(0, countOf(shapes[number]!))]) };
}

test('whatever names are packed, they come out again, in their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('\u001f'))),
      (names) => {
        const packed: unknown = JSON.parse(JSON.stringify(packNames(names)));
        expect(packedNames(100_000)(packed)).toBe(true);
        expect(unpackNames(packNames(names))).toEqual(names);
        expect(unpackNames(asBefore(packNames(names)))).toEqual(names);
      },
    ),
  );
});

test('names that do not fit together are refused', () => {
  expect(() => unpackNames({ shapes: ['q'], numbers: [1], values: [] })).toThrow(SyntaxError);
  expect(() => unpackNames({ shapes: ['q\u001fa='], numbers: [0], values: [] })).toThrow(SyntaxError);
  expect(() => unpackNames({ shapes: ['q'], numbers: [0], values: ['x'] })).toThrow(SyntaxError);
  expect(() => unpackNames({ shapes: ['q'], names: [[1, []]] })).toThrow(SyntaxError);
  expect(() => unpackNames({ shapes: ['q\u001fa='], names: [[0, []]] })).toThrow(SyntaxError);
  expect(() => unpackNames({ shapes: ['q'], names: [[0, ['x']]] })).toThrow(SyntaxError);
});
