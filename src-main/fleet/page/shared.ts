import type { AlertThings } from '../../contract/fleet-owner.ts';
import type { FleetLinked, FleetShared, SharedThing } from '../../contract/fleet.ts';
import { numbered } from '../wire/subjects.ts';

/** What was new in alerts, each with its partition. */
export type ToldThings = readonly (readonly [partition: number, AlertThings])[];

const LINKED = 20;
const LINES = 200;
const keyOf = ({ kind, name }: SharedThing): string => `${kind} ${name}`;

/** Alerts that share what was new in one, newest first. @param alert that one, which is none of them */
export function linkedTo(alert: string, things: readonly SharedThing[], told: ToldThings): FleetLinked[] {
  const wanted = new Map(things.map((thing) => [keyOf(thing), thing]));
  const found = told.flatMap(([partition, other]): FleetLinked[] => {
    const shared = other.things.find((thing) => wanted.has(keyOf(thing)));
    const linked = shared && linkOf(partition, other, shared);
    return linked && linked.alert !== alert ? [linked] : [];
  });
  return found.sort((a, b) => b.lastTime - a.lastTime).slice(0, LINKED);
}

/** What was new in alerts of two users or more: most users first. */
export function sharedIn(told: ToldThings): FleetShared[] {
  const all = new Map<string, { readonly thing: SharedThing; readonly alerts: FleetLinked[] }>();
  for (const [partition, alert] of told)
    for (const thing of alert.things) {
      const known = all.get(keyOf(thing)) ?? { thing, alerts: [] };
      all.set(keyOf(thing), known);
      known.alerts.push(linkOf(partition, alert, thing));
    }
  const shared = [...all.values()].flatMap(({ thing, alerts }): FleetShared[] => {
    const users = [...new Set(alerts.map(({ user }) => user))].sort();
    const newest = alerts.sort((a, b) => b.lastTime - a.lastTime);
    return users.length < 2 ? [] : [{ ...thing, users, alerts: newest, lastTime: newest[0]!.lastTime }];
  });
  return shared.sort((a, b) => b.users.length - a.users.length || b.lastTime - a.lastTime).slice(0, LINES);
}

const linkOf = (
  partition: number,
  { incident, user, band, lastTime }: AlertThings,
  shared: SharedThing,
): FleetLinked => ({
  alert: `${numbered(partition)}/${incident}`,
  user,
  band,
  lastTime,
  shared,
});
