import { expect, it } from 'vitest';

import { ParserState } from '../../../src-main/engine/reading/parse-batch.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { SubjectResolver } from '../../../src-main/engine/reading/subject-resolver.ts';

const pack = defaultPack();
const stateOf = (saved?: unknown): ParserState =>
  new ParserState(pack, new SubjectResolver(undefined, [], '/nonexistent'), saved);

function saved(): Record<string, unknown> {
  const state = stateOf();
  state.lost.see({ host: 'desk', name: 'usb', epoch: 0, counter: 3 });
  state.hosts.see('desk');
  state.results = 7;
  return JSON.parse(JSON.stringify(state.save())) as Record<string, unknown>;
}

it('is restored from what it saved, with the form of that', () => {
  expect(saved().format).toBe(1);
  expect(stateOf(saved()).save()).toEqual(saved());
});

it('is restored from what an earlier version saved, which named no form', () => {
  const { format: _, ...earlier } = saved();
  expect(stateOf(earlier).save()).toEqual(saved());
});

it.each([2, 'x', {}])('begins again with a form that it does not know: %j', (format) => {
  expect(stateOf({ ...saved(), format }).save()).toEqual(stateOf().save());
});
