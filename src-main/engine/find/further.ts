import type { Around, Further } from '../../contract/find.ts';
import { explanationOf } from '../explanation/explanation.ts';
import { storyOfIncident } from '../narrative/tell-incident.ts';
import { valueAt } from '../narrative/act.ts';
import type { StoredAction, TimelineEntry } from '../store/actions.ts';
import type { Incident } from '../store/incidents.ts';
import { foundOf, type Finder } from './entity.ts';
import { treeOf } from './tree.ts';

/** Seconds before and after the telling act. */
const NEAR = 900;
/** Rows that are shown of a stretch. */
const SHOWN = 60;
/** Actions of the host among which programs are looked for that stand above the alert's. */
const LOOKED_AT = 50_000;
/** A session's number comes again after a restart: so far from the alert it is taken for another one. Seconds. */
const SAME_SESSION = 86_400;
/** Actions with a session's name that are looked through. */
const OF_SESSION = 2000;
const SESSION = /\/session-\w{1,20}\.scope$/;

/** What else there is to see about an incident; undefined where what is stored of its reason is damaged. */
export function furtherOf(finder: Finder, incident: Incident): Further | undefined {
  const story = storyOfIncident(finder, incident);
  if (!story) return undefined;
  const { actions } = finder.store;
  const telling = story.rows.filter(({ act }) => act === story.act);
  const ids = [...telling, ...story.rows, ...story.usual].map(({ action }) => action);
  const kept = (explanationOf(incident)?.actions ?? []).map(({ id }) => id);
  const acts = [...new Set([...ids, ...kept])].flatMap((id) => actions.byId(id) ?? []);
  const own = new Set(acts.map(({ id }) => id));
  const isOwn = ({ id, scored }: TimelineEntry): boolean => own.has(id) || scored?.incidentId === incident.id;
  const host = acts[0]?.host;
  return {
    tree:
      host === undefined ? [] : treeOf(finder.store.moments.processes(host, incident.lastAction + 1, LOOKED_AT), own),
    session: sessionOf(finder, incident, acts, isOwn),
    around: aroundOf(finder, telling[0]?.first ?? incident.firstTime, isOwn),
  };
}

function sessionOf(
  finder: Finder,
  { firstTime, lastTime }: Incident,
  acts: readonly StoredAction[],
  isOwn: (entry: TimelineEntry) => boolean,
): Further['session'] {
  const { mentions, moments } = finder.store;
  for (const { host, action } of acts) {
    const value = valueAt(action.columns, 'cgroup_path');
    if (value === undefined || !SESSION.test(value)) continue;
    const sought = { as: 'value', value } as const;
    const counts = mentions.counts(sought).filter((one) => one.host === host);
    const entries = moments
      .byIds(mentions.newest(sought, counts, Infinity, OF_SESSION))
      .filter(
        ({ action: { time, columns } }) =>
          time >= firstTime - SAME_SESSION && time <= lastTime + SAME_SESSION && mentions.has(sought, columns),
      );
    if (entries.length === 0) continue;
    const rows = nearest(entries, firstTime).map((entry) => ({ ...foundOf(finder, entry), own: isOwn(entry) }));
    const times = entries.map(({ action: { time } }) => time);
    return { value, host, from: Math.min(...times), to: Math.max(...times), count: entries.length, rows };
  }
  return null;
}

/** Those that are shown, oldest first: where there are too many, those nearest to a time. */
function nearest(entries: readonly TimelineEntry[], time: number): TimelineEntry[] {
  const far = ({ action }: TimelineEntry): number => Math.abs(action.time - time);
  const chosen = [...entries].sort((a, b) => far(a) - far(b)).slice(0, SHOWN);
  return chosen.sort((a, b) => a.action.time - b.action.time || a.id - b.id);
}

function aroundOf(finder: Finder, at: number, isOwn: (entry: TimelineEntry) => boolean): Around {
  const { moments, subjects } = finder.store;
  const [from, to] = [at - NEAR, at + NEAR];
  const ofEach = subjects.list().map(({ id }) => ({ subjectId: id, from, to, queries: null }));
  const score = ({ scored }: TimelineEntry): number => scored?.score ?? -Infinity;
  const found = ofEach
    .flatMap((moment) => moments.strangest(moment, SHOWN))
    .sort((a, b) => score(b) - score(a) || a.id - b.id)
    .slice(0, SHOWN);
  return {
    from,
    to,
    count: ofEach.reduce((sum, moment) => sum + moments.count(moment), 0),
    rows: found.map((entry) => ({ ...foundOf(finder, entry), own: isOwn(entry) })),
  };
}
