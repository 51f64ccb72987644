import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { Action } from '../../models/action.ts';
import { batchOf, lineOf } from '../engine/log-lines.ts';
import { hostile } from '../fuzz/mutate.ts';
import { ordinary, stranger } from '../models/ordinary.ts';
import { openSession } from './session-at.ts';

const MARK = 'quokka';
const texts = hostile.filter((one) => typeof one === 'string').map((one) => one.slice(0, 1000));
/** Its values marked, and now and then a hostile one. */
const marked = ({ columns, ...rest }: Action, i: number): Action => ({
  ...rest,
  columns: {
    ...Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, `${value}${MARK}`])),
    username: `${MARK}-user`,
    cmdline: `/opt/${MARK} --to=${texts[i % texts.length]!}`,
  },
});
const lines = (actions: readonly Action[]): string[] =>
  actions.map((action, i) => lineOf(marked(action, i)).replace('"desk"', `"${MARK}-host"`));

it('the own log tells what happened, and nothing of what was read', async () => {
  const { session, calls, state, notices } = await openSession({ algorithm: 'ocsvm', trainAfter: 1000 });
  const ofOne = (actions: Action[]): Action[] => actions.filter(({ query }) => query === 'programs');
  const past = lines(ofOne(ordinary(2400)));
  let number = 1;
  const read = (given: readonly string[]): void => {
    expect(calls.ingest(batchOf(given, number, `/var/log/${MARK}.log`))).toMatchObject({ stored: true });
    number += given.length;
  };
  read([...past, `{"${MARK}`, MARK, ...texts.map((one) => JSON.stringify({ name: one, columns: one })), '\u0000']);
  // Its counter says that results between were lost.
  const stick: Action = { query: 'usb', change: 'added', time: 1_750_000_000, columns: { model: MARK } };
  read([1, 2, 6].map((counter) => lineOf(stick, counter).replace('"desk"', `"${MARK}-host"`)));
  await expect.poll(() => session.opened.store.versions.list(), { timeout: 60_000 }).not.toEqual([]);
  await session.close();
  read(lines(ofOne(stranger(190))));
  expect(session.opened.store.incidents.list({ limit: 10 })).not.toEqual([]);

  const [version] = session.opened.store.versions.list();
  await calls.rollback(version!.id);
  writeFileSync(join(version!.folder, 'manifest.json'), `{"${MARK}`);
  await session.close();
  read(lines(ofOne(ordinary(20))));
  await expect(Promise.resolve().then(() => calls.trainNow('nobody'))).rejects.toThrow();
  const user = session.opened.store.subjects.list()[0]!.name;
  expect(user).toContain(MARK);
  await calls.deleteUser(user);
  session.ownLog!.failed(new Error(`/home/${MARK}`));
  await session.close();

  // What a person is told does name them: so there was something that could have got in.
  expect(notices.join('\n')).toContain(MARK);
  const text = globSync('ubad.log*', { cwd: state })
    .map((name) => readFileSync(join(state, name), 'utf8'))
    .join('');
  expect(text.toLowerCase()).not.toContain(MARK);
  expect(text).not.toContain(state);
  expect(text).toMatch(/^[\x20-\x7e\n]+$/);
  const told = new Set(text.match(/"what":"[\w-]+"/g)?.map((what) => what.slice(8, -1)));
  for (const what of ['store-opened', 'lines-lost', 'trained', 'alert-opened', 'rolled-back', 'model-not-used'])
    expect(told).toContain(what);
  for (const what of ['forgotten', 'failed']) expect(told).toContain(what);
});
