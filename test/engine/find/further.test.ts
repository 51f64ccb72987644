import { expect, it } from 'vitest';

import { actionsWith, entityOf } from '../../../src-main/engine/find/entity.ts';
import { furtherOf } from '../../../src-main/engine/find/further.ts';
import type { Further } from '../../../src-main/contract/find.ts';
import { incidentOf, type Made } from '../answer/incident-of.ts';
import { AT, connect, times, type Row } from '../narrative/tell.ts';
import { line, newStore } from '../store/store-at.ts';

const SESSION = '/user.slice/user-1000.slice/session-7.scope';
const begun = (
  path: string,
  pid: number,
  parent: number,
  parent_name: string,
  more: Record<string, string> = {},
): Row => ({
  query: 'process_start',
  columns: {
    pid: String(pid),
    parent: String(parent),
    parent_name,
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    cgroup_path: SESSION,
    ...more,
  },
});

const indented = ({ tree }: Further): string[] =>
  tree.map(({ depth, name, pid, own }) => `${'  '.repeat(depth)}${name} ${pid}${own ? ' *' : ''}`);
const finder = ({ store, learning }: Made) => ({ store, learning });

it('draws who started whom, by the latest start with the parent’s number before the child', () => {
  const past = [
    begun('/usr/bin/old', 50, 1, 'systemd'),
    begun('/usr/sbin/sshd', 40, 1, 'systemd'),
    begun('/usr/bin/bash', 50, 40, 'sshd'),
    begun('/usr/bin/later', 61, 1, 'systemd'),
  ];
  const acts = [
    begun('/tmp/x', 60, 50, 'bash'),
    begun('/tmp/y', 61, 60, 'x'),
    connect('/tmp/x', '203.0.113.9'),
    // The number of x’s parent, given again after x was started.
    begun('/tmp/z', 50, 1, 'systemd'),
  ];
  const further = furtherOf(finder(incidentOf(acts, past)), incidentOf(acts, past).incident)!;
  expect(indented(further)).toEqual([
    'systemd 1',
    '  /usr/sbin/sshd 40',
    '    /usr/bin/bash 50',
    '      /tmp/x 60 *',
    '        /tmp/y 61 *',
    '  /tmp/z 50 *',
  ]);
});

it('tells a parent once whose own start was not seen, however many it started', () => {
  const acts = ['/usr/bin/id', '/usr/bin/who', '/usr/bin/nc'].map((path, p) => begun(path, 60 + p, 50, 'bash'));
  const made = incidentOf([...acts, begun('/usr/bin/tar', 70, 51, 'bash')]);
  expect(indented(furtherOf(finder(made), made.incident)!)).toEqual([
    'bash 50',
    '  /usr/bin/id 60 *',
    '  /usr/bin/who 61 *',
    '  /usr/bin/nc 62 *',
    'bash 51',
    '  /usr/bin/tar 70 *',
  ]);
});

it('tells no tree where no numbers are known, and ends where two name each other', () => {
  const plain = incidentOf([connect('/usr/bin/nc', '203.0.113.9')]);
  expect(furtherOf(finder(plain), plain.incident)!.tree).toEqual([]);
  const circle = incidentOf([
    begun('/tmp/a', 5, 6, 'b', { start_time: '100' }),
    begun('/tmp/b', 6, 5, 'a', { start_time: '100' }),
  ]);
  // The newest is looked at first, so that the other one is its parent.
  expect(indented(furtherOf(finder(circle), circle.incident)!)).toEqual(['b 6', '  /tmp/a 5 *', '    /tmp/b 6 *']);
});

it('tells what the session did and what was around, whoever did it, the strangest first', () => {
  const store = newStore();
  const past = times(3, begun('/usr/bin/git', 9, 1, 'bash'));
  const made = incidentOf([begun('/tmp/x', 60, 50, 'bash'), connect('/tmp/x', '203.0.113.9')], past, store);
  const bob = store.transaction(() => {
    const id = store.subjects.ensure('bob', AT);
    const far = { query: 'usb', columns: { vendor: 'far' }, time: AT + 7200 };
    const ids = store.actions.append([
      line(id, 90, { query: 'usb', columns: { vendor: 'near' }, time: AT + 300 }),
      line(id, 91, far),
      { ...line(id, 92, { columns: { name: 'ls', cgroup_path: SESSION }, time: AT }), host: 'other' },
    ]);
    for (const [at, actionId] of ids.entries())
      store.scores.add({
        actionId,
        score: 5 - at,
        window: 5,
        lstm: 0,
        ocsvm: 0,
        incidentId: null,
        versionId: null,
        anomalous: false,
      });
    return ids;
  });
  const { session, around } = furtherOf(finder(made), made.incident)!;
  expect(session).toMatchObject({ value: SESSION, host: 'desk', count: 4 });
  expect(session!.rows.map(({ columns, own }) => `${columns.path ?? ''} ${own}`)).toEqual([
    ...times(3, { query: '', columns: {} }).map(() => '/usr/bin/git false'),
    '/tmp/x true',
  ]);
  // The store has a score of bob’s alone: what was not judged comes last.
  expect(around.rows[0]).toMatchObject({ user: 'bob', id: bob[0], own: false });
  expect(around.rows.some(({ id }) => id === bob[1])).toBe(false);
  expect(around).toMatchObject({ from: AT - 900, to: AT + 900, count: 4 });
});

it('sums up everything with a value, and gives its actions page by page', () => {
  const made = incidentOf(
    [connect('/tmp/x', '203.0.113.9'), connect('/tmp/x', '203.0.113.9')],
    [connect('/usr/bin/ssh', '203.0.113.9')],
  );
  const sought = { as: 'value', value: ' 203.0.113.9 ' } as const;
  const entity = entityOf(finder(made), sought);
  expect(entity).toMatchObject({ count: 3, first: AT - 3600, last: AT + 60, more: 0, also: [], complete: true });
  expect(entity.who).toEqual([{ user: 'alice', host: 'desk', count: 3, first: AT - 3600, last: AT + 60 }]);
  expect(entity.incidents.map(({ id }) => id)).toEqual([made.incident.id]);
  const first = actionsWith(finder(made), { ...sought, limit: 2 });
  expect(first.rows.map(({ columns }) => columns.path)).toEqual(['/tmp/x', '/tmp/x']);
  const rest = actionsWith(finder(made), { ...sought, limit: 2, before: first.next! });
  expect([rest.rows.map(({ columns }) => columns.path), rest.next]).toEqual([['/usr/bin/ssh'], null]);
  expect(entityOf(finder(made), { as: 'value', value: 'alice' }).also).toEqual(['user']);
  expect(entityOf(finder(made), { as: 'value', value: 'nothing such' })).toMatchObject({
    count: 0,
    first: null,
    who: [],
  });
});
