import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Bags, type Bag } from '../../models/bags/bags.ts';
import { BagIndex } from '../../models/bags/similarities.ts';

const FIELDS = 12;
const anyBag = fc
  .uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: FIELDS }), fc.float({ min: Math.fround(0.01), max: 1, noNaN: true })),
    {
      selector: ([field]) => field,
      maxLength: FIELDS,
    },
  )
  .map((pairs): Bag => {
    const sorted = pairs.sort(([a], [b]) => a - b);
    return {
      fields: Int32Array.from(sorted, ([field]) => field),
      weights: Float32Array.from(sorted, ([, weight]) => weight),
    };
  });
const anyChange = fc.tuple(fc.integer({ min: 1, max: FIELDS + 2 }), fc.double({ min: -2, max: 2, noNaN: true }));

describe('the products with many bags', () => {
  it('are those with each of them, to the bit, however many of them have a field', () => {
    fc.assert(
      fc.property(fc.array(anyBag, { maxLength: 30 }), fc.array(anyChange, { maxLength: 20 }), (bags, changes) => {
        const products = new Float64Array(bags.length);
        const index = new BagIndex(Bags.of(bags));
        index.add(
          changes.map(([field, by]) => ({ field, by })),
          products,
        );
        const alone = bags.map(({ fields, weights }) =>
          changes.reduce((sum, [field, by]) => {
            const at = fields.indexOf(field);
            return at < 0 ? sum : sum + by * weights[at]!;
          }, 0),
        );
        expect([...products]).toEqual(alone);
      }),
    );
  });
});

it('gives the bags back to the bit, and each weight in them', () => {
  fc.assert(
    fc.property(fc.array(anyBag, { maxLength: 30 }), (all) => {
      const bags = Bags.of(all);
      const index = new BagIndex(bags);
      expect(index.bags()).toEqual(bags);
      for (const [b, { fields, weights }] of all.entries())
        for (let field = 1; field <= FIELDS + 1; field++)
          expect(index.weight(field, b)).toBe(weights[fields.indexOf(field)] ?? 0);
    }),
  );
});
