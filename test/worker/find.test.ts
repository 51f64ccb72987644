import { expect, it } from 'vitest';

import { fill, line, NOW } from '../engine/store/store-at.ts';
import { openSession } from './session-at.ts';

const DAY = 86_400;

it('tells the usual hours of who was not seen lately by when they were', async () => {
  const { session, calls } = await openSession();
  const long = Math.floor(Date.now() / 1000) - 200 * DAY;
  fill(session.opened.store, 'alice', [long, long + 60, long + DAY]);
  const { actions, days } = await calls.hours('alice');
  expect([actions, days]).toEqual([3, 2]);
});

it('gives one action with whose it is, and says where it is gone', async () => {
  const { session, calls } = await openSession();
  const { ids } = fill(session.opened.store, 'alice', [NOW]);
  expect(await calls.action(ids[0]!)).toMatchObject({ id: ids[0], user: 'alice', incident: null, score: null });
  await expect(async () => calls.action(999)).rejects.toThrow('Action 999 is not stored any more.');
});

it('lists actions of some kinds, from a time on, and the strangest first', async () => {
  const { session, calls } = await openSession();
  const { store } = session.opened;
  store.transaction(() => {
    const alice = store.subjects.ensure('alice', NOW);
    const ids = store.actions.append(
      ['usb', 'process_start', 'usb', 'process_start', 'usb'].map((query, at) =>
        line(alice, at + 1, { query, time: NOW + at, columns: { vendor: String(at), path: `/x${at}` } }),
      ),
    );
    for (const [at, actionId] of ids.slice(0, 4).entries())
      store.scores.add({
        actionId,
        score: [1, 4, 3, 2][at]!,
        window: 0,
        lstm: null,
        ocsvm: null,
        incidentId: null,
        versionId: null,
        anomalous: false,
      });
  });
  const ask = async (more: object): Promise<(string | undefined)[]> =>
    (await calls.timeline({ user: 'alice', limit: 10, ...more })).map(({ columns }) => columns.vendor);
  expect(await ask({})).toEqual(['4', '3', '2', '1', '0']);
  expect(await ask({ kinds: ['usb'] })).toEqual(['4', '2', '0']);
  expect(await ask({ from: NOW + 1, before: { time: NOW + 4, id: 0 } })).toEqual(['3', '2', '1']);
  // What was not judged comes last.
  expect(await ask({ order: 'strangest' })).toEqual(['1', '2', '3', '0', '4']);
  expect(await ask({ order: 'strangest', kinds: ['usb'], from: NOW + 1, limit: 1 })).toEqual(['2']);
});
