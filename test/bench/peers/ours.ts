import { UserModel } from '../../../models/profile/user-model.ts';
import { FUSED, judgeBy, judgeMachine } from '../../../src-main/cli/evaluate/judge-log.ts';
import { trainModel } from '../../../src-main/engine/models/train.ts';
import { trainingOptionsOf, type EngineOptions } from '../../../src-main/engine/options.ts';
import type { JudgedTest, JudgedUser } from './figures.ts';
import type { SetUser } from './sets.ts';

/** How ubad judges. */
interface Way {
  readonly name: string;
  readonly learn: boolean;
  readonly facts: boolean;
}

const WAYS: readonly Way[] = [
  { name: 'ubad, as it is', learn: true, facts: true },
  { name: 'ubad, models alone', learn: true, facts: false },
  { name: 'ubad, models alone, learning nothing', learn: false, facts: false },
];

/** ubad itself, by both models: each user is trained once and judged in each way, by way. */
export async function ours(users: readonly SetUser[], engine: EngineOptions): Promise<Map<string, JudgedUser[]>> {
  const { algorithm, pack } = engine;
  const options = trainingOptionsOf(engine);
  const judged = new Map<string, JudgedUser[]>(WAYS.map(({ name }) => [name, []]));
  for (const user of users) {
    const start = process.cpuUsage();
    const { model } = await trainModel(user.past, { subject: user.name, algorithm, pack, options, now: 0 });
    const fit = secondsSince(start);
    const files = model.save();
    for (const { name, learn, facts } of WAYS) {
      const load = (): UserModel => UserModel.load(files, pack.learning, algorithm, options);
      judged.get(name)!.push({ ...judgedBy(load, user, { ...engine, facts }, learn), fit });
    }
  }
  return judged;
}

function judgedBy(
  load: () => UserModel,
  { name, past, tests, machine }: SetUser,
  engine: EngineOptions,
  learn: boolean,
): Omit<JudgedUser, 'fit'> {
  const judged: JudgedTest[] = [];
  let [seconds, rows, alarm] = [0, 0, Infinity];
  for (const { found, labels } of tests) {
    const model = load();
    const start = process.cpuUsage();
    const log = judgeBy(model, past, found, engine, learn);
    seconds += secondsSince(start);
    rows += found.length;
    alarm = log.alarm;
    const ofMachine =
      engine.facts && machine && 'machine' in labels
        ? judgeMachine(machine.subject, machine.past, labels.machine, engine).incidents
        : [];
    const scores = found.map(({ line }) => log.windows.get(line)?.[FUSED]);
    judged.push({ scores, opened: log.incidents, openedOfMachine: ofMachine });
  }
  return { user: name, tests: judged, alarm, judge: seconds, rows };
}

/** Seconds of processor time of all threads. */
function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
