/** What the page of a fleet asks. Times are Unix seconds. */
import * as v from 'valibot';

import { bands, verdicts, type AlertDetail, type Band, type Verdict } from './alerts.ts';
import type { ComparedFact } from './compared.ts';
import type { AuditRow } from './fleet-audit.ts';
import type { FleetHost, FleetWorkers } from './fleet-machines.ts';
import { nothing, text } from './inputs.ts';
import { ask } from './ipc.ts';

export const fleetRoles = ['viewer', 'analyst', 'admin'] as const;
export type FleetRole = (typeof fleetRoles)[number];

/** Who the page is open for. */
export interface FleetMe {
  readonly name: string;
  readonly role: FleetRole;
  readonly tenant: string;
  /** Whom alerts can be given to. */
  readonly people: readonly string[];
}

/** An alert of any host, as the inbox was told of it: nothing of what was done but what kind of act heads it. */
export interface FleetAlertRow {
  /** Partition and number there: `0007/12`. */
  readonly alert: string;
  readonly user: string;
  readonly host: string;
  readonly band: Band;
  /** 0…100, the alarm line at 50. */
  readonly severity: number;
  readonly count: number;
  readonly firstTime: number;
  readonly lastTime: number;
  /** What kind of act heads it: told by `briefText` of story/tell.ts. */
  readonly act: string;
  readonly state: 'open' | 'closed';
  readonly verdict: Verdict | null;
  readonly answeredBy: string | null;
  readonly answeredAt: number | null;
  readonly assigned: string | null;
  readonly notes: number;
}

/** Alerts that stand in one line: one alert or, where machines did the same at about the same time, one for all of them. */
export interface FleetLine {
  /** The most severe first. */
  readonly alerts: readonly FleetAlertRow[];
  /** Hosts of them. */
  readonly hosts: number;
}

export interface FleetInbox {
  readonly lines: readonly FleetLine[];
  /** Alerts that the filter lets through. */
  readonly found: number;
  /** Of all alerts: those that nobody has answered. */
  readonly waiting: number;
  readonly alerts: number;
  /** Messages about alerts that were gone from the stream before they were read. */
  readonly lost: number;
}

export interface FleetNote {
  readonly text: string;
  readonly by: string;
  readonly at: number;
}

/** Another alert that shares what was new in one. */
export interface FleetLinked {
  readonly alert: string;
  readonly user: string;
  readonly band: Band;
  readonly lastTime: number;
  /** What they share: `address 203.0.113.7`. */
  readonly shared: SharedThing;
}

/** Something that was new in an alert: `kind` is address, program, or the kind of act. */
export interface SharedThing {
  readonly kind: string;
  readonly name: string;
}

/** What the inbox itself knows of an alert. */
export interface FleetAlert {
  readonly row: FleetAlertRow;
  readonly notes: readonly FleetNote[];
}

/** What happened, as the partition's owner tells it. */
export interface FleetTold {
  /** Null: the owner did not answer, or nobody but the computer itself knows. */
  readonly detail: AlertDetail | null;
  /** Why there is no detail. */
  readonly away: string | null;
  /** Its computer sends its alerts alone: what happened stays there. */
  readonly stays: boolean;
}

/** Something that was new in alerts of several users. */
export interface FleetShared extends SharedThing {
  readonly users: readonly string[];
  readonly alerts: readonly FleetLinked[];
  readonly lastTime: number;
}

export interface FleetSeen {
  readonly user: string;
  readonly host: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly actions: number;
}

/** A user's name with all hosts of theirs, the latest first. */
export interface FleetPerson {
  readonly user: string;
  readonly hosts: readonly FleetSeen[];
  readonly lastSeen: number;
  /** On how many of them it was seen within the same hour of the latest. */
  readonly atOnce: number;
}

/** Fewer of a group than this are no number that is told: it would name them. */
export const LEAST_PEERS = 5;

/** A group of users that an administrator wrote down. */
export interface FleetGroup {
  readonly name: string;
  /** Users of that name, each once whatever hosts they are on. */
  readonly people: number;
  readonly hosts: number;
}

/** How many of a group do what was new in an alert. */
export interface PeerCount extends ComparedFact {
  /** 'few': some, but so few that a number would name them. */
  readonly have: number | 'few';
}

export interface FleetPeers {
  /** Whose group it is, without the host. */
  readonly user: string;
  /** Null: in none. */
  readonly group: string | null;
  /** Others in the group of whom enough is known. With fewer than `LEAST_PEERS` nothing is told of them. */
  readonly people: number;
  readonly rows: readonly PeerCount[];
  readonly more: number;
  readonly away: readonly number[];
}

export interface FleetGroups extends Gathered<FleetGroup> {
  /** People in no group. */
  readonly without: number;
}

/** An answer that is made of several owners' answers. */
export interface Gathered<T> {
  readonly rows: readonly T[];
  /** Rows that were left out. */
  readonly more: number;
  /** Partitions whose owner did not answer. */
  readonly away: readonly number[];
}

const alertKey = v.pipe(v.string(), v.regex(/^\d{4}\/[1-9]\d{0,14}$/));
/** As many as one answer is given to. */
const alertKeys = v.pipe(v.array(alertKey), v.minLength(1), v.maxLength(500));
const person = v.pipe(v.string(), v.regex(/^[\w.@-]{1,64}$/));

const inboxFilter = v.strictObject({
  /** Of user, host, or kind of act; empty: all. */
  text: v.pipe(v.string(), v.trim(), v.maxLength(200)),
  band: v.nullable(v.picklist(bands)),
  /** Empty: nobody's; null: anybody's. */
  assigned: v.nullable(v.union([v.literal(''), person])),
  answered: v.boolean(),
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
});
export type FleetFilter = v.InferOutput<typeof inboxFilter>;

/** Alerts of all hosts, and what people say of them. */
const fleetAlertCalls = {
  inbox: ask(inboxFilter).gives<FleetInbox>(),
  alert: ask(alertKey).gives<FleetAlert>(),
  told: ask(alertKey).gives<FleetTold>(),
  /** Alerts of anybody that share what was new in this one, newest first. */
  linked: ask(alertKey).gives<Gathered<FleetLinked>>(),
  /** How many of the user's group do what was new in this one. */
  peers: ask(alertKey).gives<FleetPeers>(),
  /** What was new in alerts of several users. */
  shared: ask(nothing).gives<Gathered<FleetShared>>(),
};
const fleetAnswerCalls = {
  /** Goes to the partitions, which apply it and tell so. 'none' takes it back. @returns how many */
  answer: ask(v.strictObject({ alerts: alertKeys, verdict: v.picklist([...verdicts, 'none']) })).gives<number>(),
  assign: ask(v.strictObject({ alerts: alertKeys, person: v.nullable(person) })).givesNothing(),
  note: ask(
    v.strictObject({ alert: alertKey, text: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(4000)) }),
  ).givesNothing(),
};

/** Who is where, on what, and who works on it. */
const fleetPlaceCalls = {
  me: ask(nothing).gives<FleetMe>(),
  who: ask(v.strictObject({ text: v.pipe(v.string(), v.trim(), v.maxLength(200)) })).gives<Gathered<FleetPerson>>(),
  groups: ask(nothing).gives<FleetGroups>(),
  hosts: ask(nothing).gives<Gathered<FleetHost>>(),
  workers: ask(nothing).gives<FleetWorkers>(),
};
const fleetAdminCalls = {
  decideHost: ask(v.strictObject({ host: text, state: v.picklist(['approved', 'revoked']) })).givesNothing(),
  /** Newest first. */
  audit: ask(v.strictObject({ before: v.nullable(v.number()) })).gives<readonly AuditRow[]>(),
};

/** Asked by the page. */
export const fleetCalls = { ...fleetAlertCalls, ...fleetAnswerCalls, ...fleetPlaceCalls, ...fleetAdminCalls };

/** What a person has to be to ask it; what is not named here, everybody may. */
export const neededRole: Readonly<Partial<Record<keyof typeof fleetCalls, FleetRole>>> = {
  answer: 'analyst',
  assign: 'analyst',
  note: 'analyst',
  decideHost: 'admin',
  audit: 'admin',
};

export const isAtLeast = (role: FleetRole, needed: FleetRole): boolean =>
  fleetRoles.indexOf(role) >= fleetRoles.indexOf(needed);
