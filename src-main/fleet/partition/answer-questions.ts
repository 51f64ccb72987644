import type { Msg, NatsConnection } from '@nats-io/transport-node';

import { MOST_OWNED, ownerCalls, type AlertThings, type Owned, type OwnedHost } from '../../contract/fleet-owner.ts';
import type { SharedThing } from '../../contract/fleet.ts';
import { answer, AskFailed, type Answer, type Handlers } from '../../contract/ipc.ts';
import { message } from '../../contract/story/messages.ts';
import { newFactsOf, whoKnows } from '../../engine/facts/compared.ts';
import { newThingsOf } from '../../engine/answer/twins.ts';
import { storyOfIncident } from '../../engine/narrative/tell-incident.ts';
import type { EngineOptions } from '../../engine/options.ts';
import type { Incident } from '../../engine/store/incidents.ts';
import type { Store } from '../../engine/store/store.ts';
import { Incidents } from '../../worker/incidents.ts';
import { askMessage, read } from '../wire/messages.ts';
import { hostOf, lastToken, SAY } from '../wire/subjects.ts';
import type { PartitionStatus } from './status.ts';

export interface QuestionsOptions {
  readonly nc: NatsConnection;
  /** Where it is asked. */
  readonly subject: string;
  readonly store: Store;
  readonly engine: EngineOptions;
  readonly status: () => PartitionStatus;
}

const DAY = 86_400;
/** Alerts that are looked at for what was new in them: how far back in seconds, and how many at most. */
const [BACK, LOOKED_AT] = [30 * DAY, 300];
const MOST_KNOWN = 2000;
/** A server's messages are 1 MiB at most. */
const MOST_BYTES = 1_000_000;

/** Answers what others ask of a partition, until it is ended. Nothing that is asked changes anything. @returns what ends it */
export function answerQuestions({ nc, subject, ...of }: QuestionsOptions): () => void {
  const handlers = handlersOn(of);
  const subscription = nc.subscribe(subject, {
    callback: (error, message) => {
      if (!error) void reply(message, handlers);
    },
  });
  return () => {
    subscription.unsubscribe();
  };
}

async function reply(message: Msg, handlers: Handlers<typeof ownerCalls>): Promise<void> {
  const asked = read(askMessage, message.string());
  const given: Answer = asked
    ? await answer(ownerCalls, handlers, asked.call, asked.input)
    : { ok: false, code: 'bad-input', message: 'This is no question of a form that is known here.' };
  const text = JSON.stringify(given);
  const isTooLong = Buffer.byteLength(text) > MOST_BYTES;
  const tooLong: Answer = { ok: false, code: 'failed', message: 'The answer is longer than a message can be.' };
  message.respond(isTooLong ? JSON.stringify(tooLong) : text);
}

function handlersOn({ store, engine, status }: Omit<QuestionsOptions, 'nc' | 'subject'>): Handlers<typeof ownerCalls> {
  const incidents = new Incidents(store, engine, () => undefined);
  const asked = { store, learning: engine.pack.learning };
  /** Of those that are over: what was new in them stays. */
  const known = new Map<number, readonly SharedThing[]>();
  function thingsOf(incident: Incident): readonly SharedThing[] {
    const before = known.get(incident.id);
    if (before) return before;
    const story = storyOfIncident(asked, incident);
    const things = story ? newThingsOf(story) : [];
    if (known.size >= MOST_KNOWN) known.clear();
    if (incident.state === 'closed') known.set(incident.id, things);
    return things;
  }
  return {
    alert(id) {
      const incident = store.incidents.byId(id);
      if (!incident) throw new AskFailed('not-found', message('not-found.alert', { id }));
      return { detail: incidents.detail(incident) };
    },
    things() {
      // By the time of the log: it may be read long after it was written.
      const newest = store.incidents.list({ limit: 1 })[0]?.lastTime ?? 0;
      const since = newest - BACK;
      const rows = store.incidents.list({ since, limit: LOOKED_AT }).flatMap((incident): AlertThings[] => {
        const things = thingsOf(incident);
        const { user, band } = incidents.row(incident);
        return things.length === 0 ? [] : [{ incident: incident.id, user, band, lastTime: incident.lastTime, things }];
      });
      return { rows, more: 0 };
    },
    users(text) {
      const wanted = text.toLowerCase();
      const found = store.subjects.list().filter(({ name }) => name.toLowerCase().includes(wanted));
      return most(
        found.map(({ name, firstSeen, lastSeen, stored }) => ({ name, firstSeen, lastSeen, actions: stored })),
      );
    },
    newFacts(id) {
      const incident = store.incidents.byId(id);
      if (!incident) throw new AskFailed('not-found', message('not-found.alert', { id }));
      return newFactsOf(store, incident);
    },
    knowing: (names) => most(whoKnows(store, names)),
    hosts: () => most(hostsIn(store)),
    status() {
      const { waiting, lines, refused, lost, training } = status();
      return { waiting, lines, refused, lost, training, users: store.subjects.list().length };
    },
  };
}

const most = <T>(rows: readonly T[]): Owned<T> => ({
  rows: rows.slice(0, MOST_OWNED),
  more: Math.max(0, rows.length - MOST_OWNED),
});

/** Each host of whose lines something was read. */
function hostsIn(store: Store): OwnedHost[] {
  const lost = new Map<string, number>();
  for (const { host, count } of store.losses.list()) lost.set(host, (lost.get(host) ?? 0) + count);
  return store.checkpoints.list().flatMap(({ checkpoint: { path, line, mtimeMs } }) => {
    const token = lastToken(path.replaceAll('/', '.'));
    const host = token === SAY || line === 0 ? undefined : hostOf(token);
    if (host === undefined) return [];
    return [{ host, lines: line, lastLines: (mtimeMs ?? 0) / 1000, lost: lost.get(host) ?? 0 }];
  });
}
