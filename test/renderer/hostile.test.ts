import fc from 'fast-check';
import { expect, it } from 'vitest';

import { isUnseen } from '../../src-main/contract/visible-text.ts';
import { beginningOf, piecesOf, seenText } from '../../src-renderer/lib/hostile.ts';

const anything = fc.string({ unit: 'binary', maxLength: 300 });

it('lets nothing through that cannot be seen, and keeps all that can', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const seen = seenText(text);
      expect(seen).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      const plain = piecesOf(text)
        .filter(({ unseen }) => !unseen)
        .map((piece) => piece.text)
        .join('');
      expect(plain).toBe(
        Array.from(text)
          .filter((one) => !isUnseen(one))
          .join(''),
      );
    }),
  );
});

it('names what it cannot show', () => {
  expect(seenText('a\u202Eb\n\u001b[31m')).toBe('a‹U+202E›b‹↵›‹␛›[31m');
});

it('cuts a text at its length, and never within a character', () => {
  fc.assert(
    fc.property(anything, fc.nat(300), (text, length) => {
      const cut = beginningOf(text, length);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut.length).toBeLessThanOrEqual(Math.max(length, 0));
      expect(text.length <= length || cut.length >= length - 1).toBe(true);
    }),
  );
  expect(beginningOf('a😀b', 2)).toBe('a');
});
