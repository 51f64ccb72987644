/** What a partition's owner is asked: nothing that it is asked changes anything. Times are Unix seconds. */
import * as v from 'valibot';

import type { AlertDetail, Band } from './alerts.ts';
import type { ComparedFact } from './compared.ts';
import type { SharedThing } from './fleet.ts';
import { nothing } from './inputs.ts';
import { ask } from './ipc.ts';

/** One alert of a partition, with what was new in it. */
export interface AlertThings {
  readonly incident: number;
  readonly user: string;
  readonly band: Band;
  readonly lastTime: number;
  readonly things: readonly SharedThing[];
}

export interface OwnedHost {
  readonly host: string;
  readonly lines: number;
  /** When its last block was stored. */
  readonly lastLines: number;
  readonly lost: number;
}

export interface OwnedUser {
  readonly name: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly actions: number;
}

/** Which facts of a list are known of a user: their places in it. */
export interface OwnedKnowing {
  readonly user: string;
  readonly knows: readonly number[];
}

export interface OwnedStatus {
  readonly waiting: number;
  readonly lines: number;
  readonly refused: number;
  readonly lost: number;
  readonly users: number;
  /** Whether somebody of it is being trained: lines wait meanwhile. */
  readonly training: 'none' | 'waits' | 'runs';
}

const incident = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** Rows from one owner, at most: an answer is one message. */
export const MOST_OWNED = 3000;
/** Rows of one owner, and how many it left out. */
export interface Owned<T> {
  readonly rows: readonly T[];
  readonly more: number;
}

export const ownerCalls = {
  alert: ask(incident).gives<{ readonly detail: AlertDetail }>(),
  /** Of alerts of the 30 days up to the newest one, newest first. */
  things: ask(nothing).gives<Owned<AlertThings>>(),
  users: ask(v.pipe(v.string(), v.maxLength(200))).gives<Owned<OwnedUser>>(),
  /** What was new in an alert, by which its user is compared with others. */
  newFacts: ask(incident).gives<readonly ComparedFact[]>(),
  /** Of whom these facts are known, by name: a row for every user of whom enough is. */
  knowing: ask(v.pipe(v.array(v.pipe(v.string(), v.maxLength(400))), v.maxLength(20))).gives<Owned<OwnedKnowing>>(),
  hosts: ask(nothing).gives<Owned<OwnedHost>>(),
  status: ask(nothing).gives<OwnedStatus>(),
};
