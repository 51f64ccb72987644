import { hostname } from 'node:os';

import { defaultPack } from '../../engine/reading/pack.ts';
import { lineMasker } from '../../engine/reading/masked-line.ts';
import type { Feed } from '../../export/event.ts';
import { follow } from '../../source/follow.ts';
import type { FleetConfig } from '../config.ts';
import { FleetProblem } from '../failure.ts';
import { connectTo } from '../wire/connect.ts';
import { ExactPublisher } from '../wire/exact-publisher.ts';
import { MovingPublisher } from '../wire/moving-publisher.ts';
import { FleetSize } from '../wire/size.ts';
import { Subjects } from '../wire/subjects.ts';
import { whenAnswered } from '../wire/when-answered.ts';
import { forwardAlerts } from './forward-alerts.ts';
import { forwardLog } from './forward.ts';
import { LeavingRecord } from './record.ts';

export interface RunForwardOptions {
  readonly config: FleetConfig;
  /** The file that it is of. */
  readonly file: string;
  /** The alerts of the engine in a state folder, for a mirror of alerts. */
  readonly alertsOf: (state: string, host: string) => Feed;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  readonly onReady?: (host: string) => void;
}

/** Sends this machine's log, or its alerts, to a fleet until it is told to stop. @throws FleetProblem for what a person has to see to */
export async function runForward({
  config,
  file,
  alertsOf,
  signal,
  onNotice,
  onReady,
}: RunForwardOptions): Promise<void> {
  const { servers, credentials, ca, tenant, mirror, forward } = config;
  if (mirror === 'off') {
    LeavingRecord.end(forward.state);
    throw new FleetProblem(
      `Nothing is to leave this machine: mirror is off in ${file}. Set it to lines to send its log, or to alerts to send those alone.`,
    );
  }
  const host = forward.host ?? hostname();
  const { log, alerts, state } = forward;
  const from = mirror === 'alerts' ? alerts : log;
  const record = openRecord(
    state,
    { mirror, by: file, tenant, servers: servers.map(withoutUser), host, log: from },
    log,
  );
  const nc = await connectTo({ servers, credentials, ca, name: `forward ${host}`, onWaiting: onNotice, signal });
  try {
    const subjects = new Subjects(tenant);
    const size = await whenAnswered(() => FleetSize.on(nc, subjects), { signal, onNotice });
    const own = await ExactPublisher.on(nc, subjects.linesStream, signal, { isDirect: true });
    const publisher = new MovingPublisher(own, subjects, size, signal);
    const now = (): number => Math.floor(Date.now() / 1000);
    const common = { publisher, subject: subjects.linesOf(host, size.partitions), record, signal, onNotice, now };
    onReady?.(host);
    if (mirror === 'alerts') {
      await forwardAlerts({ ...common, feed: alertsOf(alerts, host) });
      return;
    }
    await forwardLog({
      ...common,
      log,
      read: follow,
      masked: lineMasker(defaultPack(), host),
      onState: (source) => {
        if (source.state !== 'following') onNotice(`${source.path} is ${source.state} (${source.cause}).`);
      },
    });
  } finally {
    await nc.close();
  }
}

/** What stands before an @ in an address may be a password. */
const withoutUser = (server: string): string => server.replace(/^([a-z]+:\/\/)?[^@/]*@/, '$1');

/** @throws FleetProblem */
function openRecord(folder: string, about: Parameters<typeof LeavingRecord.open>[1], readers: string): LeavingRecord {
  try {
    return LeavingRecord.open(folder, about, Math.floor(Date.now() / 1000), readers);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new FleetProblem(
      `What is sent cannot be kept in ${folder} (${code}), and nothing is sent that cannot be looked at. See to forward.state in fleet.json.`,
      { cause: error },
    );
  }
}
