import type { Around, Further, Sought, TreeNode } from '../contract/find.ts';
import { leadsOf } from '../contract/story/leads.ts';
import type { Story } from '../contract/story/story.ts';
import type { FoundAction } from '../contract/timeline.ts';
import { quoted } from '../engine/answer/shell.ts';
import { short } from '../engine/explanation/describe.ts';
import { explanationOf, reasonDamaged } from '../engine/explanation/explanation.ts';
import { actionsWith, entityOf, type Finder } from '../engine/find/entity.ts';
import { furtherOf } from '../engine/find/further.ts';
import { defaultPack } from '../engine/reading/pack.ts';
import { exitCodes, Failure } from './failure.ts';
import { clock, say, sayJson, sayLines, table } from './output.ts';
import { withStore, type InspectOptions } from './setup.ts';

/** Values that are offered to be asked about. */
const MOST_LEADS = 12;

export interface FindOptions extends InspectOptions {
  readonly as: Sought['as'];
  readonly limit: string;
}

/** `ubad find VALUE`: everything with it, across users and hosts. */
export function findValue(value: string, { as, limit, ...options }: FindOptions): void {
  const most = Number(limit);
  if (!Number.isInteger(most) || most < 1 || most > 10_000)
    throw new Failure(`--limit «${limit}»: use a whole number from 1 to 10000.`, exitCodes.usage);
  withStore(options, true, (store) => {
    const finder: Finder = { store, learning: defaultPack().learning };
    const { incidents, ...entity } = entityOf(finder, { as, value });
    const { rows } = actionsWith(finder, { as, value, limit: most });
    if (options.json) {
      sayJson({ ...entity, alerts: incidents.map(({ id }) => id), actions: rows });
      return;
    }
    if (!entity.complete) say('Older actions of a database of an earlier version are still to be looked at.');
    for (const other of entity.also)
      say(`It is also known as a ${other}: ubad find ${quoted(value) ?? 'VALUE'} --as ${other}`);
    if (entity.count === 0) {
      say(`Nothing is stored that has ${as === 'value' ? '' : `the ${as} `}«${value}». Only whole values are found.`);
      return;
    }
    say(
      `${entity.count === 1 ? '1 action has' : `${entity.count} actions have`} it, from ${clock(entity.first!)} to ${clock(entity.last!)}.`,
    );
    const who = entity.who.map((one) => [
      short(one.user),
      short(one.host),
      one.count,
      clock(one.first),
      clock(one.last),
    ]);
    sayLines(['', ...table(['user', 'host', 'actions', 'first', 'last'], who)]);
    if (entity.more > 0) say(`… and ${entity.more} more`);
    const told = incidents.map((one) => [
      one.id,
      clock(one.firstTime),
      one.band,
      one.verdict ?? one.state,
      explanationOf(one)?.sentence ?? reasonDamaged(one),
    ]);
    if (told.length > 0) sayLines(['', ...table(['alert', 'began', 'band', 'state', 'why'], told)]);
    sayLines(['', ...actionLines('newest', rows)]);
  });
}

/** `ubad alerts further ID`: what started what, what its session did, and what was around. */
export function furtherAlert(id: string, options: InspectOptions): void {
  withStore(options, true, (store) => {
    const incident = store.incidents.byId(Number(id));
    if (!incident) throw new Failure(`no alert ${id}; see: ubad alerts list`, exitCodes.usage);
    const further = furtherOf({ store, learning: defaultPack().learning }, incident);
    if (!further) throw new Failure(reasonDamaged(incident), exitCodes.failed);
    if (options.json) sayJson(further);
    else sayLines(furtherLines(further));
  });
}

function furtherLines({ tree, session, around }: Further): string[] {
  const stretch = ({ from, to, count, rows }: Around): string =>
    `${clock(from)} – ${clock(to)}: ${rows.length} of ${count} actions`;
  return [
    'Who started whom (* of the alert)',
    ...(tree.length > 0 ? tree.map(nodeLine) : ['  the log does not tell']),
    '',
    'What the same session did',
    ...(session
      ? [`  ${session.value} on ${short(session.host)}, ${stretch(session)}`, ...actionLines('when', session.rows)]
      : ['  the log does not tell of a session']),
    '',
    `Around this moment, the strangest first, ${stretch(around)}`,
    ...actionLines('when', around.rows),
  ];
}

const nodeLine = ({ depth, name, pid, time, own }: TreeNode): string =>
  `${'  '.repeat(depth + 1)}${short(name)} (${short(pid)})${time === null ? ', its start is not in the log' : `, ${clock(time)}`}${own ? ' *' : ''}`;

const actionLines = (when: string, rows: readonly (FoundAction & { readonly own?: boolean })[]): string[] =>
  table(
    [when, 'user', 'action', 'z', 'alert'],
    rows.map(({ time, user, text, score, incident, own }) => [
      clock(time),
      short(user),
      `${text}${own ? ' *' : ''}`,
      score === null ? '–' : score.toFixed(1),
      incident ?? '',
    ]),
  );

/** How to ask further about an alert: each line a command of its own. */
export function leadLines(id: number, story: Story): string[] {
  const found = leadsOf(story).flatMap(({ as, value }) => {
    const word = quoted(value);
    return word === undefined ? [] : [`  ubad find ${word}${as === 'value' ? '' : ` --as ${as}`}`];
  });
  return ['Ask further:', `  ubad alerts further ${id}`, ...found.slice(0, MOST_LEADS)];
}
