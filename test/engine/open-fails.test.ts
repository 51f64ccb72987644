import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import type { EngineOptions } from '../../src-main/engine/options.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { ingestLoop } from '../../src-main/intake/ingest-loop.ts';
import { StatementFaults } from '../torture/statement-faults.ts';
import { scratch } from '../scratch.ts';
import { lineOf } from './log-lines.ts';
import { ordinary } from '../models/ordinary.ts';

const options = (state: string): EngineOptions => ({
  state,
  pack: defaultPack(),
  algorithm: 'ocsvm',
  seed: 1,
  windowLength: 50,
  trainAfter: 100_000,
  sensitivity: { alertsPerDay: 1 },
  subject: 'alice',
  math: fusedEngine(),
  now: () => 1_800_000_000,
});

it('an engine that cannot be opened to its end gives the store back, and says why', () => {
  const state = join(scratch(), 'state');
  Engine.open(options(state));
  const faults = new StatementFaults();
  try {
    // From the first one that fails on, as far as opening goes.
    for (let after = 0; after < 60; after++) {
      const folder = join(scratch(), 'state');
      faults.arm({ after, times: 1, strike: 13 });
      const first = Engine.open(options(folder));
      faults.heal();
      if (first.ok) first.engine.close();
      else expect(first.problem.kind).toBe('unusable');
      const second = Engine.open(options(folder));
      expect(second.ok, JSON.stringify(second)).toBe(true);
      if (second.ok) second.engine.close();
    }
  } finally {
    faults.remove();
  }
});

it('a database that proves damaged while a log is followed is put aside, and the log and what was rotated read again', async () => {
  const folder = scratch();
  const [log, state] = [join(folder, 'results.log'), join(folder, 'state')];
  const lines = ordinary(60).map((action) => `${lineOf(action)}\n`);
  writeFileSync(`${log}.1`, lines.slice(0, 20).join(''));
  writeFileSync(log, lines.slice(20, 40).join(''));
  const notices: string[] = [];
  const stored = (): number => {
    const opened = Engine.open(options(state));
    if (!opened.ok) throw new Error(opened.problem.message);
    const count = opened.engine.store.subjects.byName('alice')?.stored ?? 0;
    opened.engine.close();
    return count;
  };
  const run = async (until: number): Promise<void> => {
    const stop = new AbortController();
    let count = 0;
    await ingestLoop({
      log,
      startAt: 'beginning',
      signal: stop.signal,
      retryMs: 5,
      pollMs: 20,
      open: () => Engine.open(options(state)),
      onNotice: (text) => notices.push(text),
      onStored: ({ store }) => {
        count = store.subjects.byName('alice')?.stored ?? 0;
        if (count >= until) stop.abort();
      },
    });
    expect(count).toBe(until);
  };
  // What was rotated before the log was ever looked at is not read.
  await run(20);
  const database = new DatabaseSync(join(state, 'ubad.db'));
  database.exec("UPDATE checkpoints SET predecessor = '{'");
  database.close();
  await run(40);
  expect(notices.join('\n')).toMatch(/is damaged[^]*put aside as .*ubad\.db\.corrupt-/);
  expect(stored()).toBe(40);
});
