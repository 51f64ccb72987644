import { DatabaseSync } from 'node:sqlite';

import { describe, expect, onTestFinished, test } from 'vitest';

import { refusalsIn } from '../../../src-main/engine/store/refusals.ts';
import { migrate } from '../../../src-main/engine/store/migrate.ts';
import { connect } from '../../../src-main/engine/store/sql.ts';
import { checkpoint, LOG, newStore, NOW } from './store-at.ts';

test('a checkpoint comes back whole, 64-bit numbers included; the newest of a path counts', () => {
  const store = newStore();
  const resumption = { checkpoint: { ...checkpoint(9), offset: 2 ** 53 - 1 }, readerState: { 'desk/usb': [3, 17] } };
  store.transaction(() => {
    store.checkpoints.put({ checkpoint: checkpoint(5), readerState: null });
    store.checkpoints.put({ checkpoint: checkpoint(1, '/other.log'), readerState: null });
    store.checkpoints.put(resumption);
  });
  expect(store.checkpoints.of(LOG)).toEqual(resumption);
  expect(store.checkpoints.list().map((each) => each.checkpoint.path)).toEqual(['/other.log', LOG]);
  expect(store.checkpoints.of('/nowhere')).toBeUndefined();
});

test.each([
  ['none', null],
  ['one', { device: '1', inode: '2', fingerprint: 'cd', fingerprintBytes: 1024, mtimeMs: NOW * 1000 + 123.456 }],
])('a checkpoint keeps when its file was changed, and which came before it: %s', (_, before) => {
  const store = newStore();
  const resumption = { checkpoint: { ...checkpoint(9), mtimeMs: NOW * 1000 + 0.123, before }, readerState: null };
  store.transaction(() => {
    store.checkpoints.put(resumption);
  });
  expect(store.checkpoints.of(LOG)).toStrictEqual(resumption);
});

describe('refusals', () => {
  function refusal(line: number, reason = 'not-json', path = LOG) {
    return { at: NOW, path, line, reason, detail: `line ${line}` };
  }

  test('are counted by path and reason', () => {
    const store = newStore();
    store.transaction(() => {
      store.refusals.add([
        refusal(1),
        refusal(2, 'no-time'),
        refusal(3, 'no-time'),
        refusal(4, 'no-time', '/other.log'),
      ]);
      store.refusals.add([]);
    });
    expect(store.refusals.counts()).toEqual([
      { path: '/other.log', reason: 'no-time', count: 1 },
      { path: LOG, reason: 'no-time', count: 2 },
      { path: LOG, reason: 'not-json', count: 1 },
    ]);
    expect(store.refusals.last(2)).toEqual([refusal(4, 'no-time', '/other.log'), refusal(3, 'no-time')]);
  });

  test('the newest are kept, all are counted', () => {
    const db = new DatabaseSync(':memory:');
    onTestFinished(() => {
      db.close();
    });
    migrate(db);
    const connection = connect(db, ':memory:');
    const refusals = refusalsIn(connection, 10);
    for (let from = 0; from < 35; from += 7) {
      connection.transaction(() => {
        refusals.add([0, 1, 2, 3, 4, 5, 6].map((at) => refusal(from + at)));
      });
    }
    expect(refusals.last(100).map(({ line }) => line)).toEqual([34, 33, 32, 31, 30, 29, 28, 27, 26, 25]);
    expect(refusals.counts()).toEqual([{ path: LOG, reason: 'not-json', count: 35 }]);
  });
});

test('losses add up by host and query', () => {
  const store = newStore();
  store.transaction(() => {
    store.losses.add({ host: 'desk', query: 'usb', count: 2, at: NOW + 9 });
    store.losses.add({ host: 'desk', query: 'media', count: 1, at: NOW });
    store.losses.add({ host: 'desk', query: 'usb', count: 3, at: NOW + 5 });
  });
  expect(store.losses.list()).toEqual([
    { host: 'desk', query: 'usb', count: 5, at: NOW + 9 },
    { host: 'desk', query: 'media', count: 1, at: NOW },
  ]);
});

test('facts about the store are replaced', () => {
  const store = newStore();
  store.transaction(() => {
    store.state.setSoundAt(NOW);
    store.state.setSoundAt(NOW + 1);
  });
  expect(store.state.soundAt()).toBe(NOW + 1);
  expect(store.state.inPlaceOfLost()).toBe(false);
});
