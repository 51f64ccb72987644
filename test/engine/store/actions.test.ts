import { DatabaseSync } from 'node:sqlite';

import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { migrate } from '../../../src-main/engine/store/migrate.ts';
import { shapesIn } from '../../../src-main/engine/store/shapes.ts';
import { connect } from '../../../src-main/engine/store/sql.ts';
import { action, fill, line, LOG, newStore, NOW } from './store-at.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '__proto__', 'constructor', 'a\0b', '\ud800', '7', 'null'),
);
const anyAction: fc.Arbitrary<Action> = fc.record(
  {
    query: fc.string(),
    change: fc.constantFrom('added', 'removed', 'snapshot'),
    time: fc.integer({ min: 0, max: 4e9 }),
    columns: fc
      .array(fc.tuple(anyText, anyText))
      .map((entries) => Object.fromEntries(entries) as Record<string, string>),
    baseline: fc.constant(true),
  },
  { requiredKeys: ['query', 'change', 'time', 'columns'] },
);

describe('subjects', () => {
  test('one name is one subject, now and later', () => {
    const store = newStore();
    const ids = store.transaction(() => ['ann', 'bob', 'ann'].map((name) => store.subjects.ensure(name, NOW)));
    expect(ids[2]).toBe(ids[0]);
    expect(ids[1]).not.toBe(ids[0]);
    expect(store.transaction(() => store.subjects.ensure('bob', NOW + 9))).toBe(ids[1]);
    expect(store.subjects.list().map(({ name }) => name)).toEqual(['ann', 'bob']);
    expect(store.subjects.byName('nobody')).toBeUndefined();
  });

  test('first and last seen go by the time of the actions, in whatever order they come', () => {
    const store = newStore();
    const { subject } = fill(store, 'ann', [NOW + 5, NOW - 7, NOW + 30, NOW]);
    expect(store.subjects.byId(subject)).toEqual({
      id: subject,
      name: 'ann',
      firstSeen: NOW - 7,
      lastSeen: NOW + 30,
      stored: 4,
    });
  });

  test('a subject that a rollback took away is made again', () => {
    const store = newStore();
    expect(() => {
      store.transaction(() => {
        store.subjects.ensure('ann', NOW);
        throw new Error('no');
      });
    }).toThrow('no');
    const { subject } = fill(store, 'ann', [NOW]);
    expect(store.subjects.byId(subject)?.name).toBe('ann');
  });
});

describe('actions', () => {
  test('come back as they went in, in log order, from any id on', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyAction, fc.boolean()), { maxLength: 30 }), fc.nat(30), (given, cut) => {
        const store = newStore();
        const [ann, bob] = store.transaction(
          () => [store.subjects.ensure('ann', NOW), store.subjects.ensure('bob', NOW)] as const,
        );
        const lines = given.map(([each, anns], at) => ({ ...line(anns ? ann : bob, at + 1), action: each }));
        const ids = store.transaction(() => store.actions.append(lines));
        const stored = lines.map((each, at) => ({ id: ids[at]!, ...each }));
        const anns = stored.filter(({ subjectId }) => subjectId === ann);
        expect([...store.actions.after(ann, 0)]).toEqual(anns);
        const from = ids[cut] ?? 0;
        expect([...store.actions.after(ann, from)]).toEqual(anns.filter(({ id }) => id > from));
        expect(store.actions.last(ann, 4)).toEqual(anns.slice(-4));
        store.close();
      }),
      { numRuns: 60 },
    );
  });

  test('a column called __proto__ is a column', () => {
    const store = newStore();
    const columns = JSON.parse('{"__proto__": "x", "name": "y"}') as Record<string, string>;
    const [id] = store.transaction(() =>
      store.actions.append([line(store.subjects.ensure('ann', NOW), 1, { columns })]),
    );
    expect(Object.entries(store.actions.byId(id!)!.action.columns)).toEqual([
      ['__proto__', 'x'],
      ['name', 'y'],
    ]);
  });

  test('are read page by page, also while more is written and when the reader stops early', () => {
    const store = newStore();
    const { subject, ids } = fill(
      store,
      'ann',
      Array.from({ length: 2500 }, (_, at) => NOW + at),
    );
    const seen: number[] = [];
    for (const { id } of store.actions.after(subject, 0)) {
      if (seen.push(id) === 1200) fill(store, 'ann', [NOW + 9999]);
    }
    expect(seen).toEqual([...ids, ids.at(-1)! + 1]);
    for (const { id } of store.actions.after(subject, 0)) if (id === 3) break;
    expect([...store.actions.after(subject, 2400)]).toHaveLength(101);
  });

  test('the timeline pages by time, with scores where there are some, and skips nothing at equal times', () => {
    const store = newStore();
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        (offsets, limit) => {
          const { subject, ids } = fill(
            store,
            `subject ${String(Math.random())}`,
            offsets.map((offset) => NOW + offset),
          );
          const newestFirst = ids
            .map((id, at) => ({ id, time: NOW + offsets[at]! }))
            .sort((a, b) => b.time - a.time || b.id - a.id);
          const paged: { id: number; time: number }[] = [];
          for (;;) {
            const page = store.actions.timeline(subject, limit, paged.at(-1));
            if (page.length === 0) break;
            paged.push(...page.map(({ id, action: { time } }) => ({ id, time })));
          }
          expect(paged).toEqual(newestFirst);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('the timeline tells judged from not judged', () => {
    const store = newStore();
    const { subject, ids } = fill(store, 'ann', [NOW, NOW + 1]);
    const scored = {
      actionId: ids[1]!,
      score: 3.5,
      window: 2.25,
      lstm: 1.5,
      ocsvm: null,
      incidentId: null,
      anomalous: false,
      versionId: null,
    };
    store.transaction(() => {
      store.scores.add(scored);
    });
    expect(store.actions.timeline(subject, 10).map((entry) => entry.scored)).toEqual([scored, undefined]);
  });

  test('the host and the log are kept with each', () => {
    const store = newStore();
    const ids = store.transaction(() => {
      const subject = store.subjects.ensure('ann', NOW);
      const one = line(subject, 1);
      return store.actions.append([
        one,
        { ...one, host: 'lap', line: 2 },
        { ...one, path: '/other.log', line: 3 },
        one,
      ]);
    });
    expect(
      ids.map((id) => store.actions.byId(id)!).map(({ host, path, line: number }) => [host, path, number]),
    ).toEqual([
      ['desk', LOG, 1],
      ['lap', LOG, 2],
      ['desk', '/other.log', 3],
      ['desk', LOG, 1],
    ]);
    expect(store.actions.byId(99)).toBeUndefined();
  });

  test('an action of a subject that is not there is refused', () => {
    const store = newStore();
    expect(() => store.transaction(() => store.actions.append([line(7, 1)]))).toThrow(/FOREIGN KEY/);
  });
});

test('beyond the limit of shapes an action carries its names itself, and comes back the same', () => {
  const db = new DatabaseSync(':memory:');
  onTestFinished(() => {
    db.close();
  });
  migrate(db);
  const connection = connect(db, ':memory:');
  const shapes = shapesIn(connection, 3);
  const actions = Array.from({ length: 8 }, (_, at) =>
    action({ query: `q${at}`, change: 'removed', columns: { [`c${at}`]: 'v' } }),
  );
  for (const { query, change, columns } of actions) {
    const shaped = connection.transaction(() => shapes.shape({ query, change, columns }));
    expect(shapes.unshape(shaped)).toEqual({ query, change, columns });
    expect(shapesIn(connection).unshape(shaped)).toEqual({ query, change, columns });
  }
  expect(db.prepare('SELECT count(*) AS count FROM shapes').get()).toEqual({ count: 4 });
});
