import { expect, it } from 'vitest';

import { textOf } from '../../../src-main/contract/story/tell.ts';
import { answersTo } from '../../../src-main/engine/answer/answer.ts';
import { invented } from '../../../src-main/engine/answer/machine.ts';
import { twinsOf } from '../../../src-main/engine/answer/twins.ts';
import type { Store } from '../../../src-main/engine/store/store.ts';
import { connect, row, start, times, typed, type Row } from '../narrative/tell.ts';
import { newStore } from '../store/store-at.ts';
import { incidentOf, type Made } from './incident-of.ts';

const login = (host: string): Row => row('logins', { type: 'user', user: 'alice', tty: 'pts/7', host });
const twins = (made: Made): unknown[] =>
  twinsOf(made, made.incident, made.story).map(({ id, shared }) => [id, textOf(shared, 'en')]);
const both = (a: readonly Row[], b: readonly Row[], past: readonly Row[] = []): readonly [Made, Made] => {
  const store: Store = newStore();
  return [incidentOf(a, past, store), incidentOf(b, [], store)];
};

it('share an address, also where one has a port and the other a login', () => {
  const [first, second] = both([login('203.0.113.190')], [connect('/usr/bin/nc', '203.0.113.190', '4444')]);
  expect(twins(first)).toEqual([[second.incident.id, 'the same address, 203.0.113.190']]);
  expect(twins(second)).toEqual([[first.incident.id, 'the same address, 203.0.113.190']]);
  expect(answersTo(first, first.incident, first.story, invented).twins).toHaveLength(1);
});

it('share a program that was new, or a key, and nothing that is usual', () => {
  const [first, second] = both([start('/tmp/m/xmrig', 'bash')], [start('/tmp/m/xmrig', 'sh')]);
  expect(twins(first)).toEqual([[second.incident.id, 'the same program, /tmp/m/xmrig']]);
  const usual = times(30, connect('/usr/bin/firefox', '198.18.0.1'));
  const [third] = both(
    [connect('/usr/bin/firefox', '198.18.0.1'), typed('nmap')],
    [connect('/usr/bin/wget', '198.18.0.1')],
    usual,
  );
  expect(twins(third)).toEqual([]);
});

it('are none where nothing is shared', () => {
  const [first] = both([start('/tmp/a', 'bash')], [start('/tmp/b', 'bash')]);
  expect(twins(first)).toEqual([]);
});
