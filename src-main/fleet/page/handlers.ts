import {
  fleetCalls,
  isAtLeast,
  neededRole,
  type FleetAlertRow,
  type FleetMe,
  type FleetRole,
} from '../../contract/fleet.ts';
import { answer, AskFailed, type Answer, type Handlers } from '../../contract/ipc.ts';
import { message } from '../../contract/story/messages.ts';
import type { Hosts } from '../gateway/hosts.ts';
import { isHostName } from '../gateway/keys.ts';
import { alertKeyOf, say, type AlertKey } from '../inbox/say.ts';
import type { ExactPublisher } from '../wire/exact-publisher.ts';
import { isMirrored } from '../wire/mirrored.ts';
import type { FleetSize } from '../wire/size.ts';
import { partitionOf, type Subjects } from '../wire/subjects.ts';
import type { Desk } from './desk.ts';
import type { Groups } from './groups.ts';
import type { Owners } from './owners.ts';
import { groupsOf, peersOf } from './peers.ts';
import { hostsOf, peopleOf, type Workers } from './places.ts';
import { linkedTo, sharedIn, type ToldThings } from './shared.ts';
import { linesOf } from './together.ts';

/** Somebody at the page. */
export interface Person {
  readonly name: string;
  readonly role: FleetRole;
}

export interface PageParts {
  readonly desk: Desk;
  readonly owners: Owners;
  readonly workers: Workers;
  readonly enrolled: Hosts;
  readonly publisher: ExactPublisher;
  readonly subjects: Subjects;
  readonly size: FleetSize;
  readonly signal: AbortSignal;
  readonly tenant: string;
  readonly groups: Groups;
  /** Whom alerts can be given to. */
  readonly people: readonly string[];
  /** Unix seconds. */
  readonly now: () => number;
}

/** Answers one question of one person. Never throws. */
export function answerTo(parts: PageParts, person: Person, name: string, input: unknown): Promise<Answer> {
  const needed = Object.hasOwn(neededRole, name) ? neededRole[name as keyof typeof neededRole] : undefined;
  if (needed !== undefined && !isAtLeast(person.role, needed)) {
    const message = `${person.name} is ${person.role}; this needs ${needed}: page.people in fleet.json says who is what.`;
    return Promise.resolve({ ok: false, code: 'refused', message });
  }
  return answer(fleetCalls, handlersFor(parts, person), name, input);
}

function handlersFor(parts: PageParts, person: Person): Handlers<typeof fleetCalls> {
  const { desk, owners, workers, enrolled, publisher, subjects, size, signal, tenant, groups, people, now } = parts;
  const did = (act: Parameters<Desk['did']>[1], what: string): void => {
    desk.did(person.name, act, what, now());
  };
  const rowOf = (alert: string): FleetAlertRow => {
    const row = desk.alert(keyOf(alert));
    if (!row) throw new AskFailed('not-found', message('not-found.inbox', { id: alert }));
    return row;
  };
  /** Under the keys that the inbox has them by. */
  const known = (rows: ToldThings): ToldThings =>
    rows.map(([partition, told]) => [desk.keyOf({ partition, incident: told.incident }).partition, told]);
  return {
    me: (): FleetMe => ({ name: person.name, role: person.role, tenant, people }),
    inbox(filter) {
      if (filter.text !== '') did('sought', filter.text);
      const { rows, found } = desk.alerts(filter);
      return { lines: linesOf(rows), found, ...desk.counts() };
    },
    alert(text) {
      const row = rowOf(text);
      did('opened', text);
      return { row, notes: desk.notes(keyOf(text)) };
    },
    async told(text) {
      const { host } = rowOf(text);
      const { incident } = keyOf(text);
      if (isMirrored(incident)) return { detail: null, away: null, stays: true };
      try {
        const { detail } = await owners.ofHost(host).alert(incident);
        return { detail, away: null, stays: false };
      } catch (error) {
        return { detail: null, stays: false, away: error instanceof Error ? error.message : String(error) };
      }
    },
    async linked(text) {
      const { host } = rowOf(text);
      const { incident } = keyOf(text);
      const where = partitionOf(host, size.partitions);
      const { rows, more, away } = await owners.gather((owner) => owner.things(undefined));
      const own = rows.find(([p, alert]) => p === where && alert.incident === incident);
      return { rows: own ? linkedTo(text, own[1].things, known(rows)) : [], more, away };
    },
    async peers(text) {
      const { user, host } = rowOf(text);
      did('peers', text);
      return await peersOf({ owners, groups }, { ...keyOf(text), user, host });
    },
    async groups() {
      did('peers', '');
      return await groupsOf({ owners, groups });
    },
    async shared() {
      const { rows, more, away } = await owners.gather((owner) => owner.things(undefined));
      return { rows: sharedIn(known(rows)), more, away };
    },
    async answer({ alerts, verdict }) {
      const keys = alerts.map((alert) => ({ ...rowOf(alert), ...keyOf(alert) }));
      for (const [k, key] of keys.entries()) {
        await say({ publisher, subjects, size, signal }, key, { verdict, by: person.name, at: Math.floor(now()) });
        did('answered', `${alerts[k]!} ${verdict}`);
      }
      return keys.length;
    },
    assign({ alerts, person: to }) {
      if (to !== null && !people.includes(to))
        throw new AskFailed('not-found', message('not-found.person', { name: to }));
      desk.assign(alerts.map(keyOf), to, person.name, now());
      for (const alert of alerts) did('assigned', `${alert} ${to ?? '–'}`);
    },
    note({ alert, text }) {
      rowOf(alert);
      desk.note(keyOf(alert), { text, by: person.name, at: now() });
      did('noted', alert);
    },
    async who({ text }) {
      did('people', text);
      return await peopleOf(owners, text);
    },
    hosts: () => hostsOf({ owners, enrolled, partitions: size.partitions, alerts: desk.waitingByHost() }),
    workers: () => workers.list(),
    async decideHost({ host, state }) {
      if (!isHostName(host)) throw new AskFailed('bad-input', message('bad-input.host'));
      await enrolled.decide(host, state, Math.floor(now()));
      did(state, host);
    },
    audit({ before }) {
      did('audit', '');
      return desk.audit(before);
    },
  };
}

/** The contract has seen to its form. */
const keyOf = (text: string): AlertKey => alertKeyOf(text)!;
