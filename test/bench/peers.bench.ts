import { existsSync } from 'node:fs';

import * as v from 'valibot';

import { FEWEST_RUNS, type Bench, type Row } from '../../scripts/bench/bench.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import type { EngineOptions } from '../../src-main/engine/options.ts';
import { loadMathEngine } from '../../src-main/math/load.ts';
import { optionsOf } from '../../src-main/settings/engine-options.ts';
import { figuresOf, type JudgedUser, type MethodFigures } from './peers/figures.ts';
import { ours } from './peers/ours.ts';
import { askPeers, judgedByPeer } from './peers/python.ts';
import { readSet } from './peers/sets.ts';
import { tableOf } from './peers/table.ts';

/** Folders of sets (peers/sets.ts), and how many users of each are taken. */
const FOLDERS = 'UBAD_BENCH_PEERS';
const MOST_USERS = Number(process.env.UBAD_BENCH_PEERS_USERS ?? 100);

/** Other methods beside ours, on the same actions, fields and windows, in one run. */
const bench: Bench = {
  name: 'peers',
  async run() {
    const folders = (process.env[FOLDERS] ?? '').split(':').filter((folder) => existsSync(folder));
    if (folders.length === 0) {
      console.error(`No peers are measured: ${FOLDERS} names no folder of sets.`);
      return [];
    }
    const rows: Row[] = [];
    for (const folder of folders) rows.push(...(await rowsOf(folder)));
    return rows;
  },
};

async function rowsOf(folder: string): Promise<Row[]> {
  const settings = v.parse(settingsSchema, { algorithm: 'both' });
  const options = optionsOf(settings, await loadMathEngine('fused'));
  const engine: EngineOptions = { ...options, state: '/nonexistent', now: () => 0 };
  const set = await readSet(folder, MOST_USERS, engine.pack);
  const judged = new Map<string, JudgedUser[]>(await ours(set.users, engine));
  const answer = askPeers(set, engine);
  for (const [name, told] of Object.entries(answer?.methods ?? {}))
    judged.set(name, judgedByPeer(told, set.users, engine.pack));
  const figures = new Map([...judged].map(([name, of]) => [name, figuresOf(of, set.users)]));
  const versions = Object.entries(answer?.versions ?? {}).map((pair) => pair.join(' '));
  console.log(`${set.name}: ${set.users.length} of ${set.of} users; ${versions.join(', ') || 'no Python'}\n`);
  console.log(`${tableOf(figures)}\n`);
  for (const [name, told] of Object.entries(answer?.methods ?? {})) {
    if (name.endsWith('tuned')) console.log(`${name}: ${told.map(({ setting }) => JSON.stringify(setting)).join(' ')}`);
  }
  return [...judged].flatMap(([name, of]) => samplesOf(`${set.name}, ${name}`, of, figures.get(name)!));
}

/** By user; a set of fewer users has only its table. */
function samplesOf(of: string, judged: readonly JudgedUser[], { rocAucs }: MethodFigures): Row[] {
  const row = (what: string, unit: string, samples: readonly number[]): Row[] =>
    samples.length < FEWEST_RUNS ? [] : [{ what: `${of}: ${what}`, unit, samples }];
  const fitted = judged.map(({ fit }) => fit);
  const aRow = judged.map(({ judge, rows }) => (1e6 * judge) / rows);
  return [
    ...row('ROC-AUC', 'by user', rocAucs),
    ...row('fitted', 's a user', fitted),
    ...row('judged', 'µs a row', aRow),
  ];
}

export default bench;
