import fc from 'fast-check';
import { expect, it } from 'vitest';

import { NumberReader } from '../../../models/ocsvm/number-reader.ts';

const readerOf = (text: string): NumberReader => {
  const bytes = new TextEncoder().encode(text);
  return new NumberReader(bytes, 0, bytes.length);
};
/** As `Number` does, but that nothing is no number. */
const expected = (text: string): number => (text === '' ? NaN : Math.fround(Number(text)));

const share = fc.float({ min: -1, max: 1, noNaN: true });
/** Where one number of 32 bits ends and the next begins: the last digit of 64 bits decides. */
const between = share.map((value) => {
  const [floats, bits] = [new Float32Array([value]), new Int32Array(1)];
  bits[0] = new Int32Array(floats.buffer)[0]! ^ 1;
  return (value + new Float32Array(bits.buffer)[0]!) / 2;
});
const fraction = fc
  .tuple(fc.constantFrom('', '-'), fc.stringMatching(/^\d{1,25}$/))
  .map(([sign, d]) => `${sign}0.${d}`);
const text = fc.oneof(
  share.map(String),
  between.map(String),
  between.map((value) => value.toFixed(20)),
  fraction,
  fc.double().map(String),
  fc.stringMatching(/^[-+.0-9e]{0,8}$/),
);

it('reads numbers to the bit as Number and fround do, and goes on behind them', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), (texts) => {
      const reader = readerOf(texts.join(' '));
      expect(texts.map(() => reader.float32())).toEqual(texts.map(expected));
      expect(reader.at).toBe(texts.join(' ').length + 1);
    }),
    { numRuns: 1000 },
  );
});

it('reads whole numbers before a mark, and nothing else', () => {
  const mark = ':'.charCodeAt(0);
  const reader = readerOf('70:71:5');
  expect([reader.whole(mark), reader.whole(mark), reader.whole(mark), reader.at]).toEqual([70, 71, NaN, 6]);
  for (const other of ['', ':', '-1:', '1.5:', '1 :', 'x:']) expect(readerOf(other).whole(mark)).toBeNaN();
});
