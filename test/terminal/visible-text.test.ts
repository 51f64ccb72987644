import { spawnSync } from 'node:child_process';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { escapeUnseen, isUnseen, visible, visibleJson } from '../../src-main/contract/visible-text.ts';

const anything = fc.string({ unit: 'binary', maxLength: 200 });

it('knows what cannot be seen, and leaves what can', () => {
  const unseen =
    '\u0000 \t \n \r \u001b \u007f \u0085 \u009b \u00ad \u034f \u061c \u115f \u200b \u200e \u2028 \u2029 \u202e \u2060 \u2066 \u2800 \u3164 \ufe0f \ufeff \uffa0 \ud800 \udc00 \ue000 \u{1d173} \u{e0001} \u{e0041} \u{e0100}'.split(
      ' ',
    );
  expect(unseen.filter((one) => !isUnseen(one))).toEqual([]);
  expect(Array.from('aÖß€漢字한글עברית العربية 😀é–«»·\u00a0').filter(isUnseen)).toEqual([]);
});

it('shows any text as one line of as many characters', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const shown = visible(text);
      expect(Array.from(shown).some(isUnseen)).toBe(false);
      expect(Array.from(shown)).toHaveLength(Array.from(text).length);
      expect(Array.from(escapeUnseen(text)).some(isUnseen)).toBe(false);
    }),
  );
});

it('writes JSON that says the same', () => {
  fc.assert(
    fc.property(anything, fc.constantFrom(undefined, 2), (text, indent) => {
      const json = visibleJson({ [text]: [text] }, indent);
      expect(JSON.parse(json)).toEqual({ [text]: [text] });
      expect(Array.from(json).some((one) => one !== '\n' && isUnseen(one))).toBe(false);
    }),
  );
});

it('tells of a bug that nobody caught in lines of its own, whatever its message holds', () => {
  const script = `
    const { reportUncaught } = await import('./src-main/terminal/terminal.ts');
    reportUncaught();
    setTimeout(() => { throw new Error('a\\u001b[2J\\u202eb\\nubad: all is well'); });`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr.split('\n')[0]).toBe('ubad: Error: a\ufffd[2J\ufffdb');
  expect(stderr).not.toMatch(/^ubad: all is well/m);
});
