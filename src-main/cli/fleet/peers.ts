import { LEAST_PEERS, type FleetGroups, type FleetPeers, type PeerCount } from '../../contract/fleet.ts';
import { alertKeyOf } from '../../fleet/inbox/say.ts';
import { Desk } from '../../fleet/page/desk.ts';
import { Groups } from '../../fleet/page/groups.ts';
import { Owners } from '../../fleet/page/owners.ts';
import { groupsOf, peersOf } from '../../fleet/page/peers.ts';
import { metaOf } from '../../fleet/wire/streams.ts';
import { exitCodes, Failure } from '../failure.ts';
import { say, sayJson, sayTable, tellUser } from '../output.ts';
import { sayerOf } from './sayer.ts';
import { connected, type InspectOptions } from './shared.ts';

/** `ubad fleet peers [alert]`: the groups of users; of an alert, how many of its user's group do what was new in it. */
export async function peers(text: string | undefined, options: InspectOptions): Promise<void> {
  const key = text === undefined ? undefined : alertKeyOf(text);
  if (text !== undefined && !key)
    throw new Failure(`«${text}» is no alert of a fleet: use one such as 0007/12.`, exitCodes.usage);
  await connected(options, 'peers', async (nc, subjects, config) => {
    const groups = Groups.of(config.peers);
    const desk = Desk.open(config.inbox.state);
    try {
      const row = key && desk.alert(key);
      if (key && !row) throw new Failure(`no alert ${text}; see: ubad fleet alerts list --all`, exitCodes.usage);
      const owners = new Owners(nc, subjects, await metaOf(nc, subjects));
      // As at the page: who looked is kept.
      desk.did(sayerOf(), 'peers', text ?? '', Math.floor(Date.now() / 1000));
      if (key && row) tellPeers(await peersOf({ owners, groups }, { ...row, ...key }), options);
      else tellGroups(await groupsOf({ owners, groups }), options);
    } finally {
      desk.close();
    }
  });
}

function tellGroups(found: FleetGroups, { json }: InspectOptions): void {
  if (json) {
    sayJson(found);
    return;
  }
  if (found.rows.length === 0) say('No group is written down: see peers in fleet.json.');
  else
    sayTable(
      ['GROUP', 'PEOPLE', 'HOSTS'],
      found.rows.map(({ name, people, hosts }) => [name, people, hosts]),
    );
  if (found.without > 0) say(`${found.without} users are in no group.`);
  tellMissing(found);
}

function tellPeers(found: FleetPeers, { json }: InspectOptions): void {
  if (json) {
    sayJson(found);
    return;
  }
  const { user, group, people, rows } = found;
  if (group === null) say(`${user} is in no group: peers in fleet.json says who is in which.`);
  else if (people < LEAST_PEERS)
    say(
      `${user} is in the group ${group} with ${people} others of whom enough is known: fewer than ${LEAST_PEERS} are not compared, for a number would name them.`,
    );
  else if (rows.length === 0) say(`${user} is in the group ${group}. Nothing was new that others are known by.`);
  for (const row of rows) say(`${row.kind} ${row.key}: ${toldOf(row, found)}`);
  tellMissing(found);
}

function toldOf({ have }: PeerCount, { user, group, people }: FleetPeers): string {
  if (have === 'few')
    return `new for ${user}, fewer than ${LEAST_PEERS} of ${people} others in the group ${group} do it`;
  if (have === 0) return `new for ${user}, none of ${people} others in the group ${group} does it`;
  return `new for ${user}, ${have} of ${people} others in the group ${group} do it`;
}

function tellMissing({ away, more }: Pick<FleetGroups, 'away' | 'more'>): void {
  if (away.length > 0)
    tellUser(`${away.length} partitions did not answer: what their hosts would add is missing.`, 'warning');
  if (more > 0) tellUser(`${more} users more are not counted.`, 'warning');
}
