import fc from 'fast-check';
import { expect, it } from 'vitest';

import { blocksOf, fitsInBlock } from '../../src-main/fleet/wire/blocks.ts';
import { MOST_BLOCK_BYTES } from '../../src-main/fleet/wire/messages.ts';
import { hostOf, partitionOf, SAY, Subjects, tokenOf } from '../../src-main/fleet/wire/subjects.ts';

// Half a surrogate pair is no text: UTF-8 cannot hold it.
const host = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((name) => name.isWellFormed());

it('makes a token of any host, and the host of it again', () => {
  fc.assert(
    fc.property(host, (name) => {
      const token = tokenOf(name);
      expect(token).toMatch(/^[A-Za-z0-9_=-]+$/);
      expect(token).not.toBe(SAY);
      expect(hostOf(token)).toBe(name);
    }),
    { numRuns: 2000 },
  );
  expect(tokenOf('desk-1.example')).toBe('desk-1=2e=example');
});

it('takes no other spelling of a host, so that no host has two subjects', () => {
  for (const token of ['', '=say=', '=61=', '=2E=', 'a.b', 'a*', '>', '=ff=', 'é', '==', '=2e'])
    expect(hostOf(token), token).toBeUndefined();
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '=', '2', 'e', 'f'), maxLength: 12 }), (token) => {
      const name = hostOf(token);
      if (name !== undefined) expect(tokenOf(name)).toBe(token);
    }),
    { numRuns: 5000 },
  );
});

it('spreads hosts over the partitions, the same way for ever', () => {
  expect(['desk-1', 'desk-2', 'desk-3.example'].map((name) => partitionOf(name, 64))).toEqual([34, 4, 4]);
  const counts = new Array<number>(16).fill(0);
  for (let h = 0; h < 16_000; h++) counts[partitionOf(`host-${h}`, 16)]!++;
  expect(Math.min(...counts)).toBeGreaterThan(850);
});

it('takes no tenant that would name another subject', () => {
  for (const tenant of ['', 'a.b', '*', '>', 'a b', 'x'.repeat(33)])
    expect(() => new Subjects(tenant)).toThrow(RangeError);
  expect(new Subjects('acme').linesOf('a.b', 64)).toMatch(/^ubad\.acme\.lines\.\d{4}\.a=2e=b$/);
});

it('cuts lines into blocks that keep their order and that a message holds', () => {
  const line = fc.string({ minLength: 0, maxLength: 40 }).filter(fitsInBlock);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (lines, most) => {
      const blocks = [...blocksOf(lines, most)];
      expect(blocks.flat()).toEqual(lines);
      for (const block of blocks) expect(block.length).toBeLessThanOrEqual(most);
    }),
  );
  const large = 'x'.repeat(300_000);
  expect([...blocksOf([large, large, large, large])].map((block) => block.length)).toEqual([2, 2]);
  expect(fitsInBlock('x'.repeat(MOST_BLOCK_BYTES))).toBe(false);
  expect(fitsInBlock('a\nb')).toBe(false);
});
