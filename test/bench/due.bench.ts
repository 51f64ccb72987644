import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Action } from '../../models/action.ts';
import { fusedEngine } from '../../models/fused.ts';
import { type Bench, type Row, whole } from '../../scripts/bench/bench.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { batchOf, lineOf } from '../engine/log-lines.ts';

const SIZES = [10, 100, 1000, 10_000];
/** Subjects of a batch while the store is filled. */
const TOGETHER = 1000;
const RUNS = 7;
/** Looks of a run. */
const LOOKS = 200;

/** One start of a program, of the user of this number. */
const act = (user: number, time: number): Action => ({
  query: 'process_start',
  change: 'added',
  time,
  columns: { path: '/usr/bin/curl', uid: '1000', auid: String(5000 + user) },
});

/** How long it takes to find whom a training is due for, with this many subjects: after a batch of one of them, and at a start. */
async function looks(subjects: number): Promise<Row[]> {
  const state = mkdtempSync(join(tmpdir(), 'ubad-bench-'));
  const opened = Engine.open({
    state,
    pack: defaultPack(),
    algorithm: 'ocsvm',
    seed: 1,
    windowLength: 50,
    trainAfter: 3000,
    math: fusedEngine(),
    sensitivity: { alertsPerDay: 1 / 7 },
    now: () => 1_800_000_000,
    passwd: null,
  });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { engine } = opened;
  let line = 0;
  const ingest = (users: readonly number[]): void => {
    const lines = users.map((user) => lineOf(act(user, 1_790_000_000 + ++line)));
    engine.ingest(batchOf(lines, line - lines.length + 1));
  };
  try {
    for (let user = 0; user < subjects; user += TOGETHER)
      ingest(Array.from({ length: Math.min(TOGETHER, subjects - user) }, (_, u) => user + u));
    if (engine.store.subjects.list().length < subjects) throw new Error('the store is not what it should be');
    const start = performance.now();
    await engine.trainDue();
    const first = performance.now() - start;
    const samples: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      let taken = 0;
      for (let look = 0; look < LOOKS; look++) {
        ingest([look % Math.min(...SIZES)]);
        const before = performance.now();
        await engine.trainDue();
        taken += performance.now() - before;
      }
      samples.push((1000 * taken) / LOOKS);
    }
    return [
      { what: `looking for what to train after a line, ${subjects} subjects`, unit: 'µs', samples },
      { what: `the first look of all, ${subjects} subjects`, unit: 'ms', samples: whole(first) },
    ];
  } finally {
    engine.close();
    rmSync(state, { recursive: true, force: true });
  }
}

const bench: Bench = {
  name: 'due',
  async run() {
    const rows: Row[] = [];
    for (const subjects of SIZES) rows.push(...(await looks(subjects)));
    return rows;
  },
};

export default bench;
