import type { FleetConfig } from '../../fleet/config.ts';
import { alertKeyOf, say as sayTo, type AlertKey } from '../../fleet/inbox/say.ts';
import { InboxStore, type InboxAlert } from '../../fleet/inbox/store.ts';
import { ExactPublisher } from '../../fleet/wire/exact-publisher.ts';
import { FleetSize } from '../../fleet/wire/size.ts';
import { sayVerdicts } from '../../fleet/wire/messages.ts';
import { numbered } from '../../fleet/wire/subjects.ts';
import { exitCodes, Failure } from '../failure.ts';
import { clock, say, sayJson, sayTable } from '../output.ts';
import { sayerOf } from './sayer.ts';
import { configOf, connected, toldLater, type FleetOptions, type InspectOptions } from './shared.ts';

export interface AlertListOptions extends InspectOptions {
  /** Answered ones too. */
  readonly all?: boolean;
}

/** Rows at most: who has more looks at the most severe first. */
const MOST = 500;
/** The server has to take what is said within this: half of it may be waited for a split that is under way. */
const SAY_MS = 30_000;

/** `ubad fleet alerts list`: what waits, over all hosts, the most severe first. */
export async function listFleetAlerts(options: AlertListOptions): Promise<void> {
  const { tenant, alerts, counts } = await withInbox(configOf(options), (store, config) => ({
    tenant: config.tenant,
    alerts: store.alerts({ onlyWaiting: options.all !== true, limit: MOST }),
    counts: store.counts(),
  }));
  if (options.json) {
    sayJson({ tenant, ...counts, alerts: alerts.map((one) => ({ alert: idOf(one), ...namedOf(one) })) });
    return;
  }
  sayTable(
    ['ALERT', 'SEVERITY', 'USER', 'HOST', 'SINCE', 'UNTIL', 'WHAT', 'SAID'],
    alerts.map((one) => [
      ...[idOf(one), one.severity.toFixed(0), one.user, one.host, clock(one.first_time), clock(one.last_time), one.act],
      one.verdict === null ? '' : `${one.verdict} (${one.answered_by ?? '?'})`,
    ]),
  );
  say(`${counts.waiting} of ${counts.alerts} alerts wait for an answer.`);
  if (counts.lost > 0)
    say(`${counts.lost} messages about alerts were gone from the stream before this inbox read them.`);
}

/** `ubad fleet alerts mark ALERT normal|suspicious|none`: goes to the partition that told it, and comes back when it is applied. */
export async function markFleetAlert(text: string, verdict: string, options: FleetOptions): Promise<void> {
  const known = sayVerdicts.find((one) => one === verdict);
  if (known === undefined) throw new Failure(`«${verdict}»: use normal, suspicious or none.`, exitCodes.usage);
  const key = alertKeyOf(text);
  if (!key) throw new Failure(`«${text}» is no alert of a fleet: use one such as 0007/12.`, exitCodes.usage);
  const alert = await withInbox(configOf(options), (store) => store.alert(key.partition, key.incident));
  if (!alert) throw new Failure(`no alert ${text}; see: ubad fleet alerts list --all`, exitCodes.usage);
  await connected(options, 'say', async (nc, subjects) => {
    const signal = AbortSignal.timeout(SAY_MS);
    const publisher = await ExactPublisher.on(nc, subjects.linesStream, signal);
    const size = await FleetSize.on(nc, subjects);
    const at = Math.floor(Date.now() / 1000);
    await sayTo({ publisher, subjects, size, signal }, alert, { verdict: known, by: sayerOf(), at });
  });
  say(
    `alert ${text}: ${known === 'none' ? 'what was said is taken back' : known}. Its partition applies it, and the list then says so.`,
  );
}

const withInbox = <T>(config: FleetConfig, look: (store: InboxStore, config: FleetConfig) => T): Promise<T> =>
  toldLater(() => {
    const store = InboxStore.read(config.inbox.state);
    try {
      return Promise.resolve(look(store, config));
    } finally {
      store.close();
    }
  });

const idOf = ({ partition, incident }: AlertKey): string => `${numbered(partition)}/${incident}`;

const namedOf = (one: InboxAlert): object => ({
  user: one.user,
  host: one.host,
  band: one.band,
  severity: one.severity,
  count: one.count,
  firstTime: one.first_time,
  lastTime: one.last_time,
  act: one.act,
  state: one.is_open === 1 ? 'open' : 'closed',
  verdict: one.verdict,
  answeredBy: one.answered_by,
  answeredAt: one.answered_at,
});
