import { expect, it } from 'vitest';

import { knownOf } from '../../../src-main/engine/narrative/known.ts';
import { SLOT, usualHours } from '../../../src-main/engine/narrative/usual-hours.ts';
import { incidentOf } from '../answer/incident-of.ts';
import { AT, connect, start, times, typed } from './tell.ts';

const past = [
  ...times(4, start('/usr/bin/git', 'bash')),
  ...times(2, connect('/usr/bin/ssh', '198.51.100.7')),
  connect('/usr/bin/ssh', '2001:db8:7::9'),
  typed('ls'),
  // Told as /usr/bin/git.
  typed('git'),
];
const attack = [start('/tmp/x', 'bash'), connect('/tmp/x', '203.0.113.9')];

it('knows programs, machines and networks, those of most days first, and nothing of an attack', () => {
  const { store, learning, subjectId, incident } = incidentOf(attack, past);
  const known = knownOf({ store, learning }, subjectId);
  expect(known).toMatchObject({ actions: 9, from: AT - 9 * 3600 });
  expect(known.programs.map(({ name, count }) => `${name} ${count}`)).toEqual([
    '/usr/bin/git 4',
    '/usr/bin/ssh 3',
    'ls 1',
  ]);
  expect(known.hosts.map(({ name }) => name)).toEqual(['198.51.100.7', '2001:db8:7::9']);
  expect(known.networks.map(({ name }) => name)).toEqual(['198.51.100.0/24', '2001:db8:7::/48']);
  store.transaction(() => {
    store.incidents.mark(incident.id, 'normal');
  });
  expect(knownOf({ store, learning }, subjectId).programs.map(({ name }) => name)).toContain('/tmp/x');
});

it('takes no hour of an attack for a usual one until somebody calls it normal', () => {
  const { store, subjectId, incident } = incidentOf(attack, past);
  const hours = (): number[] =>
    usualHours(store.summaries.slots(subjectId, AT - 86_400, AT + 86_400, SLOT))
      .share.flatMap((day) => day.flatMap((share, hour) => (share > 0 ? [hour] : [])))
      .sort((a, b) => a - b);
  // The past ends an hour before the attack, which is at ten.
  expect(hours()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  store.transaction(() => {
    store.incidents.mark(incident.id, 'suspicious');
  });
  expect(hours()).not.toContain(10);
  store.transaction(() => {
    store.incidents.mark(incident.id, 'normal');
  });
  expect(hours()).toContain(10);
});
