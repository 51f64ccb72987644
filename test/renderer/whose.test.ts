import { expect, it } from 'vitest';

import type { Story } from '../../src-main/contract/story/story.ts';
import { whoseOf } from '../../src-renderer/lib/whose.ts';
import { start, told } from '../engine/narrative/tell.ts';

const asked = (mine: boolean, user: string, { story }: { readonly story: Story }): string =>
  whoseOf({ mine, user, story });

it('a reader is asked about themselves, about somebody else by name, and about a machine whether it was expected', () => {
  const typed = told([start('/tmp/x', 'bash')]);
  expect(asked(true, 'alice', typed)).toBe('me');
  expect(asked(false, 'alice', typed)).toBe('them');
  expect(asked(false, 'host:desk', typed)).toBe('machine');
});

it('who opened what started it is asked whether they meant it', () => {
  const document = told([start('/usr/bin/dash', 'soffice.bin')]);
  expect(asked(true, 'alice', document)).toBe('me.meant');
  expect(asked(false, 'alice', document)).toBe('them.meant');
  expect(asked(false, 'host:desk', document)).toBe('machine');
});
