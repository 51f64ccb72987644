import { expect, it } from 'vitest';

import { isExhausted, isPassing } from '../../src-main/source/states.ts';

const failed = (code: string): Error => Object.assign(new Error(code), { code });

it.each(['EMFILE', 'ENFILE', 'ENOMEM', 'EIO'])('%s is worth another attempt', (code) => {
  expect(isPassing(failed(code))).toBe(true);
});

it.each(['EACCES', 'EPERM', 'ENOENT', 'Z_DATA_ERROR'])('%s is not', (code) => {
  expect(isPassing(failed(code))).toBe(false);
});

it('of a failing disk alone something is known of the file: it is passed over in the end', () => {
  expect([isExhausted(failed('EMFILE')), isExhausted(failed('EIO'))]).toEqual([true, false]);
});
