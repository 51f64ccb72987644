import { rocAuc, type Scored } from '../../models/evaluation/metrics.ts';
import { fusedEngine } from '../../models/fused.ts';
import { UserModel } from '../../models/profile/user-model.ts';
import { type Bench, type Row, whole } from '../../scripts/bench/bench.ts';
import { BEGINS } from '../../scripts/invented-people.ts';
import { machineOf } from '../../src-main/contract/subjects.ts';
import { withoutRepeats } from '../../src-main/cli/evaluate/distinct.ts';
import { FUSED, judgeBy, type JudgedLog } from '../../src-main/cli/evaluate/judge-log.ts';
import { trainModel } from '../../src-main/engine/models/train.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { ParserState, parseBatch, type Found } from '../../src-main/engine/reading/parse-batch.ts';
import { SubjectResolver } from '../../src-main/engine/reading/subject-resolver.ts';
import { World } from '../../src-main/simulate/world.ts';
import { simulate, type SimulateOptions } from '../../src-main/simulate/simulate.ts';

const SEED = 1;
/** How many are invented, and those of them who have a machine of their own: the pack of 2017 tells machines apart, not people. */
const [USERS, PEOPLE] = [9, ['frank', 'grace', 'heidi', 'ivan']];
const [DAYS, LEARNED] = [28, 14];
const ENDS = BEGINS + LEARNED * 86_400;
const BLOCK = 50;
/** Actions within which a stranger has to be noticed, and for how many somebody stays who has taken an account over. */
const [NOTICED, STAYS] = [150, 3000];
/** The user's own actions that are judged. */
const OWN = 6000;

/** What a log of these people has of each: who sits at somebody else's desk has that one's name and home, so all are called "user". */
function rowsOf(pack: SimulateOptions['pack']): Map<string, Found[]> {
  const state = new ParserState(defaultPack(), new SubjectResolver(undefined, [], '/nonexistent'));
  const rows = new Map<string, Found[]>(PEOPLE.map((name) => [name, []]));
  const options = { users: USERS, days: DAYS, start: BEGINS, seed: SEED, form: 'event', attacks: [] } as const;
  const { people } = new World(options);
  const nameOf = new Map(
    people.map(({ name, host }) => [pack === '2017' ? machineOf(host) : name, { name, host }] as const),
  );
  let number = 0;
  for (const day of simulate({ ...options, pack })) {
    const lines = day.map(({ text }) => ({ number: ++number, text, offset: 0 }));
    for (const found of parseBatch({ lines, refused: [] }, state).found) {
      const person = nameOf.get(found.subject);
      if (person) rows.get(person.name)?.push(underName(found, person));
    }
  }
  return new Map([...rows].map(([name, own]) => [name, withoutRepeats(own)]));
}

function underName(found: Found, { name, host }: { readonly name: string; readonly host: string }): Found {
  const renamed = (value: string): string => value.replaceAll(name, 'user').replaceAll(host, 'desk');
  const columns = Object.entries(found.action.columns).map(([column, value]) => [column, renamed(value)]);
  return { ...found, action: { ...found.action, columns: Object.fromEntries(columns) as Found['action']['columns'] } };
}

const blocksOf = (log: JudgedLog, rows: readonly Found[], label: 0 | 1): Scored[] =>
  Array.from({ length: Math.floor(rows.length / BLOCK) }, (_, block) => {
    const scores = rows.slice(block * BLOCK, (block + 1) * BLOCK).map(({ line }) => scoreAt(log, line));
    return { score: Math.max(...scores), label };
  });

const scoreAt = (log: JudgedLog, line: number): number => log.windows.get(line)?.[FUSED] ?? -Infinity;

/** What became of one stranger at one desk. */
interface Stay {
  /** Actions until the first alarm; Infinity: none. */
  readonly noticed: number;
  /** Days on which something alarmed, of those on which there was something. */
  readonly days: number;
  /** Of the last 500 actions. */
  readonly last: number;
  readonly blocks: readonly Scored[];
}

function stayOf(log: JudgedLog, rows: readonly Found[]): Stay {
  const alarms = rows.map(({ line }) => scoreAt(log, line) >= log.alarm);
  const dayOf = ({ action }: Found): number => Math.floor(action.time / 86_400);
  const days = new Set(rows.map(dayOf));
  const alarming = new Set(rows.filter((_, r) => alarms[r]).map(dayOf));
  const first = alarms.indexOf(true);
  const latest = alarms.slice(-500);
  return {
    noticed: first < 0 ? Infinity : first + 1,
    days: alarming.size / days.size,
    last: latest.filter(Boolean).length / latest.length,
    blocks: blocksOf(log, rows, 1),
  };
}

async function measure(asked: SimulateOptions['pack']): Promise<Row[]> {
  const rows = rowsOf(asked);
  const pack = defaultPack();
  const model = { seed: SEED, windowLength: BLOCK, math: fusedEngine() };
  const engine = {
    state: '/nonexistent',
    pack,
    algorithm: 'both',
    trainAfter: 0,
    sensitivity: { alertsPerDay: 1 / 7 },
    ...model,
    now: () => 0,
  } as const;
  const [aucs, noticed, days, last]: number[][] = [[], [], [], []];
  for (const victim of PEOPLE) {
    const past = rows.get(victim)!.filter(({ action }) => action.time < ENDS);
    const later = (name: string): Found[] => rows.get(name)!.filter(({ action }) => action.time >= ENDS);
    const actions = past.map(({ action }) => action);
    const about = {
      subject: 'user',
      algorithm: 'both',
      pack,
      options: model,
      now: 0,
      onProgress: () => undefined,
    } as const;
    const saved = (await trainModel(actions, about)).model.save();
    const judge = (test: readonly Found[]): JudgedLog =>
      judgeBy(UserModel.load(saved, pack.learning, 'both', model), actions, test, engine, true);
    const own = later(victim).slice(0, OWN);
    const normal = blocksOf(judge(own), own, 0);
    for (const stranger of PEOPLE) {
      if (stranger === victim) continue;
      const test = later(stranger).slice(0, STAYS);
      const stay = stayOf(judge(test), test);
      aucs!.push(rocAuc([...normal, ...stay.blocks])!);
      noticed!.push(stay.noticed);
      days!.push(100 * stay.days);
      last!.push(100 * stay.last);
    }
  }
  const within = (100 * noticed!.filter((actions) => actions <= NOTICED).length) / noticed!.length;
  return [
    { what: `${asked}: ROC-AUC of a stranger's blocks against the user's own`, unit: '', samples: aucs! },
    { what: `… strangers that alarm within ${NOTICED} actions`, unit: '%', samples: whole(within) },
    { what: '… actions until then', unit: 'actions', samples: noticed!.map((actions) => Math.min(1e9, actions)) },
    { what: `… in a stay of ${STAYS} actions, days on which it alarms`, unit: '%', samples: days! },
    { what: '… of its last 500 actions alarm', unit: '%', samples: last! },
  ];
}

/** People at each other's desks, under the user's name, home and machine, while models learn on; repeats are left out. */
const bench: Bench = {
  name: 'strangers',
  async run() {
    return [...(await measure('modern')), ...(await measure('2017'))];
  },
};
export default bench;
