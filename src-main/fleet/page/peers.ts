/** What a user's group does: how many of their peers do what is new in an alert. */
import {
  LEAST_PEERS,
  type FleetGroup,
  type FleetGroups,
  type FleetPeers,
  type PeerCount,
} from '../../contract/fleet.ts';
import { isMirrored } from '../wire/mirrored.ts';
import type { AlertKey } from '../inbox/say.ts';
import type { Owners } from './owners.ts';
import { userOfHost, type Groups } from './groups.ts';

function put(map: Map<string, Set<string>>, key: string, value: string): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}

export interface PeersAsked {
  readonly owners: Owners;
  readonly groups: Groups;
}

/** All groups in the order in which they are written down; how many people are in none. */
export async function groupsOf({ owners, groups }: PeersAsked): Promise<FleetGroups> {
  const { rows, more, away } = await owners.gather((owner) => owner.users(''));
  const [people, hosts, without] = [new Map<string, Set<string>>(), new Map<string, Set<string>>(), new Set<string>()];
  for (const one of rows.flatMap(([, { name }]) => userOfHost(name) ?? [])) {
    const group = groups.groupOf(one);
    if (group === undefined) without.add(one.user);
    else {
      put(people, group, one.user);
      put(hosts, group, one.host);
    }
  }
  const size = (of: ReadonlyMap<string, ReadonlySet<string>>, name: string): number => of.get(name)?.size ?? 0;
  const told = groups.names.map((name): FleetGroup => ({ name, people: size(people, name), hosts: size(hosts, name) }));
  return { rows: told, without: without.size, more, away };
}

/**
 * How many of a user's group do what was new in an alert: of whom it is known. What spreads through a group at once is known of nobody.
 * @param user as the alert names them @throws AskFailed where the alert's own partition does not answer
 */
export async function peersOf(
  { owners, groups }: PeersAsked,
  { incident, user, host }: Pick<AlertKey, 'incident'> & { readonly user: string; readonly host: string },
): Promise<FleetPeers> {
  const own = userOfHost(user);
  const group = own && groups.groupOf(own);
  const nothing: FleetPeers = { user: own?.user ?? user, group: null, people: 0, rows: [], more: 0, away: [] };
  // What happened on a machine that tells its alerts alone stays there.
  if (own === undefined || group === undefined || isMirrored(incident)) return nothing;
  const facts = await owners.ofHost(host).newFacts(incident);
  const names = facts.map(({ name }) => name);
  const { rows: found, more, away } = await owners.gather((owner) => owner.knowing(names));
  /** People of the group, and what is known of each. */
  const others = new Map<string, Set<number>>();
  for (const [, { user: name, knows }] of found) {
    const other = userOfHost(name);
    if (!other || other.user === own.user || groups.groupOf(other) !== group) continue;
    const known = others.get(other.user) ?? new Set();
    others.set(other.user, known);
    for (const fact of knows) known.add(fact);
  }
  const told = { ...nothing, group, people: others.size, more, away };
  if (others.size < LEAST_PEERS) return told;
  const count = (fact: number): number => [...others.values()].filter((known) => known.has(fact)).length;
  return { ...told, rows: facts.map((fact, f): PeerCount => ({ ...fact, have: asTold(count(f)) })) };
}

const asTold = (count: number): PeerCount['have'] => (count > 0 && count < LEAST_PEERS ? 'few' : count);
