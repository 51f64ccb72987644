import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';

import { throughput, type Bench, type Row } from '../../scripts/bench/bench.ts';
import type { Action } from '../../models/action.ts';
import { fusedEngine } from '../../models/fused.ts';
import { UserModel } from '../../models/profile/user-model.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import { trainModel } from '../../src-main/engine/models/train.ts';
import { writeModel } from '../../src-main/engine/models/folder.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { lineParser } from '../../src-main/engine/reading/parse-line.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import { trainInThread } from '../../src-main/training/train-in-thread.ts';
import { batchOf, lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';

const USERS = 500;
const PAST = 5000;
const EACH = 40;
const BATCH = 1000;
const RUNS = 5;
const pack = defaultPack();
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const options = { seed: 1, windowLength: 50, math: fusedEngine() };

/** Ordinary work as the pack reports it. */
const work = (count: number, uid: number): Action[] =>
  ordinary(count).map(({ time, columns }) => ({
    query: 'process_start',
    change: 'added',
    time,
    // The login user says whose it is, and is no feature: all users can share one model.
    columns: { path: columns.path ?? `/usr/bin/curl${columns.remote_address}`, uid: '1000', auid: String(uid) },
  }));

/** One user's model, from parsed line to fused score; and a host of five hundred users, lines to stored scores. */
const bench: Bench = {
  name: 'host',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'ubad-bench-'));
    try {
      const { model, manifest } = await trainModel(work(PAST, 5000), {
        subject: 'uid:5000',
        algorithm: 'both',
        pack,
        options,
        now: 0,
      });
      const files = model.save();
      const load = (): UserModel => UserModel.load(files, pack.learning, 'both', options);
      const shared = join(folder, 'model');
      writeModel(shared, files, manifest);
      const later = work(PAST + 3000, 5000).slice(PAST);
      const own = [
        ...latencies(
          load,
          later.map((action) => lineOf(action)),
        ),
        ...memory(load),
      ];
      return [...own, ...(await manyUsers(folder, shared, manifest)), ...(await realUser())];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The same of one user's own logs, where they are given: `UBAD_BENCH_PAST` to learn from, `UBAD_BENCH_LATER` to judge. */
async function realUser(): Promise<Row[]> {
  const { UBAD_BENCH_PAST: past, UBAD_BENCH_LATER: later } = process.env;
  if (past === undefined || later === undefined) return [];
  const parse = lineParser(pack);
  const actions = linesOf(past).flatMap((line) => {
    const parsed = parse(line);
    return parsed.ok ? parsed.actions : [];
  });
  const request = { subject: 'user', algorithm: 'both', pack, options, now: 0 } as const;
  const [alone, helped]: [number[], number[]] = [[], []];
  let files = {};
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const { model } = await trainModel(actions, request);
    alone.push((performance.now() - start) / 1000);
    files = model.save();
    const again = performance.now();
    await trainInThread(actions, request);
    helped.push((performance.now() - again) / 1000);
  }
  const load = (): UserModel => UserModel.load(files, pack.learning, 'both', options);
  const what = `own log: trained and calibrated, ${actions.length} actions`;
  const trained = [
    { what, unit: 's', samples: alone },
    { what: `${what}, in the program's threads`, unit: 's', samples: helped },
  ];
  return [...trained, ...waking(load), ...latencies(load, linesOf(later), 'own log: '), ...memory(load, 'own log: ')];
}

function linesOf(path: string): string[] {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}

/** From what a folder holds to a model that judges, in processor time. */
function waking(load: () => UserModel): Row[] {
  const samples = Array.from({ length: 40 }, () => {
    const before = process.cpuUsage();
    load();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return [{ what: 'own log: waking a model, files read', unit: 'ms', samples }];
}

/** Each action by itself: parsed, encoded, scored by all detectors, fused, and taken into account for learning. */
function latencies(load: () => UserModel, lines: readonly string[], of = ''): Row[] {
  const parse = lineParser(pack);
  const [middle, tail]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    const model = load();
    const times = lines
      .map((line) => {
        const start = performance.now();
        const parsed = parse(line);
        if (parsed.ok) for (const action of parsed.actions) model.observe(action, true);
        return 1000 * (performance.now() - start);
      })
      .sort((a, b) => a - b);
    middle.push(times[Math.floor(times.length / 2)]!);
    tail.push(times[Math.floor(0.99 * times.length)]!);
  }
  return [
    { what: `${of}line to fused score, learning on, median`, unit: 'µs', samples: middle },
    { what: `${of}line to fused score, learning on, p99`, unit: 'µs', samples: tail },
  ];
}

/** What each more user that is loaded takes of the process's memory. */
function memory(load: () => UserModel, of = ''): Row[] {
  const count = 40;
  const samples: number[] = [];
  // All are kept: what is let go while the next are loaded would be counted against them.
  const models: UserModel[] = [];
  for (let run = 0; run < RUNS; run++) {
    const before = inUse();
    for (let user = 0; user < count; user++) models.push(load());
    samples.push((inUse() - before) / count / 1e6);
  }
  if (models.length !== RUNS * count) throw new Error('not all are loaded');
  return [{ what: `${of}memory of a loaded user`, unit: 'MB', samples }];
}

function inUse(): number {
  for (let sweep = 0; sweep < 3; sweep++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function manyUsers(
  folder: string,
  shared: string,
  manifest: Awaited<ReturnType<typeof trainModel>>['manifest'],
): Promise<Row[]> {
  const state = join(folder, 'state');
  const opened = openStore(state, { now: 0 });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { store } = opened;
  store.transaction(() => {
    for (let user = 0; user < USERS; user++) {
      const subjectId = store.subjects.ensure(`uid:${5000 + user}`, 0);
      const version = { subjectId, createdAt: 0, algorithm: 'both', folder: shared, manifest, afterAction: 0 } as const;
      store.versions.activate(store.versions.add(version));
    }
  });
  store.close();
  const engine = Engine.open({
    state,
    pack,
    algorithm: 'both',
    seed: 1,
    windowLength: 50,
    trainAfter: 3000,
    math: options.math,
    sensitivity: { alertsPerDay: 1 / 7 },
    now: () => 0,
  });
  if (!engine.ok) throw new Error(engine.problem.message);
  const of = Array.from({ length: USERS }, (_, user) => work(EACH, 5000 + user).map((action) => lineOf(action)));
  const lines = Array.from({ length: EACH }, (_, a) => of.map((own) => own[a]!)).flat();
  let line = 1;
  const ingest = (part: readonly string[]): void => {
    for (let at = 0; at < part.length; at += BATCH) {
      const some = part.slice(at, at + BATCH);
      engine.engine.ingest(batchOf(some, line));
      line += some.length;
    }
  };
  try {
    const start = performance.now();
    ingest(lines.slice(0, USERS));
    const woken = (performance.now() - start) / 1000;
    const samples = await throughput(
      lines.length,
      () => {
        ingest(lines);
      },
      RUNS,
    );
    return [
      { what: `waking the models of ${USERS} users`, unit: 's', samples: Array<number>(RUNS).fill(woken) },
      { what: `lines of ${USERS} users in turn, to stored scores`, unit: 'lines/s', samples },
    ];
  } finally {
    engine.engine.close();
  }
}

export default bench;
