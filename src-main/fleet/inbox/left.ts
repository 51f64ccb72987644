/** What of a user has left a fleet, or came from elsewhere: what forgetting them here does not reach. */
import { columns, number, text } from '../../engine/store/columns.ts';
import { positionOf } from '../../export/send-all.ts';
import type { Target } from '../../export/target.ts';
import { isMeant } from '../wire/forgotten.ts';
import { isMirrored } from '../wire/mirrored.ts';
import type { InboxStore } from './store.ts';

/** Alerts of a user that were told before what a target was sent last. */
export interface SentAlerts {
  readonly name: string;
  /** The receiver, without what a path may keep secret. */
  readonly where: string;
  /** At most: a target begins with what is told after it is named. */
  readonly alerts: number;
  /** When the last of them was told, Unix seconds. */
  readonly last: number;
}

export interface Left {
  /** Of the user's alerts, as many as the inbox has. */
  readonly alerts: number;
  readonly sent: readonly SentAlerts[];
  /** Computers that told alerts of themselves, and have them still. */
  readonly computers: readonly string[];
}

const toldRow = columns({ position: number, at: number, alert: text, incident: number, user: text, host: text });

/** @param folder of the inbox, where the positions of targets lie @param user as `isMeant` takes one */
export function leftOf(store: InboxStore, folder: string, targets: readonly Target[], user: string): Left {
  const told = store.connection
    .read(
      toldRow,
      `SELECT position, at, partition || '/' || (body ->> 'incident') AS alert, body ->> 'incident' AS incident,
         body ->> 'user' AS user, body ->> 'host' AS host FROM told WHERE body ->> 'kind' = 'incident' ORDER BY position`,
    )
    .all()
    .filter((row) => isMeant(row.user, user));
  const sent = targets.flatMap((target): SentAlerts[] => {
    const position = positionOf(folder, target.name);
    // Damaged: all is sent again, so all was sent.
    const upTo = position === 'damaged' ? Infinity : typeof position === 'number' ? position : 0;
    const before = told.filter((row) => row.position <= upTo);
    if (before.length === 0) return [];
    const alerts = new Set(before.map(({ alert }) => alert)).size;
    return [{ name: target.name, where: whereOf(target), alerts, last: before.at(-1)!.at }];
  });
  const computers = told.flatMap(({ incident, host }) => (isMirrored(incident) ? [host] : []));
  const alerts = store.alerts({ onlyWaiting: false, limit: 100_000 }).filter((one) => isMeant(one.user, user)).length;
  return { alerts, sent, computers: [...new Set(computers)].sort() };
}

const whereOf = (target: Target): string =>
  target.kind === 'webhook' ? `webhook, ${new URL(target.url).host}` : `syslog, ${target.host}:${target.port}`;
