import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { NatsConnection } from '@nats-io/transport-node';

import { adoptInbox, whyOtherAlerts } from '../../fleet/inbox/adopt.ts';
import { InboxStore } from '../../fleet/inbox/store.ts';
import { Adopting, type Adoption } from '../../fleet/partition/adopt.ts';
import { metaOf, openBucket } from '../../fleet/wire/streams.ts';
import { numbered, type Subjects } from '../../fleet/wire/subjects.ts';
import { exitCodes } from '../failure.ts';
import { say, sayTable } from '../output.ts';
import { connected, type FleetOptions } from './shared.ts';

export interface AdoptOptions extends FleetOptions {
  readonly state?: string;
  readonly yes?: boolean;
}

const MOST_MS = 600_000;

/** `ubad fleet adopt`: what lies on this machine goes on with a stream that was lost, or restored from an older copy. */
export async function adopt(options: AdoptOptions): Promise<void> {
  await connected(options, 'adopt', async (nc, subjects, config) => {
    const { partitions, made = partitions } = await metaOf(nc, subjects);
    const signal = AbortSignal.timeout(MOST_MS);
    const state = resolve(options.state ?? config.worker.state);
    const live = await liveIn(nc, subjects);
    const adopting = await Adopting.on({ nc, subjects, partitions, made, state, live, signal });
    const found = await adopting.look();
    const inbox = await inboxIn(config.inbox.state, { nc, subjects, signal }, options.yes === true);
    const wrong = found.filter(({ what }) => what !== 'fine');
    if (wrong.length === 0 && inbox === undefined) {
      say(`Nothing to adopt: all that lies in ${state} was read from these servers.`);
      return;
    }
    if (wrong.length > 0)
      sayTable(
        ['PARTITION', 'READ UP TO', 'GOES ON BEHIND', 'BLOCKS WAIT', 'WHAT', 'WHY'],
        wrong.map((one) => [numbered(one.partition), one.position, ...cellsOf(one)]),
      );
    if (inbox !== undefined) say(`inbox: ${inbox}`);
    const refused = wrong.filter(({ what }) => what === 'refused').length;
    if (!options.yes) say('Nothing was changed. To do this: ubad fleet adopt --yes');
    else
      for (const one of wrong) {
        await adopting.adopt(one);
        if (one.what === 'adopt') say(`${numbered(one.partition)} goes on behind block ${one.behind}.`);
        else if (one.what === 'older')
          say(`${numbered(one.partition)} was put aside: ${numbered(one.partition)}.put-aside`);
      }
    if (refused > 0 || !options.yes) process.exitCode = exitCodes.failed;
  });
}

const cellsOf = (one: Adoption): readonly (string | number)[] =>
  one.what === 'adopt'
    ? [one.behind, one.waiting, 'adopt', one.why]
    : ['', '', one.what === 'older' ? 'put aside' : one.what, 'why' in one ? one.why : ''];

/** Ids of the workers that renew their leases. */
async function liveIn(nc: NatsConnection, subjects: Subjects): Promise<ReadonlySet<string>> {
  const leases = await openBucket(nc, subjects.bucket('LEASES'));
  const ids = new Set<string>();
  for await (const key of await leases.keys()) ids.add(key.slice(2));
  return ids;
}

/** Looks at the inbox of this machine, and adopts it where that is wanted. @returns what is said of it; undefined: nothing is wrong */
async function inboxIn(
  folder: string,
  given: { readonly nc: NatsConnection; readonly subjects: Subjects; readonly signal: AbortSignal },
  isWanted: boolean,
): Promise<string | undefined> {
  if (!existsSync(join(folder, 'inbox.db'))) return undefined;
  const reading = InboxStore.read(folder);
  const why = await whyOtherAlerts({ ...given, store: reading }).finally(() => {
    reading.close();
  });
  if (why === undefined || !isWanted) return why;
  const store = InboxStore.open(folder);
  try {
    const told = await adoptInbox({ ...given, store });
    return `${why}. It goes on with what is there and keeps its alerts; ${told} partitions number theirs above them.`;
  } finally {
    store.close();
  }
}
