import { expect, it } from 'vitest';

import { whoseOf } from '../../src-renderer/lib/whose.ts';

it('a reader is asked about themselves, about somebody else by name, and about a machine whether it was expected', () => {
  expect(whoseOf({ mine: true, user: 'alice' })).toBe('me');
  expect(whoseOf({ mine: false, user: 'alice' })).toBe('them');
  expect(whoseOf({ mine: false, user: 'host:desk' })).toBe('machine');
});
