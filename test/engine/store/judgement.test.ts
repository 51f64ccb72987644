import { describe, expect, test } from 'vitest';

import type { Algorithm } from '../../../models/algorithm.ts';
import type { NewVersion } from '../../../src-main/engine/store/versions.ts';
import { fill, incident, newStore, NOW } from './store-at.ts';

describe('scores', () => {
  const judged = {
    score: 3.5,
    window: 2.25,
    lstm: 1.5,
    ocsvm: null,
    incidentId: null,
    anomalous: false,
    versionId: null,
  };

  test('belong to their action, and join an incident that opens later', () => {
    const store = newStore();
    const { subject, ids } = fill(store, 'ann', [NOW, NOW + 1, NOW + 2]);
    const incidentId = store.transaction(() => {
      for (const actionId of ids) store.scores.add({ actionId, ...judged });
      const id = store.incidents.open(incident(subject, ids[1]!, ids[2]!));
      store.scores.assign(id, [ids[2]!, ids[1]!]);
      return id;
    });
    expect(store.scores.of(ids[0]!)).toEqual({ actionId: ids[0]!, ...judged });
    expect(store.scores.ofIncident(incidentId)).toEqual(
      [ids[1]!, ids[2]!].map((actionId) => ({ actionId, ...judged, incidentId })),
    );
    expect(store.scores.of(99)).toBeUndefined();
  });

  test.each([NaN, Infinity, -Infinity])('%d is no score', (value) => {
    const store = newStore();
    const { ids } = fill(store, 'ann', [NOW]);
    for (const field of ['score', 'window', 'lstm', 'ocsvm']) {
      expect(() => {
        store.transaction(() => {
          store.scores.add({ actionId: ids[0]!, ...judged, [field]: value });
        });
      }).toThrow(RangeError);
    }
    expect(store.scores.of(ids[0]!)).toBeUndefined();
  });
});

describe('incidents', () => {
  test('open, grow, close and are marked; a later growth does not undo the mark', () => {
    const store = newStore();
    const { subject } = fill(store, 'ann', [NOW]);
    const opened = incident(subject, 1, 4);
    const id = store.transaction(() => store.incidents.open(opened));
    expect(store.incidents.byId(id)).toEqual({
      id,
      ...opened,
      state: 'open',
      closedAt: null,
      verdict: null,
      seen: false,
    });
    const progress = {
      lastAction: 9,
      lastTime: NOW + 60,
      peak: 7.5,
      band: opened.band,
      count: 3,
      explanation: [1, 'two'],
    };
    store.transaction(() => {
      store.incidents.mark(id, 'suspicious');
      store.incidents.extend(id, progress);
      store.incidents.close(id, NOW + 100);
    });
    const closed = {
      id,
      ...opened,
      ...progress,
      state: 'closed',
      closedAt: NOW + 100,
      verdict: 'suspicious',
      seen: true,
    };
    expect(store.incidents.byId(id)).toEqual(closed);
    store.transaction(() => {
      store.incidents.mark(id, null);
    });
    expect(store.incidents.byId(id)?.verdict).toBeNull();
  });

  test('are new until somebody has looked or said something, and again when they have become worse', () => {
    const store = newStore();
    const { subject } = fill(store, 'ann', [NOW]);
    const change = (work: () => unknown): number => {
      store.transaction(work);
      return store.incidents.countNew(subject);
    };
    const opened = { ...incident(subject, 1, 4), band: 'medium' };
    expect(change(() => store.incidents.open(opened))).toBe(1);
    const grow = (band: string) =>
      change(() => {
        store.incidents.extend(1, { ...opened, count: 9, band });
      });
    const look = () =>
      change(() => {
        store.incidents.look(1);
      });
    expect([look(), grow('medium'), grow('high'), grow('high'), look()]).toEqual([0, 0, 1, 1, 0]);
    expect(change(() => store.incidents.open(opened))).toBe(1);
    const close = (id: number) =>
      change(() => {
        store.incidents.close(id, NOW);
      });
    expect([close(1), close(2)]).toEqual([1, 1]);
    expect(store.incidents.list({ current: true }).map(({ id }) => id)).toEqual([2, 1]);
    const mark = (verdict: 'normal' | null) =>
      change(() => {
        store.incidents.mark(2, verdict);
      });
    expect([mark('normal'), mark(null)]).toEqual([0, 0]);
  });

  test('wait for an answer, whether somebody has looked or not', () => {
    const store = newStore();
    const { subject } = fill(store, 'ann', [NOW]);
    const waiting = (work: () => unknown): number[] => {
      store.transaction(work);
      const unanswered = store.incidents.list({ answered: false }).map(({ id }) => id);
      expect(store.incidents.countWaiting(subject)).toBe(unanswered.length);
      const answered = store.incidents.list({ answered: true }).map(({ id }) => id);
      expect([...answered, ...unanswered].sort()).toEqual(
        store.incidents
          .list()
          .map(({ id }) => id)
          .sort(),
      );
      return unanswered;
    };
    const { incidents } = store;
    expect(waiting(() => incidents.open(incident(subject, 1, 4)))).toEqual([1]);
    expect(waiting(() => incidents.open(incident(subject, 5, 6)))).toEqual([2, 1]);
    expect(
      waiting(() => {
        incidents.look(1);
      }),
    ).toEqual([2, 1]);
    expect(
      waiting(() => {
        incidents.close(1, NOW);
      }),
    ).toEqual([2, 1]);
    expect(
      waiting(() => {
        incidents.mark(1, 'suspicious');
      }),
    ).toEqual([2]);
    expect(incidents.list({ current: true }).map(({ id }) => id)).toEqual([2]);
    expect(
      waiting(() => {
        incidents.mark(1, null);
      }),
    ).toEqual([2, 1]);
  });

  test('one that is not there cannot change', () => {
    const store = newStore();
    expect(() => {
      store.transaction(() => {
        store.incidents.close(7, NOW);
      });
    }).toThrow('No incident 7');
    expect(store.incidents.byId(7)).toBeUndefined();
  });

  test('are listed newest first, by any mix of filters, page by page', () => {
    const store = newStore();
    const ann = fill(store, 'ann', [NOW]).subject;
    const bob = fill(store, 'bob', [NOW]).subject;
    const ids = store.transaction(() =>
      [0, 1, 2, 3, 4, 5].map((at) => {
        const id = store.incidents.open({
          ...incident(at % 2 ? bob : ann, at + 1, at + 1),
          band: at < 3 ? 'warn' : 'alarm',
          lastTime: NOW + at,
        });
        if (at > 3) store.incidents.close(id, NOW + at);
        return id;
      }),
    );
    const listed = (filter: Parameters<typeof store.incidents.list>[0]) =>
      store.incidents.list(filter).map(({ id }) => ids.indexOf(id));
    expect(listed({})).toEqual([5, 4, 3, 2, 1, 0]);
    expect(listed({ subjectId: bob })).toEqual([5, 3, 1]);
    expect(listed({ state: 'open' })).toEqual([3, 2, 1, 0]);
    expect(listed({ band: 'alarm', subjectId: ann })).toEqual([4]);
    expect(listed({ since: NOW + 2, state: 'open' })).toEqual([3, 2]);
    expect(listed({ limit: 2 })).toEqual([5, 4]);
    expect(listed({ limit: 2, beforeId: ids[4]! })).toEqual([3, 2]);
  });
});

describe('feedback', () => {
  test('stands until it is undone or expires', () => {
    const store = newStore();
    const { subject } = fill(store, 'ann', [NOW]);
    const said = {
      at: NOW,
      subjectId: subject,
      incidentId: null,
      verdict: 'normal',
      scope: { action: { query: 'usb', values: { model: 'stick' } }, program: '/usr/bin/nc', hours: [22, 6] },
      expires: null,
    } as const;
    const [good, week, undone] = store.transaction(() => [
      store.feedback.add(said),
      store.feedback.add({ ...said, expires: NOW + 7 }),
      store.feedback.add({ ...said, verdict: 'suspicious' }),
    ]);
    expect(store.transaction(() => store.feedback.undo(undone, NOW + 1))).toBe(true);
    expect(store.transaction(() => store.feedback.undo(undone, NOW + 2))).toBe(false);
    expect(store.feedback.standing(subject, NOW + 6).map(({ id }) => id)).toEqual([good, week]);
    expect(store.feedback.standing(subject, NOW + 7).map(({ id }) => id)).toEqual([good]);
    expect(store.feedback.list(subject).map(({ undoneAt }) => undoneAt)).toEqual([null, null, NOW + 1]);
    expect(store.feedback.byId(good)).toEqual({ id: good, ...said, undoneAt: null });
    expect(store.feedback.byId(99)).toBeUndefined();
  });
});

describe('model versions', () => {
  function version(subjectId: number, algorithm: Algorithm = 'lstm'): NewVersion {
    return { subjectId, createdAt: NOW, algorithm, folder: 'models/ann/1', manifest: { seed: 7 }, afterAction: 0 };
  }

  test('one at most judges for a subject and algorithm; going back is activating the older', () => {
    const store = newStore();
    const ann = fill(store, 'ann', [NOW]).subject;
    const bob = fill(store, 'bob', [NOW]).subject;
    const [first, second, other, bobs] = store.transaction(() => {
      const ids = [version(ann), version(ann), version(ann, 'ocsvm'), version(bob)].map((each) =>
        store.versions.add(each),
      );
      for (const id of ids) store.versions.activate(id);
      return ids as [number, number, number, number];
    });
    expect(store.versions.active(ann, 'lstm')?.id).toBe(second);
    store.transaction(() => {
      store.versions.activate(first);
    });
    expect(store.versions.active(ann, 'lstm')).toEqual({ id: first, ...version(ann), active: true });
    expect(store.versions.active(ann, 'ocsvm')?.id).toBe(other);
    expect(store.versions.active(bob, 'lstm')?.id).toBe(bobs);
    expect(store.versions.list(ann).map(({ id, active }) => [id, active])).toEqual([
      [first, true],
      [second, false],
      [other, true],
    ]);
    expect(store.versions.list()).toHaveLength(4);
  });

  test('one that was removed is gone from every list, but its scores still name it', () => {
    const store = newStore();
    const { subject, ids } = fill(store, 'ann', [NOW]);
    const id = store.transaction(() => {
      const added = store.versions.add(version(subject));
      store.versions.activate(added);
      store.scores.add({
        actionId: ids[0]!,
        score: 1,
        window: 1,
        lstm: 1,
        ocsvm: null,
        incidentId: null,
        anomalous: false,
        versionId: added,
      });
      store.versions.remove(added);
      return added;
    });
    expect(store.versions.list()).toEqual([]);
    expect(store.versions.active(subject, 'lstm')).toBeUndefined();
    expect(store.versions.byId(id)).toBeUndefined();
    expect(store.scores.of(ids[0]!)?.versionId).toBe(id);
    expect(store.transaction(() => store.versions.add(version(subject)))).not.toBe(id);
    expect(() => {
      store.transaction(() => {
        store.versions.activate(id);
      });
    }).toThrow(`No model version ${id}`);
  });
});
