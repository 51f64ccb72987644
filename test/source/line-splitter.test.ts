import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { SourceLine, SourceRefusal } from '../../src-main/contract/batch.ts';
import { LineSplitter } from '../../src-main/source/line-splitter.ts';

function split(
  bytes: Buffer,
  cuts: readonly number[],
  cap = 1000,
): { lines: SourceLine[]; refused: SourceRefusal[]; offset: number } {
  const splitter = new LineSplitter(cap);
  const lines: SourceLine[] = [];
  const refused: SourceRefusal[] = [];
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  for (const [from, to] of [0, ...places].map((from, i) => [from, places[i] ?? bytes.length] as const)) {
    splitter.feed(bytes.subarray(from, to), lines, refused);
  }
  return { lines, refused, offset: splitter.offset };
}

const texts = (bytes: string | Buffer): string[] =>
  split(Buffer.from(bytes as string), []).lines.map(({ text }) => text);

it('gives the same lines wherever the bytes are cut, also inside a character', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll(/[\r\n\0]/g, ''));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 10 }), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      const found = split(bytes, cuts);
      const wanted = lines.map((text, i) => (i === 0 ? text.replace(/^\ufeff/, '') : text));
      expect(found.lines).toEqual(wanted.map((text, i) => ({ number: i + 1, text })));
      expect(found.offset).toBe(bytes.length);
    }),
  );
});

it('survives any bytes, and every newline ends a line or a refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(), { maxLength: 5 }), (raw, cuts) => {
      const bytes = Buffer.from(raw);
      const { lines, refused, offset } = split(bytes, cuts, 20);
      expect(lines.length + refused.length).toBe(bytes.filter((byte) => byte === 10).length);
      expect(offset).toBe(bytes.lastIndexOf(10) + 1);
    }),
  );
});

/** Mostly what matters to lines: ends, half characters, marks, NULs. */
const awkward = fc
  .array(
    fc.oneof(
      fc
        .constantFrom('\n', '\r\n', '\r', '\0', '\0\0\0', '\ufeff', 'é', '€', '😀', 'a', 'x'.repeat(25))
        .map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }).map((raw) => Buffer.from(raw)),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => Buffer.concat(pieces));

it('gives what it would have given uncut, whatever the bytes are and wherever they are cut', () => {
  fc.assert(
    fc.property(awkward, fc.array(fc.nat(), { maxLength: 12 }), (bytes, cuts) => {
      expect(split(bytes, cuts, 20)).toEqual(split(bytes, [], 20));
    }),
    { numRuns: 1000 },
  );
});

it('gives the rest, with the same numbers and offsets, when it begins again where it was', () => {
  fc.assert(
    fc.property(awkward, fc.nat(), (bytes, cut) => {
      const place = cut % (bytes.length + 1);
      const whole = split(bytes, [], 20);
      const before = split(bytes.subarray(0, place), [], 20);
      const after = new LineSplitter(20, before.offset, before.lines.length + before.refused.length);
      after.feed(bytes.subarray(before.offset), before.lines, before.refused);
      expect({ ...before, offset: after.offset }).toEqual(whole);
      expect(after.number).toBe(whole.lines.length + whole.refused.length);
    }),
    { numRuns: 1000 },
  );
});

it('keeps no more of a line than the cap, and what it keeps stays when the reader fills its buffer again', () => {
  const splitter = new LineSplitter(10);
  const [lines, refused]: [SourceLine[], SourceRefusal[]] = [[], []];
  const buffer = Buffer.from('first\nhalf');
  splitter.feed(buffer, lines, refused);
  buffer.fill('z');
  splitter.feed(Buffer.from('way\nexactly10!\nexactly 11!\n\0\0\0exactly10!'), lines, refused);
  splitter.end(lines, refused);
  expect(lines.map(({ text }) => text)).toEqual(['first', 'halfway', 'exactly10!', 'exactly10!']);
  expect(refused).toEqual([{ number: 4, reason: 'too-long' }]);
});

describe('a line', () => {
  it.each([
    ['loses its carriage return', 'a\r\nb\r\n', ['a', 'b']],
    ['loses a byte order mark at the start of the file only', '\ufeffa\n\ufeffb\n', ['a', '\ufeffb']],
    ['loses leading NULs, which copytruncate leaves', '\0\0\0a\n', ['a']],
    ['keeps what is no UTF-8 as U+FFFD', Buffer.from([0x61, 0xff, 0x0a]), ['a\ufffd']],
    ['waits while it is half', 'a\nb', ['a']],
  ])('%s', (_, bytes, lines) => {
    expect(texts(bytes)).toEqual(lines);
  });

  it('past the cap is refused with its number, and the next one is read', () => {
    const { lines, refused } = split(Buffer.from(`a\n${'x'.repeat(5000)}\nb\n`), [1500, 3000]);
    expect(lines).toEqual([
      { number: 1, text: 'a' },
      { number: 3, text: 'b' },
    ]);
    expect(refused).toEqual([{ number: 2, reason: 'too-long' }]);
  });
});
