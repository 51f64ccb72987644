import fc from 'fast-check';
import { expect, it } from 'vitest';

import { Coded } from '../../models/bags/coded.ts';
import type { Encoded } from '../../models/features/encode.ts';
import { Counts } from '../../models/frequency/counts.ts';
import { Past } from '../../models/lstm/past.ts';
import { pack } from '../../models/packed.ts';

const bits = (numbers: Float32Array | Int32Array): number[] => [
  ...new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length),
];

it('codes numbers so that they come out to the bit, few different ones or many', () => {
  const few = fc.array(fc.constantFrom(0, -0, 0.1, 1, NaN, Infinity), { maxLength: 300 });
  const many = fc.array(fc.float(), { maxLength: 600, minLength: 300 });
  fc.assert(
    fc.property(fc.oneof(few, many), fc.nat({ max: 3 }), (values, skip) => {
      const numbers = Float32Array.from(values).subarray(Math.min(skip, values.length));
      expect(bits(Coded.numbers(Coded.of(numbers)))).toEqual(bits(numbers));
    }),
  );
  const all = Int32Array.from({ length: 70_000 }, (_, i) => -i);
  expect(Coded.of(all)).toBe(all);
  const most = Int32Array.from({ length: 70_000 }, (_, i) => -(i % 2 ** 16));
  expect(Coded.of(most)).not.toBe(most);
  expect(Coded.numbers(Coded.of(most))).toEqual(most);
});

const listsOf = (counts: readonly [number, number][]) => ({
  things: counts.map(([thing]) => thing),
  seen: counts.map(([, times]) => times),
});

it('counts as a map does, in the order in which things came', () => {
  const thing = fc.integer({ min: -30, max: 30 });
  fc.assert(
    fc.property(fc.array(fc.tuple(thing, fc.nat())), fc.array(thing), (known, seen) => {
      const [counts, map] = [new Counts(listsOf(known)), new Map(known)];
      for (const one of seen) {
        expect(counts.see(one)).toBe(map.get(one) ?? 0);
        map.set(one, (map.get(one) ?? 0) + 1);
      }
      expect(counts.save()).toEqual(listsOf([...map]));
      for (let one = -31; one <= 31; one++) expect(counts.of(one)).toBe(map.get(one) ?? 0);
    }),
  );
});

it('keeps a past in few bytes, and loses nothing of one that needs more', () => {
  const action = fc.record({
    time: fc.oneof(fc.integer({ min: 0, max: 2 ** 31 }), fc.constantFrom(0.5, -0, -7, 2 ** 33)),
    token: fc.oneof(fc.nat({ max: 99 }), fc.constantFrom(65_535, 65_536, 2 ** 31)),
    type: fc.oneof(fc.nat({ max: 63 }), fc.constantFrom(255, 256)),
    recency: fc.nat({ max: 5 }),
    port: fc.integer({ min: -1, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(action), fc.array(action), fc.nat({ max: 20 }), (earlier, later, most) => {
      const [one, other] = [earlier, later].map((actions) => Past.of(actions as unknown as Encoded[])) as [Past, Past];
      const left = [...earlier, ...later].slice(Math.max(0, earlier.length + later.length - most));
      const past = one.with(other, most);
      expect(past.length).toBe(left.length);
      left.forEach((own, at) => {
        expect(past.at(at)).toMatchObject(own);
      });
      const classes = left.flatMap(({ type, recency, port }) => [type, recency, port + 1]);
      const times = Float64Array.from(left, ({ time }) => time);
      const tokens = Uint32Array.from(left, ({ token }) => token);
      expect(past.save()).toEqual(pack([times, tokens, Uint32Array.from(classes)]));
    }),
  );
});
