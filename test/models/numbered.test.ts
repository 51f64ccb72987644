import fc from 'fast-check';
import { expect, it } from 'vitest';

import { numbered } from '../../models/bags/numbered.ts';

it('numbers what comes in its order, near together or far apart', () => {
  const near = fc.integer({ min: -40, max: 40 });
  const any = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const edge = fc.constantFrom(-1, 0, 2 ** 16 - 2, 2 ** 16 - 1, 2 ** 16);
  fc.assert(
    fc.property(fc.oneof(fc.array(near), fc.array(edge), fc.array(fc.oneof(near, any))), (all) => {
      const { numbers, different } = numbered(Int32Array.from(all));
      expect([...different]).toEqual([...new Set(all)]);
      expect(Array.from(numbers, (number) => different[number])).toEqual(all);
    }),
  );
});
