import { compareUnits, type Comparison } from '../../models/evaluation/compare.ts';
import { figureNames, type FigureName } from '../../models/evaluation/figures.ts';
import { readScores } from './evaluate/scores-file.ts';
import { exitCodes, Failure } from './failure.ts';
import { say, sayJson, sayTable } from './output.ts';
import { seedOf } from './setup.ts';

export interface ComparisonOptions {
  readonly seed?: string;
  readonly json?: boolean;
}

const RESAMPLES = 1000;
/** Below this many users the percentile interval is known to be too narrow. */
const FEW_USERS = 20;

/** What is told of each figure, and by how much it is multiplied to be read. */
const told: Readonly<Record<FigureName, readonly [text: string, times: number, digits: number]>> = {
  rocAuc: ['ROC-AUC', 1, 4],
  detectionAt1Percent: ['found at 1 % false alarms, %', 100, 1],
  detectionAt3Percent: ['found at 3 % false alarms, %', 100, 1],
  'detectionAt6.7Percent': ['found at 6.7 % false alarms, %', 100, 1],
  ownLineFalseAlarms: ['false alarms at the own line, %', 100, 2],
  ownLineDetection: ['found at the own line, %', 100, 1],
  ownLineCost: ['cost at the own line, 6 · false alarms + missed, %', 1, 1],
};

/** `ubad compare`: tells how two versions differ by what `ubad evaluate --scores` kept of each. */
export function compare(pathA: string, pathB: string, options: ComparisonOptions): void {
  const seed = seedOf(options.seed) ?? 1;
  const [a, b] = [readScores(pathA), readScores(pathB)];
  const compared = compareUnits(a, b, { seed, resamples: RESAMPLES });
  if (!compared) {
    throw new Failure(
      'the two files have no users in common with both labels, 0 and 1, in each.',
      exitCodes.unreadable,
    );
  }
  const summary = { ...about(compared, a, b), resamples: RESAMPLES, seed, figures: compared.figures };
  if (options.json) sayJson(summary);
  else sayCompared(compared, summary);
}

interface About {
  readonly users: number;
  /** The bootstrap's intervals are too narrow for so few. */
  readonly fewUsers: boolean;
  /** Whose scores only one of the files has: left out. */
  readonly usersLeftOut: readonly string[];
  readonly stretches: { readonly a: number; readonly b: number; readonly inBoth: number };
}

type Scores = ReturnType<typeof readScores>;

function about({ users }: Comparison, a: Scores, b: Scores): About {
  const common = new Set(users);
  const everybody = new Set([...a, ...b].map(({ user }) => user));
  const [inA, inB] = [a, b].map((scores) => placesOf(scores.filter(({ user }) => common.has(user))));
  return {
    users: users.length,
    fewUsers: users.length < FEW_USERS,
    usersLeftOut: [...everybody].filter((user) => !common.has(user)).sort(),
    stretches: { a: inA!.length, b: inB!.length, inBoth: countInBoth(inA!, inB!) },
  };
}

const placesOf = (scores: Scores): string[] =>
  scores.map(({ user, test, from, to, label }) => JSON.stringify([user, test, from, to, label]));

function countInBoth(a: readonly string[], b: readonly string[]): number {
  const inB = new Set(b);
  return a.filter((place) => inB.has(place)).length;
}

function sayCompared(
  { figures }: Comparison,
  {
    users,
    fewUsers,
    usersLeftOut,
    stretches,
    resamples,
    seed,
  }: About & { readonly resamples: number; readonly seed: number },
): void {
  const rows = figureNames.map((name) => {
    const { a, b, difference, interval95 } = figures[name];
    const [text, times, digits] = told[name];
    const plain = (value: number): string => (times * value).toFixed(digits);
    const signed = (value: number): string => `${Number(plain(value)) > 0 ? '+' : ''}${plain(value)}`;
    return [text, plain(a), plain(b), signed(difference), interval95 ? interval95.map(signed).join(' … ') : '–'];
  });
  sayTable(['figure', 'A', 'B', 'B − A', '95 % interval'], rows);
  say('');
  say(
    `${users} users, ${stretches.a} stretches in A, ${stretches.b} in B; ${resamples} resamples by user, seed ${seed}.`,
  );
  if (users === 1) say('One user: no interval can be told.');
  else if (fewUsers) say(`${users} users are few: the intervals are too narrow.`);
  if (usersLeftOut.length > 0) say(`Only in one of the files, left out: ${usersLeftOut.join(', ')}`);
  if (stretches.inBoth < Math.max(stretches.a, stretches.b)) {
    say(
      `Only ${stretches.inBoth} stretches are the same in both: compare versions that judged the same labelled logs.`,
    );
  }
}
