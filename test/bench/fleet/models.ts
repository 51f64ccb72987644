/** What training a user and storing their models costs, with models of the size that real people have. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { UserModel } from '../../../models/profile/user-model.ts';
import { FEWEST_RUNS, type Row } from '../../../scripts/bench/bench.ts';
import { bytesOf, writeModel } from '../../../src-main/engine/models/folder.ts';
import { trainModel } from '../../../src-main/engine/models/train.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { lineParser } from '../../../src-main/engine/reading/parse-line.ts';
import { root } from './hosts.ts';
import { fusedEngine } from '../../../models/fused.ts';

const ACTIONS = 3000;
const pack = defaultPack();
const options = { seed: 1, windowLength: 50, math: fusedEngine() };

export interface ModelFigures {
  /** s of processor time. */
  readonly training: readonly number[];
  /** ms of processor time. */
  readonly storing: readonly number[];
  /** MB of the disk. */
  readonly size: readonly number[];
}

const secondsOf = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

export async function measureModels(folder: string): Promise<ModelFigures> {
  const parse = lineParser(pack);
  const actions = gunzipSync(readFileSync(join(root, 'data', 'example', 'past.log.gz')))
    .toString('utf8')
    .split('\n')
    .filter((line) => line.includes('"hostIdentifier":"desk-1"') && /process_start|net_out|shell_verb/.test(line))
    .flatMap((line) => {
      const parsed = parse(line);
      return parsed.ok ? parsed.actions : [];
    })
    .slice(0, ACTIONS);
  if (actions.length < ACTIONS) throw new Error(`the example has ${actions.length} such actions`);
  const [training, storing, size]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < FEWEST_RUNS; run++) {
    let before = process.cpuUsage();
    const request = { subject: 'user', algorithm: 'both', pack, options, now: 0 } as const;
    const { model, manifest } = await trainModel(actions, request);
    training.push(secondsOf(before));
    const where = join(folder, `model-${run}`);
    writeModel(where, model.save(), manifest);
    const loaded = UserModel.load(model.save(), pack.learning, 'both', options);
    before = process.cpuUsage();
    writeModel(`${where}-again`, loaded.save(), manifest);
    storing.push(1000 * secondsOf(before));
    size.push(bytesOf(where) / 1e6);
  }
  return { training, storing, size };
}

export const modelRows = ({ training, storing, size }: ModelFigures): Row[] => [
  { what: `processor time of training a user, ${ACTIONS} actions`, unit: 's', samples: training },
  { what: 'processor time of storing a user’s models', unit: 'ms', samples: storing },
  { what: 'a user’s models on the disk', unit: 'MB', samples: size },
];
