import { baseOf } from '../../../models/facts/place.ts';
import type { QueryLearning } from '../../../models/action.ts';
import type { Known, KnownThing } from '../../contract/timeline.ts';
import { actOf, type Act } from './act.ts';
import type { StoredAction } from '../store/actions.ts';
import type { Store } from '../store/store.ts';

/** Actions that are looked at: some tenths of a second's. */
const LOOKED_AT = 20_000;
/** Things that are told of each kind. */
const MOST = 12;

interface Tally {
  count: number;
  last: number;
  readonly days: Set<string>;
}

/** What a user usually does, in things: of the latest actions, but for those in alerts that nobody called normal. */
export function knownOf(
  { store, learning }: { readonly store: Store; readonly learning: ReadonlyMap<string, QueryLearning> },
  subjectId: number,
): Known {
  const [programs, hosts, networks] = [new Map<string, Tally>(), new Map<string, Tally>(), new Map<string, Tally>()];
  const strange = store.incidents.unexplained(subjectId);
  let [actions, from] = [0, null as number | null];
  for (const stored of store.actions.backwards(subjectId, Number.MAX_SAFE_INTEGER, LOOKED_AT)) {
    const { time, change, again, baseline } = stored.action;
    if (change === 'removed' || again || baseline || strange.some((one) => isWithin(stored, one))) continue;
    actions += 1;
    from = Math.min(from ?? time, time);
    const act = actOf({ ...stored.action, id: stored.id }, learning);
    if (act.importance === 0) continue;
    for (const [tally, thing] of [
      [programs, programOf(act)],
      [hosts, act.address],
      [networks, act.kind === 'gateway' ? act.name : networkOf(act.address)],
    ] as const)
      if (thing !== undefined) add(tally, thing, time);
  }
  return { actions, from, programs: told(withoutTwins(programs)), hosts: told(hosts), networks: told(networks) };
}

const isWithin = ({ id }: StoredAction, { firstAction, lastAction }: { firstAction: number; lastAction: number }) =>
  id >= firstAction && id <= lastAction;

const programOf = ({ kind, program, name }: Act): string | undefined =>
  kind === 'command' ? name : kind === 'program' || kind === 'connection' ? program : undefined;

/** A command is told as the program that it starts, where that is known. */
function withoutTwins(programs: ReadonlyMap<string, Tally>): Map<string, Tally> {
  const started = new Set([...programs.keys()].filter((name) => name.includes('/')).map(baseOf));
  return new Map([...programs].filter(([name]) => name.includes('/') || !started.has(name)));
}

/** The addresses that a person would take for one place: 24 bits of IPv4, 48 of IPv6, what a site is given (RFC 6177). */
function networkOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const four = /^(\d+\.\d+\.\d+)\.\d+$/.exec(address)?.[1];
  if (four !== undefined) return `${four}.0/24`;
  if (!address.includes(':')) return undefined;
  const [head = ''] = address.split('::', 1);
  const groups = head.split(':').filter((group) => group !== '');
  return `${[...groups, '0', '0', '0'].slice(0, 3).join(':')}::/48`;
}

function add(tally: Map<string, Tally>, thing: string, time: number): void {
  const known = tally.get(thing) ?? { count: 0, last: time, days: new Set<string>() };
  known.count += 1;
  known.last = Math.max(known.last, time);
  known.days.add(new Date(time * 1000).toDateString());
  tally.set(thing, known);
}

/** Those of most days first: what comes again is usual, not what came often once. */
const told = (tally: ReadonlyMap<string, Tally>): KnownThing[] =>
  [...tally]
    .map(([name, { count, last, days }]) => ({ name, count, last, days: days.size }))
    .sort((a, b) => b.days - a.days || b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, MOST);
