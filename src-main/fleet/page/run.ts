import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import packageJson from '../../../package.json' with { type: 'json' };
import { metric } from '../../contract/metrics-text.ts';
import { addressOf, Announcement, runtimeFolder } from '../../web/announce.ts';
import { Keys, OWNER } from '../../web/keys.ts';
import { WebServer } from '../../web/server.ts';
import { Streams } from '../../web/streams.ts';
import type { FleetConfig } from '../config.ts';
import { FleetProblem } from '../failure.ts';
import { Hosts } from '../gateway/hosts.ts';
import { connectTo } from '../wire/connect.ts';
import { ExactPublisher } from '../wire/exact-publisher.ts';
import { FleetSize } from '../wire/size.ts';
import { openBucket } from '../wire/streams.ts';
import { Subjects } from '../wire/subjects.ts';
import { whenAnswered } from '../wire/when-answered.ts';
import { Desk } from './desk.ts';
import { Groups } from './groups.ts';
import { answerTo, type PageParts, type Person } from './handlers.ts';
import { Owners } from './owners.ts';
import { Workers } from './places.ts';

/** Where the built page is. */
export interface PageFiles {
  readonly page: string;
  readonly bridge: string;
}

export interface RunPageOptions {
  readonly config: FleetConfig;
  readonly files: PageFiles;
  /** Where this user's programs keep what lasts. */
  readonly state: string;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /** A question failed as none should. */
  readonly onFailed: (error: unknown) => void;
  /** It answers. @param address opens it once, for whoever started it */
  readonly onReady: (address: string) => void;
}

/** A page that runs on an inbox already. */
export type RunningPage = Awaited<ReturnType<Announcement['running']>>;

/** The file by which a running page is found: one page an inbox. */
const announcementOf = ({ inbox }: FleetConfig, state: string): Announcement =>
  new Announcement(runtimeFolder(state), join(inbox.state, 'page'));

/**
 * Whether a page runs on this inbox, for this user.
 * @param person of page.people, for whom an address is wanted; not given: whoever started the page
 */
export function runningPage(config: FleetConfig, state: string, person?: string): Promise<RunningPage> {
  return announcementOf(config, state).running(person);
}

/** The page of a fleet until it is told to stop. @throws FleetProblem for what a person has to see to */
export async function runPage(options: RunPageOptions): Promise<void> {
  const { config, signal, onNotice, state, onReady } = options;
  const { servers, credentials, ca, tenant, inbox } = config;
  const groups = Groups.of(config.peers);
  const desk = await untilThere(() => Desk.open(inbox.state), options);
  try {
    desk.forgetAudit(Date.now() / 1000, inbox.keepDays);
    const nc = await connectTo({ servers, credentials, ca, name: 'page', onWaiting: onNotice, signal });
    try {
      const subjects = new Subjects(tenant);
      const waiting = { signal, onNotice };
      const size = await whenAnswered(() => FleetSize.on(nc, subjects), waiting);
      const enrolled = await whenAnswered(
        async () => Hosts.on(await openBucket(nc, subjects.bucket('HOSTS'))),
        waiting,
      );
      const publisher = await ExactPublisher.on(nc, subjects.linesStream, signal);
      const owners = new Owners(nc, subjects, size);
      const workers = new Workers(nc, subjects, owners, size);
      const looking = setInterval(() => void size.look(signal).catch(() => undefined), LOOK_MS).unref();
      const people = [...new Set([ownName(), ...config.page.people.map(({ name }) => name)])];
      const now = (): number => Date.now() / 1000;
      const parts = { desk, owners, workers, enrolled, publisher, subjects, size, signal, tenant, groups, people, now };
      const keys = new Keys((person) => config.page.people.some(({ name }) => name === person));
      const server = serverOf(parts, keys, options);
      try {
        await listening(server, config.page.port);
        const announcement = announcementOf(config, state);
        const told = { origin: server.origin, secret: keys.secret, token: keys.token };
        announcement.tell(told);
        onReady(addressOf(server.origin, keys.issue(Date.now())));
        await aborted(signal);
        announcement.end(told);
        await server.close();
      } finally {
        clearInterval(looking);
        enrolled.stop();
      }
    } finally {
      await nc.close();
    }
  } finally {
    desk.close();
  }
}

function serverOf(parts: PageParts, keys: Keys, { config, files, onFailed }: RunPageOptions): WebServer {
  return new WebServer({
    host: '127.0.0.1',
    port: config.page.port,
    ...files,
    start: 'fleet.html',
    command: 'ubad fleet serve',
    keys,
    streams: new Streams(),
    ask: (name, input, who) => answerTo(parts, personOf(config, who), name, input),
    metrics: () => metricsOf(parts.desk),
    failed: onFailed,
  });
}

/** Whoever started the page is its administrator. */
function personOf({ page }: FleetConfig, who: string): Person {
  if (who === OWNER) return { name: ownName(), role: 'admin' };
  return page.people.find(({ name }) => name === who) ?? { name: who, role: 'viewer' };
}

const ownName = (): string =>
  userInfo()
    .username.replace(/[^\w.@-]/g, '_')
    .slice(0, 64);

function metricsOf(desk: Desk): string {
  const { waiting, alerts } = desk.counts();
  const about = { process: 'page', version: packageJson.version };
  return [
    ...metric('ubad_fleet_info', 'gauge', 'Which program this is.', [[about, 1]]),
    ...metric('ubad_fleet_inbox_alerts', 'gauge', 'Alerts that are kept.', [[{}, alerts]]),
    ...metric('ubad_fleet_inbox_waiting', 'gauge', 'Alerts that nobody has answered.', [[{}, waiting]]),
  ].join('');
}

const AGAIN_MS = 1000;
/** How often it is asked how many partitions there are. */
const LOOK_MS = 3000;
/** An inbox that has just been started is looked for this many times. */
const MOST_TRIES = 10;

async function untilThere<T>(open: () => T, { signal }: RunPageOptions): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return open();
    } catch (error) {
      if (!(error instanceof FleetProblem) || tries >= MOST_TRIES) throw error;
      await setTimeout(AGAIN_MS, undefined, { signal });
    }
  }
}

async function listening(server: WebServer, port: number): Promise<void> {
  try {
    await server.listen();
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new FleetProblem(
      `The page cannot be served at 127.0.0.1:${port} (${code}). Set another port under page in fleet.json; 0: any that is free.`,
      { cause: error },
    );
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
