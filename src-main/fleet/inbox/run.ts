import packageJson from '../../../package.json' with { type: 'json' };
import { sendAll } from '../../export/send-all.ts';
import { senderOf, TargetProblem } from '../../export/sender.ts';
import type { FleetConfig } from '../config.ts';
import { FleetProblem } from '../failure.ts';
import { serveMetrics } from '../metrics/serve.ts';
import { inboxText } from '../metrics/texts.ts';
import { connectTo } from '../wire/connect.ts';
import { Subjects } from '../wire/subjects.ts';
import { feedOf } from './feed.ts';
import { readAlerts } from './inbox.ts';
import { InboxStore } from './store.ts';

export interface RunInboxOptions {
  readonly config: FleetConfig;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /** It is open, and reads. */
  readonly onReady?: (store: InboxStore) => void;
}

/** The inbox of a fleet until it is told to stop. @throws FleetProblem for what a person has to see to */
export async function runInbox({ config, signal, onNotice, onReady }: RunInboxOptions): Promise<void> {
  const { servers, credentials, ca, tenant, inbox, metrics } = config;
  const sends = sendsOf(config);
  const store = InboxStore.open(inbox.state);
  try {
    const nc = await connectTo({ servers, credentials, ca, name: 'inbox', onWaiting: onNotice, signal });
    try {
      const endMetrics = await serveMetrics(metrics.inbox, () => inboxText(store.counts()));
      onReady?.(store);
      const subjects = new Subjects(tenant);
      const ending = new AbortController();
      const common = { feed: feedOf(store, tenant), folder: inbox.state, onNotice };
      const until = AbortSignal.any([signal, ending.signal]);
      const sending = sends.map((one) => sendAll({ ...common, ...one, signal: until }));
      try {
        await readAlerts({ nc, subjects, store, keepDays: inbox.keepDays, signal, onNotice });
      } finally {
        // They read the store that is closed next.
        endMetrics();
        ending.abort();
        await Promise.all(sending);
      }
    } finally {
      await nc.close();
    }
  } finally {
    store.close();
  }
}

/** @throws FleetProblem for a file that a target needs */
function sendsOf({ export: targets }: FleetConfig) {
  try {
    return targets.map((target) => ({ name: target.name, sender: senderOf(target, packageJson.version) }));
  } catch (error) {
    throw error instanceof TargetProblem ? new FleetProblem(error.message, { cause: error }) : error;
  }
}
