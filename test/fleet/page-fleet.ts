import { readFileSync } from 'node:fs';

import { Hosts } from '../../src-main/fleet/gateway/hosts.ts';
import { openBucket } from '../../src-main/fleet/wire/streams.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import type { NatsServer } from './nats-server.ts';
import { visit } from './page-visit.ts';
import { TestFleet, until } from './processes.ts';

export const HOSTS = 3;

/** A small fleet with a page, whose hosts were each visited by a stranger. One more host waits for approval. */
export class PageFleet {
  readonly fleet: TestFleet;

  private constructor(fleet: TestFleet) {
    this.fleet = fleet;
  }

  static async start(server: NatsServer, tenant: string, count = HOSTS): Promise<PageFleet> {
    const people = [
      { name: 'anna', role: 'viewer' },
      { name: 'bert', role: 'analyst' },
    ];
    const fleet = await TestFleet.make(server, tenant, {
      page: { people },
      peers: { groups: [{ name: 'floor', hosts: ['*'] }] },
    });
    const nc = await server.connect();
    const enrolled = await Hosts.on(await openBucket(nc, fleet.subjects.bucket('HOSTS')));
    for (let h = 0; h < count; h++) await enrolled.enroll(`desk-${h}.example`, 'approved', 1000);
    await enrolled.enroll('desk-new.example', 'waiting', 2000);
    enrolled.stop();
    fleet.start('one');
    fleet.start('inbox', 'inbox');
    // A program that no system brings along: by it the stranger's visits are known to belong together.
    const lines = new Map(
      [...linesOfHosts(count, 1600)].map(([host, own]) => [
        host,
        own.map((line) => line.replaceAll('/usr/bin/nc', '/tmp/.cache/nc')),
      ]),
    );
    await publishAll(nc, fleet.subjects, fleet.partitions, lines);
    fleet.start('page', 'serve');
    const made = new PageFleet(fleet);
    await until('the page is there', () => made.#said !== undefined);
    const admin = await visit(made.address);
    const alerts = async (): Promise<number> =>
      (await admin.inbox({ text: '', band: null, assigned: null, answered: false, limit: 100 })).found;
    await until('each host has an alert', async () => (await alerts()) >= count, 110);
    await until('all is read', async () => {
      const { workers, partitions } = await admin.workers(undefined);
      return workers.length === 1 && partitions.every(({ waiting }) => waiting === 0);
    });
    return made;
  }

  /** As it was said at the start: good once. */
  get address(): string {
    return this.#said!;
  }

  get #said(): string | undefined {
    return /page is at (http:\S+)/.exec(readFileSync(this.fleet.logOf('page'), { encoding: 'utf8', flag: 'a+' }))?.[1];
  }

  /** A new address, as whoever started the page asks for it. @param person not given: for themselves */
  async addressFor(person?: string): Promise<string> {
    const said = await this.fleet.ask('serve', ...(person === undefined ? [] : ['--for', person]));
    return /http:\S+/.exec(said)![0];
  }
}
