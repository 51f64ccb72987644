import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { batchOf, lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { openSession } from './session-at.ts';

const LOG = '/var/log/made-again.log';
const past = ordinary(60).map((action) => lineOf(action));

it('does not store what was read for the store before this one, until it was asked where to read on', async () => {
  const { session, calls, state, notices } = await openSession();
  expect(calls.checkpoint(LOG)).toBeNull();
  expect(calls.ingest(batchOf(past.slice(0, 30), 1, LOG))).toMatchObject({ stored: true });
  await session.close();
  // The store that is opened next is an empty one.
  writeFileSync(join(state, 'ubad.db'), 'no database');
  const next = batchOf(past.slice(30), 31, LOG);
  expect(() => calls.ingest(next)).toThrow('was put aside');
  // The source offers the same batch again.
  expect(() => calls.ingest(next)).toThrow('the log is read from its beginning');
  expect(notices.join()).toContain('ubad.db');
  expect(session.opened.store.subjects.list()).toEqual([]);
  expect(calls.checkpoint(LOG)).not.toMatchObject({ line: 30 });
  expect(calls.ingest(batchOf(past, 1, LOG))).toMatchObject({ stored: true });
  expect(session.opened.store.subjects.list().reduce((sum, { stored }) => sum + stored, 0)).toBe(past.length);
});
