import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as v from 'valibot';

import { algorithms, type Algorithm } from '../../models/algorithm.ts';
import { fusedEngine } from '../../models/fused.ts';
import { type Bench, FEWEST_RUNS, type Row, whole } from '../../scripts/bench/bench.ts';
import { BEGINS } from '../../scripts/invented-people.ts';
import { engineSettingsSchema } from '../../src-main/contract/settings.ts';
import { isMachine } from '../../src-main/contract/subjects.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import { prune } from '../../src-main/engine/store/prune.ts';
import type { Store } from '../../src-main/engine/store/store.ts';
import { optionsOf } from '../../src-main/settings/engine-options.ts';
import { simulate } from '../../src-main/simulate/simulate.ts';

/** UBAD_DAYS, UBAD_SEEDS and UBAD_ALGORITHMS make it smaller, to try it out: half a year of all takes hours. */
const DAYS = Number(process.env.UBAD_DAYS ?? 180);
const SEEDS = (process.env.UBAD_SEEDS ?? '1,2,3').split(',').map(Number);
const ALGORITHMS = (process.env.UBAD_ALGORITHMS?.split(',') ?? [...algorithms]) as Algorithm[];
const USERS = 4;
const DAY = 86_400;
/** Days. */
const [WEEK, MONTH] = [7, 30];
/** Lines of a batch. */
const BATCH = 100;

/** When the alerts of one subject began, and how long it was watched by a model, in days since the log's beginning. */
interface JudgedSubject {
  readonly name: string;
  readonly from: number;
  readonly alerts: readonly number[];
}

/** Half a year of people without a stranger, read as the program reads it: learning on, trained again, pruned. */
async function judgedBy(algorithm: Algorithm, seed: number): Promise<JudgedSubject[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ubad-budgets-'));
  let now = BEGINS;
  const settings = v.parse(engineSettingsSchema, { state: folder, algorithm, seed });
  const opened = Engine.open({ ...optionsOf(settings, fusedEngine()), passwd: null, now: () => now });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { engine } = opened;
  try {
    const identity = { path: '/log', device: '1', inode: '2', fingerprint: 'f', fingerprintBytes: 1 };
    const since = new Map<string, number>();
    let line = 0;
    const people = { users: USERS, days: DAYS, start: BEGINS, seed, attacks: [] } as const;
    for (const day of simulate({ ...people, pack: 'modern', form: 'event' })) {
      for (let at = 0; at < day.length; at += BATCH) {
        const lines = day.slice(at, at + BATCH).map(({ text }) => ({ number: ++line, text }));
        now = day[Math.min(at + BATCH, day.length) - 1]!.time;
        engine.ingest({ lines, refused: [], checkpoint: { ...identity, offset: line, line } });
        await engine.trainDue();
      }
      prune(engine.store, settings, now);
      for (const { id, name } of engine.store.subjects.list())
        if (!since.has(name) && (isMachine(name) || engine.store.versions.active(id, algorithm)))
          since.set(name, (now - BEGINS) / DAY);
    }
    return alertsOf(engine.store, since);
  } finally {
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const alertsOf = (store: Store, since: ReadonlyMap<string, number>): JudgedSubject[] =>
  store.subjects.list().flatMap(({ id, name }) => {
    const from = since.get(name);
    if (from === undefined) return []; // never judged by a model: an account that hardly acts
    const begun = store.incidents.list({ subjectId: id, limit: 1_000_000 }).map(({ firstTime }) => firstTime);
    return [{ name, from, alerts: begun.map((time) => (time - BEGINS) / DAY).filter((day) => day >= from) }];
  });

/** Alerts a subject and week between two days, of those watched then. */
function rate(all: readonly JudgedSubject[], first: number, last: number): number {
  const days = all.reduce((sum, { from }) => sum + Math.max(0, last - Math.max(first, from)), 0);
  const alerts = all.flatMap((one) => one.alerts).filter((day) => day >= first && day < last);
  return (alerts.length / days) * WEEK;
}

async function rowsOf(algorithm: Algorithm): Promise<Row[]> {
  const all: JudgedSubject[] = [];
  for (const seed of SEEDS) all.push(...(await judgedBy(algorithm, seed)));
  const people = all.filter(({ name }) => !isMachine(name));
  const machines = all.filter(({ name }) => isMachine(name));
  const months = Array.from({ length: Math.floor(DAYS / MONTH) }, (_, month) => month * MONTH);
  const unit = 'alerts';
  return [
    { what: `${algorithm}: a user and week, by user`, unit, samples: people.map((one) => rate([one], 0, DAYS)) },
    {
      what: `${algorithm}: the same, all users, by month`,
      unit,
      samples: months.map((m) => rate(people, m, m + MONTH)),
    },
    { what: `${algorithm}: the same, in all`, unit, samples: whole(rate(people, 0, DAYS)) },
    { what: `${algorithm}: a machine and week, in all`, unit, samples: whole(rate(machines, 0, DAYS)) },
  ];
}

/** What a budget of one alert a week and user comes to, where nobody is a stranger. */
const bench: Bench = {
  name: 'budgets',
  async run() {
    const rows: Row[] = [];
    for (const algorithm of ALGORITHMS) rows.push(...(await rowsOf(algorithm)));
    // Of a smaller try there are too few users or months to tell apart.
    return rows.filter(({ samples }) => samples.length >= FEWEST_RUNS);
  },
};

export default bench;
