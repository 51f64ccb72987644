import { describe, expect, it } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { seesTheSame, trainedOn } from '../../../src-main/engine/reading/fingerprints.ts';
import { defaultPack, readPack, type Pack } from '../../../src-main/engine/reading/pack.ts';
import events from '../../../conf/user-behavior-events.json' with { type: 'json' };
import legacy from '../../../conf/legacy-2017.json' with { type: 'json' };
import modern from '../../../conf/user-behavior.json' with { type: 'json' };

const pack = defaultPack();
const added = (queries: object, scores: Readonly<Record<string, number>> = {}): Pack =>
  readPack({ legacy, modern, events, more: { queries } }, scores);
const query = (columns: object): object => ({ learn: { label: 'X', importance: 5, columns } });
const action = (name: string): Action => ({ query: name, change: 'added', time: 1, columns: {} });

/** A model of now, and one of the time when a model named one fingerprint of all. */
const own = {
  packFingerprint: pack.fingerprint,
  trainedOn: trainedOn(['usb', 'own_query', 'usb'].map(action), pack),
};
const old = { packFingerprint: '16c3e2b400d6f4314ac3f964701575ef41e93176508a33c3976e658ef263c20f' };

describe('a model sees the same', () => {
  it('while the pack is the same', () => {
    expect([seesTheSame(own, pack), seesTheSame(old, pack)]).toEqual([true, true]);
  });

  it('when the pack gets one more query', () => {
    const more = added({ dns: query({ name: 'word' }) });
    expect(more.fingerprints.has('dns')).toBe(true);
    expect([seesTheSame(own, more), seesTheSame(old, more)]).toEqual([true, true]);
  });

  it('not when a query that it was trained on has other columns, or is not judged any more', () => {
    const other = added({ usb: query({ model: 'path' }) });
    expect([seesTheSame(own, other), seesTheSame(old, other)]).toEqual([false, false]);
    const unjudged = added({}, { usb: 0 });
    expect([seesTheSame(own, unjudged), seesTheSame(old, unjudged)]).toEqual([false, false]);
  });

  it('when only a query is other that its user never met', () => {
    expect(seesTheSame(own, added({ logins: query({ user: 'path' }) }))).toBe(true);
  });

  it('not when a query is described that it guessed the columns of', () => {
    expect(seesTheSame(own, added({ own_query: query({ a: 'word' }) }))).toBe(false);
  });
});

it('names the queries of the actions, in order, however a log calls them', () => {
  const { trainedOn: known } = own;
  expect(known).toEqual({ own_query: 'undescribed', usb: pack.fingerprints.get('usb') });
  expect(Object.keys(trainedOn([action('__proto__')], pack))).toEqual(['__proto__']);
});

it('names no more than fit into a manifest', () => {
  const many = Array.from({ length: 5000 }, (_, q) => action(`query_${q}`));
  expect(Object.keys(trainedOn([action('x'.repeat(1_000_000)), ...many], pack))).toHaveLength(1000);
});
