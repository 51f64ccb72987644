import { attacks } from './attacks/schedule.ts';
import type { Line } from './lines.ts';
import { simulate, type Label, type SimulateOptions } from './simulate.ts';
import { MOST_USERS, personOf } from './world.ts';

export interface MachinesOptions extends Omit<SimulateOptions, 'users' | 'people'> {
  /** 1…MOST_HOSTS */
  readonly hosts: number;
}

export interface Machine {
  readonly host: string;
  /** Its lines, a day at a time; at the end the attacks that are in them. */
  readonly days: Generator<Line[], Label[]>;
}

export const MOST_HOSTS = 10_000;

/**
 * Machines of one person each, `desk-0001` and so on; with more machines than there are people, some people have several. Each has a
 * chance of its own, so that one more machine changes nothing of the others but where attacks are: each attack is on one machine.
 */
export function machinesOf({ hosts, ...options }: MachinesOptions): Machine[] {
  const wanted = attacks.map(({ id }) => id).filter((id) => options.attacks.includes(id));
  return Array.from({ length: hosts }, (_, h) => {
    const host = `desk-${String(h + 1).padStart(4, '0')}`;
    const person = { ...personOf(h % MOST_USERS, options.seed), host, uid: 1000 };
    const own = wanted.filter((_id, a) => Math.floor((a * hosts) / wanted.length) === h);
    const seed = (options.seed + h * 7919) >>> 0;
    return { host, days: simulate({ ...options, users: 1, people: [person], seed, attacks: own }) };
  });
}
