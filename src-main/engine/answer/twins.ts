import { isOwnPlace, placeOf } from '../../../models/facts/place.ts';
import type { Band } from '../../contract/alerts.ts';
import type { Twin } from '../../contract/alerts.ts';
import type { EntityRow, Phrase, Story } from '../../contract/story/story.ts';
import { storyOfIncident } from '../narrative/tell-incident.ts';
import type { Incident } from '../store/incidents.ts';
import type { Asked } from './offers.ts';

const DAY = 86_400;
/** How far away alerts are looked at, and how many of them. */
const [AWAY, LOOKED_AT, MOST] = [30 * DAY, 200, 8];
/** More often seen than this before, a thing ties nothing together. */
const RARE = 3;

/** What was new in an incident, by which others are known to belong to it: text and how it is told. */
function sharedKeys(story: Pick<Story, 'rows'>): Map<string, Phrase> {
  const keys = new Map<string, Phrase>();
  for (const row of story.rows) {
    if (row.seen > RARE || row.act === 'ended') continue;
    const address = addressOf(row);
    if (address !== undefined) keys.set(`address ${address}`, { id: 'twin.address', values: { name: address } });
    const program = programOf(row);
    if (program !== undefined) keys.set(`program ${program}`, { id: 'twin.program', values: { name: program } });
    const thing = things.has(row.act) ? row.phrase.values.name : undefined;
    if (thing !== undefined) keys.set(`${row.act} ${thing}`, { id: 'twin.thing', values: { name: String(thing) } });
  }
  return keys;
}

const things: ReadonlySet<string> = new Set(
  'key cron autostart unit account admin sudo module device gateway'.split(' '),
);

function addressOf({ phrase: { values } }: EntityRow): string | undefined {
  if (typeof values.address !== 'string') return undefined;
  // "[2001:db8::1]:443", "203.0.113.9:443" and "203.0.113.9" alike.
  const [, six, four] = /^(?:\[(.+)\](?::\d+)?|([^:]+)(?::\d+)?)$/.exec(values.address) ?? [];
  return six ?? four ?? values.address;
}

/** What the system brings along starts everywhere: it ties nothing together. */
const programOf = ({ chain }: EntityRow): string | undefined =>
  chain.find((link) => link.startsWith('/') && isOwnPlace(placeOf(link)));

/** What was new in an incident as kind and name: `address`, `program`, or the kind of act, and what. */
export const newThingsOf = (story: Pick<Story, 'rows'>): { readonly kind: string; readonly name: string }[] =>
  [...sharedKeys(story).keys()].map((key) => {
    const at = key.indexOf(' ');
    return { kind: key.slice(0, at), name: key.slice(at + 1) };
  });

/** Alerts of anybody that share what was new in this one, newest first: one miner, or one address at two users. */
export function twinsOf(asked: Asked, incident: Incident, story: Story): Twin[] {
  const own = sharedKeys(story);
  if (own.size === 0) return [];
  const { store } = asked;
  const near = store.incidents.list({
    since: incident.firstTime - AWAY,
    before: incident.lastTime + AWAY,
    limit: LOOKED_AT,
  });
  const twins = near.flatMap((other): Twin[] => {
    if (other.id === incident.id) return [];
    const told = storyOfIncident(asked, other);
    const shared = told && [...sharedKeys(told).keys()].find((key) => own.has(key));
    if (shared === undefined) return [];
    return [
      {
        id: other.id,
        user: store.subjects.byId(other.subjectId)?.name ?? '?',
        band: other.band as Band,
        lastTime: other.lastTime,
        answered: other.verdict !== null,
        headline: told!.headline,
        shared: own.get(shared)!,
      },
    ];
  });
  return twins.slice(0, MOST);
}
