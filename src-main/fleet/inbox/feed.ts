import { bandOf, type ExportEvent, type Feed } from '../../export/event.ts';
import { numbered } from '../wire/subjects.ts';
import type { InboxStore, ToldRow } from './store.ts';

/** What the inbox was told, for other systems. A position only grows, whatever became of the stream of alerts. */
export function feedOf(store: InboxStore, tenant: string): Feed {
  return {
    begin: () => store.counts().newest,
    next(position, most) {
      const from = typeof position === 'number' ? position : 0;
      const rows = store.after(from, most);
      const events = rows.flatMap((row) => eventOf(row, store, tenant) ?? []);
      return { events, position: rows.at(-1)?.position ?? from };
    },
  };
}

/** Undefined for an answer to an alert that is no longer kept. */
function eventOf({ partition, n, at, message }: ToldRow, store: InboxStore, tenant: string): ExportEvent | undefined {
  if (message.kind === 'owner') return undefined;
  const { incident } = message;
  const key = store.keyOf(partition, message);
  const alert = `${tenant}/${numbered(key)}/${incident}`;
  const head = { id: `${alert}/${n}`, alert, at };
  if (message.kind === 'answer') {
    const known = store.alert(key, incident);
    if (!known) return undefined;
    const { user, host, band, severity, count, first_time: firstTime, last_time: lastTime, act } = known;
    const verdict = message.verdict === 'none' ? null : message.verdict;
    const facts = { user, host, band: bandOf(band), severity, count, firstTime, lastTime, act };
    return { ...head, change: 'answered', ...facts, verdict };
  }
  const { change, user, host, band, severity, count, firstTime, lastTime, act } = message;
  return { ...head, change, user, host, band: bandOf(band), severity, count, firstTime, lastTime, act, verdict: null };
}
