import { baseOf } from '../../../models/facts/place.ts';
import type { Phrase, Story } from '../../contract/story/story.ts';
import { isUsual } from '../../contract/story/tell.ts';
import { tacticOf } from '../../contract/story/tactics.ts';
import { hourOf, isWithin } from '../feedback/scope.ts';
import type { Act } from './act.ts';
import type { Familiar } from './familiar.ts';
import { headlineOf, sentOf, tells } from './headline.ts';
import { rowsOf, type Told } from './rows.ts';
import { whereOf } from './where.ts';

/** Rows that are told of, of either kind. */
const [MOST_ROWS, MOST_USUAL] = [12, 8];
/** Tools of every day of which it is told what they can be part of. */
const MOST_TOOLS = 3;
/** Hardly ever done before: this many times. */
const A_FEW = 3;
/** This many rows are told at least, where there are as many: the rarest. */
const FEWEST = 3;

export interface Material {
  readonly user: string;
  /** Oldest first; those of which nothing is ever judged are left out. */
  readonly acts: readonly Act[];
  readonly familiar: Familiar;
  /** Local hours in which the user is usually at work. */
  readonly usual: { readonly from: number; readonly to: number } | null;
  /** The first action that was looked at. */
  readonly since: number;
  /** What changed on the machine meanwhile, of which no row tells by whom. */
  readonly changes?: readonly Told[];
  /** The machine that told of it; absent where it is no longer known. */
  readonly host?: string | undefined;
  /** Who was logged in when something of a machine changed. */
  readonly loggedIn?: Phrase | null;
  /** Actions that alarmed because something about them was never there before. */
  readonly newFacts?: ReadonlySet<number>;
}

/** What happened, from the acts themselves and from what the user did before: no model has a word in it. */
export function storyOf({
  user,
  acts,
  familiar,
  usual,
  since,
  newFacts,
  changes = [],
  host,
  loggedIn = null,
}: Material): Story {
  const own = withoutTwins(rowsOf(acts, familiar, newFacts));
  const { headline, act, weight } = headlineOf(own, user, acts.length, changes);
  const all = inOrder([...own, ...changes]);
  const rare = withoutEarlier(all.filter(({ row }) => !isUsual(row))).sort((a, b) => tells(b) - tells(a));
  const chosen = new Set(rare.slice(0, MOST_ROWS));
  // Of somebody else's habits there may be nothing that is rare by itself: the rarest there are stand for it.
  const spare =
    act === 'habits' ? all.filter(({ row }) => row.act !== 'ended').sort((a, b) => a.row.seen - b.row.seen) : [];
  for (const told of spare) if (chosen.size < FEWEST) chosen.add(told);
  const rows = all.filter((told) => chosen.has(told));
  const others = all.filter((told) => isUsual(told.row) && !chosen.has(told)).sort((a, b) => b.row.count - a.row.count);
  const telling = rows.reduce<Told | undefined>((a, b) => (a && tells(a) >= tells(b) ? a : b), undefined);
  const at = telling?.row.first ?? acts[0]?.time;
  const dated = (phrase: Phrase): Phrase =>
    familiar.days > 0 && phrase.values.seen === 0
      ? { id: phrase.id, values: { ...phrase.values, days: familiar.days } }
      : phrase;
  const where = whereOf(acts, telling?.act, familiar) ?? loggedIn;
  return {
    headline: dated(headline),
    act,
    weight,
    rows: rows.map(({ row }) => row),
    usual: others.slice(0, MOST_USUAL).map(({ row }) => row),
    more: Math.max(0, rare.length - MOST_ROWS) + Math.max(0, others.length - MOST_USUAL),
    acts: acts.length,
    tactics: tacticsOf(rows),
    hours: usual && at !== undefined ? { ...usual, outside: !isWithin(hourOf(at), [usual.from, usual.to]) } : null,
    where: where && dated(where),
    days: familiar.days,
    ...(host !== undefined && { host }),
    since,
  };
}

const inOrder = (rows: readonly Told[]): Told[] =>
  [...rows].sort((a, b) => a.row.first - b.row.first || a.row.action - b.row.action);

/** What a person does is told in turns of up to this many seconds: what is told earlier may have been later. */
const POLLS = 60;

/** What is only rare, and began before the first new thing was done, is no part of it. @param rows in order of time */
function withoutEarlier(rows: readonly Told[]): Told[] {
  const isNew = ({ row }: Told): boolean => row.seen === 0 || row.newFrom !== undefined;
  const begun = rows.find(isNew)?.row.first;
  return rows.filter(
    (told) => begun === undefined || isNew(told) || told.row.ofMachine === true || told.row.first >= begun - POLLS,
  );
}

/** A login tells of its session already, and a program that was started of the command by which it was. */
function withoutTwins(rows: readonly Told[]): readonly Told[] {
  const isLogin = rows.some(({ act }) => act.kind === 'login' && !act.ended);
  const started = new Set(rows.flatMap(({ act }) => (act.kind === 'program' ? [baseOf(act.program ?? '')] : [])));
  return rows.filter(({ act: { kind, name, ended } }) => {
    if (kind === 'session') return ended || !isLogin;
    return kind !== 'command' || !started.has(name);
  });
}

/** What acts of these kinds are often part of, each tactic once, with the rows that made it. */
function tacticsOf(rows: readonly Told[]): Story['tactics'] {
  const found = new Map<string, { readonly act: string; readonly rows: Set<number> }>();
  const add = (act: string, told: readonly Told[]): void => {
    const tactic = tacticOf(act);
    if (!tactic) return;
    const known = found.get(tactic.id) ?? { act, rows: new Set<number>() };
    found.set(tactic.id, known);
    for (const one of told) known.rows.add(rows.indexOf(one));
  };
  // A device that is plugged in day by day tells of nothing carried off.
  const telling = rows.filter((told) => tells(told) >= 0 && !(told.row.act === 'device' && told.row.seen > A_FEW));
  for (const told of telling) add(told.row.act, [told]);
  // Of many tools of every day the first few say what all of them do.
  const tools = telling
    .filter(({ row }) => row.tool !== undefined && row.seen === 0)
    .sort((a, b) => tells(b) - tells(a));
  for (const told of tools.slice(0, MOST_TOOLS)) add(`tool.${told.row.tool!}`, [told]);
  const sent = sentOf(telling);
  if (sent) add('sent', [...sent.reads, sent.connection]);
  return [...found.values()].map(({ act, rows: at }) => ({ act, rows: [...at].sort((a, b) => a - b) }));
}
