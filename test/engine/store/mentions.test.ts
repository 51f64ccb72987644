import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import fc from 'fast-check';
import { expect, it, test } from 'vitest';

import type { Sought } from '../../../src-main/contract/find.ts';
import { mentionedIn } from '../../../src-main/contract/mentioned.ts';
import { migrate } from '../../../src-main/engine/store/migrate.ts';
import { migrations } from '../../../src-main/engine/store/schema.ts';
import type { Store } from '../../../src-main/engine/store/store.ts';
import { fill, incident, line, newFolder, newStore, NOW, opened } from './store-at.ts';

const DAY = 86_400;
const value = (text: string): Sought => ({ as: 'value', value: text });

/** How many actions a value has by what is stored of them, looked at one by one. */
function countedByHand(store: Store, text: string): number {
  return store.subjects
    .list()
    .flatMap(({ id }) => [...store.actions.after(id, 0)])
    .filter(({ action }) => mentionedIn(action.columns).has(text)).length;
}
const countOf = (store: Store, text: string): number =>
  store.mentions.counts(value(text)).reduce((sum, { count }) => sum + count, 0);
const rowsIn = (store: Store): number => {
  const db = new DatabaseSync(store.path, { readOnly: true });
  try {
    return (db.prepare('SELECT count(*) AS count FROM mentions').get() as { count: number }).count;
  } finally {
    db.close();
  }
};

it('knows a row by its names, paths, last parts of paths and addresses, and not by plain numbers or long texts', () => {
  const row = {
    path: '/usr/bin/git',
    name: 'git',
    uid: '1000',
    empty: '',
    history_file: '/home/a/.bash_history',
    remote_address: '::ffff:203.0.113.9',
    other: '2001:0db8:0000:0000:0000:0000:0000:0001',
    message: 'x'.repeat(257),
  };
  expect([...mentionedIn(row)].sort()).toEqual(
    ['/home/a/.bash_history', '/usr/bin/git', '2001:db8::1', '203.0.113.9', 'git'].sort(),
  );
  expect([...mentionedIn({ exe: '/opt/x/42', path: '/tmp/' })].sort()).toEqual(['/opt/x/42', '/tmp/']);
});

test('whatever is stored, pruned and forgotten, counts are those of the rows that are left, and nothing else is kept', () => {
  const anyRow = fc.record({
    who: fc.constantFrom('ann', 'bob'),
    days: fc.integer({ min: 0, max: 60 }),
    path: fc.constantFrom('/usr/bin/git', '/usr/bin/ssh', '/tmp/x'),
  });
  fc.assert(
    fc.property(
      fc.array(anyRow, { maxLength: 30 }),
      fc.constantFrom('prune', 'forget-user', 'forget-since'),
      (rows, what) => {
        const store = newStore();
        store.transaction(() => {
          for (const [at, { who, days, path }] of rows.entries()) {
            const subject = store.subjects.ensure(who, NOW - days * DAY);
            store.actions.append([line(subject, at + 1, { time: NOW - days * DAY, columns: { path } })]);
          }
        });
        if (what === 'prune')
          while (
            store.prune({ now: NOW, maxAgeDays: 30, maxBytes: Infinity, keepPerSubject: 0, limit: 7 }).deleted > 0
          );
        const ann = store.subjects.byName('ann');
        if (ann && what !== 'prune')
          store.transaction(() =>
            what === 'forget-user' ? store.forget.subject(ann.id) : store.forget.since(ann.id, NOW - 20 * DAY),
          );
        let left = 0;
        for (const text of ['/usr/bin/git', '/usr/bin/ssh', '/tmp/x', 'git', 'ssh', 'x']) {
          expect(countOf(store, text)).toBe(countedByHand(store, text));
          left += countOf(store, text);
        }
        expect(rowsIn(store)).toBe(left);
        store.close();
      },
    ),
    { numRuns: 25 },
  );
});

it('tells by user and host how often, and gives the newest ones page by page, whoever did them', () => {
  const store = newStore();
  const ids = store.transaction(() => {
    const [ann, bob] = ['ann', 'bob'].map((name) => store.subjects.ensure(name, NOW));
    return Array.from({ length: 9 }, (_, at) => {
      const path = at % 3 === 2 ? '/usr/bin/other' : '/usr/bin/nc';
      const action = line(at % 2 === 0 ? ann! : bob!, at + 1, { columns: { path }, time: NOW + at });
      return store.actions.append([{ ...action, host: at < 5 ? 'desk' : 'lap' }])[0]!;
    });
  });
  const counts = store.mentions.counts(value('/usr/bin/nc'));
  const told = counts.map(({ subjectId, host, count }) => `${store.subjects.byId(subjectId)!.name}@${host} ${count}`);
  expect(told.sort()).toEqual(['ann@desk 2', 'ann@lap 1', 'bob@desk 2', 'bob@lap 1']);
  const wanted = ids.filter((_, at) => at % 3 !== 2).reverse();
  const first = store.mentions.newest(value('/usr/bin/nc'), counts, Infinity, 4);
  expect(first).toEqual(wanted.slice(0, 4));
  expect(store.mentions.newest(value('/usr/bin/nc'), counts, first.at(-1)!, 4)).toEqual(wanted.slice(4));
  const onLap: Sought = { as: 'host', value: 'lap' };
  const lap = store.mentions.counts(onLap);
  expect(lap.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  expect(store.mentions.newest(onLap, lap, Infinity, 2)).toEqual([ids[8], ids[7]]);
  const bob: Sought = { as: 'user', value: 'bob' };
  expect(store.mentions.newest(bob, store.mentions.counts(bob), Infinity, 9)).toEqual(
    [7, 5, 3, 1].map((at) => ids[at]),
  );
  expect(store.mentions.counts({ as: 'user', value: 'nobody' })).toEqual([]);
});

it('names the incidents in whose stretch it was seen', () => {
  const store = newStore();
  const { subject, ids } = fill(store, 'ann', [NOW - 400, NOW - 300, NOW - 200, NOW - 100]);
  const alerts = store.transaction(() => {
    const odd = store.actions.append([line(subject, 9, { columns: { path: '/tmp/x' } })])[0]!;
    return [
      [ids[0]!, ids[3]!],
      [ids[2]!, odd],
    ].map(([first, last]) => store.incidents.open(incident(subject, first!, last!)));
  });
  const of = (sought: Sought): number[] => store.mentions.incidents(sought, store.mentions.counts(sought), 10);
  expect(of(value('/tmp/x'))).toEqual([alerts[1]]);
  expect(of(value('git'))).toEqual([...alerts].reverse());
  expect(of({ as: 'host', value: 'desk' })).toEqual([...alerts].reverse());
});

it('takes up what an older version stored, a slice with each batch', () => {
  const folder = newFolder();
  const db = new DatabaseSync(join(folder, 'ubad.db'));
  migrate(
    db,
    migrations.slice(
      0,
      migrations.findIndex((step) => step.includes('CREATE TABLE mentions')),
    ),
  );
  db.exec(`INSERT INTO subjects VALUES (1, 'ann', ${NOW}, ${NOW}, 1200);
    INSERT INTO shapes VALUES (1, 'process_start', 'added', '["path"]'); INSERT INTO origins VALUES (1, 'desk', '/log')`);
  const insert = db.prepare(
    'INSERT INTO actions (subject_id, shape_id, origin_id, line, time, baseline, vals) VALUES (1, 1, 1, 1, ?, 0, ?)',
  );
  for (let n = 0; n < 1200; n++) insert.run(NOW, JSON.stringify([n % 2 === 0 ? '/usr/bin/git' : '/usr/bin/ssh']));
  db.close();
  const store = opened(folder);
  expect([store.mentions.from(), countOf(store, 'git')]).toEqual([1201, 0]);
  const more = (): void => {
    store.transaction(() => store.actions.append([line(1, 1, { columns: { path: '/usr/bin/new' } })]));
  };
  more();
  expect([store.mentions.from(), countOf(store, 'git'), countOf(store, 'new')]).toEqual([701, 250, 1]);
  more();
  more();
  expect([store.mentions.from(), countOf(store, 'git'), countOf(store, 'new')]).toEqual([0, 600, 3]);
});

it('keeps none of what can be read again from a stream, and takes it up once somebody opens the store who does', () => {
  const folder = newFolder();
  const add = (store: Store): void => {
    store.transaction(() => {
      const subject = store.subjects.ensure('ann', NOW);
      store.actions.append([line(subject, 1, { columns: { path: '/usr/bin/git' } })]);
    });
  };
  const replayed = opened(folder, { durability: 'replayable' });
  add(replayed);
  expect([rowsIn(replayed), replayed.mentions.from()]).toEqual([0, 2]);
  replayed.close();
  const store = opened(folder);
  add(store);
  expect([countOf(store, 'git'), store.mentions.from()]).toEqual([2, 0]);
});
