import { expect, it } from 'vitest';

import { batchOf, lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { openSession, type OpenSession } from './session-at.ts';

const lines = ordinary(2400)
  .filter(({ query }) => query === 'programs')
  .map((action) => lineOf(action));

/** A user with a model, of whom it is to be asked whether a slow change was his. */
async function asked(): Promise<OpenSession & { user: string; id: number; version: number }> {
  const open = await openSession({ algorithm: 'ocsvm', trainAfter: 1000 });
  const { session, calls } = open;
  void calls.ingest(batchOf(lines));
  await expect.poll(() => session.opened.store.versions.list(), { timeout: 60_000 }).not.toEqual([]);
  const { store } = session.opened;
  const [{ id, name: user }, [version]] = [store.subjects.list()[0]!, store.versions.list()];
  store.transaction(() => {
    store.subjectState.setReference(id, { version: version!.id, next: 1e6, share: 0.8, asked: true });
  });
  return { ...open, user, id, version: version!.id };
}

it('the page is told what to ask, and the answer that it was the user ends it', async () => {
  const { session, calls, user, id, version } = await asked();
  const [report] = await calls.models(undefined);
  expect(report!.slowChange).toMatchObject({ share: 0.8 });
  // Up to when the model had learned, by the log's own clock.
  expect(report!.slowChange!.since).toBeGreaterThan(1_750_000_000);
  expect(report!.slowChange!.since).toBeLessThan(1_751_000_000);
  await calls.answerSlowChange({ user, mine: true });
  const [after] = await calls.models(undefined);
  expect(after!.slowChange).toBeNull();
  expect(session.opened.store.subjectState.reference(id)).toMatchObject({ version, asked: false });
  expect(session.opened.store.subjectState.distrusted(id)).toEqual([]);
});

it('the answer that it was not takes the model of then back, and forgets both with the user', async () => {
  const { session, calls, user, id, version } = await asked();
  const [last] = session.opened.store.actions.last(id, 1);
  await calls.answerSlowChange({ user, mine: false });
  const { store } = session.opened;
  expect(store.versions.active(id, 'ocsvm')!.id).toBeGreaterThan(version);
  expect(store.subjectState.distrusted(id)).toMatchObject([{ to: last!.id }]);
  await expect(Promise.resolve().then(() => calls.answerSlowChange({ user: 'nobody', mine: true }))).rejects.toThrow(
    'There is no user nobody.',
  );
  await calls.deleteUser(user);
  expect(session.opened.store.subjectState.reference(id)).toBeUndefined();
  expect(session.opened.store.subjectState.distrusted(id)).toEqual([]);
});
