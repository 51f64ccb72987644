import { Draw } from '../draw.ts';
import type { Person } from '../people.ts';
import type { World } from '../world.ts';
import { rates, type Kind } from './rates.ts';

const DAY = 86_400;
/** Nothing is used longer, so that nobody needs to look further back. */
const LONGEST_DAYS = 120;

/** Something that came into somebody's work on a day, and stays for a while. */
export interface Thing {
  readonly kind: Kind;
  readonly person: Person;
  /** Midnight of its first day, Unix seconds. */
  readonly since: number;
  /** Midnight of its last day. */
  readonly until: number;
  /** Times a day, as Poisson's law has it. */
  readonly use: number;
  /** What is drawn from it is the same each time: names, folders, addresses. */
  readonly own: () => Draw;
}

/** All that somebody still uses on the day, what is new on it among it, oldest first. What came before the log began is there too. */
export function thingsOf(world: World, person: Person, day: number): Thing[] {
  const all: Thing[] = [];
  for (let since = day - LONGEST_DAYS * DAY; since <= day; since += DAY) {
    all.push(...newThings(world, person, since).filter(({ until }) => until >= day));
  }
  return all;
}

/** What comes new on the day: nothing on a free one. */
export function newThings(world: World, person: Person, day: number): Thing[] {
  if (!world.works(person, day)) return [];
  const { seed } = world.options;
  const draw = Draw.of(seed, person.name, day, 'things');
  const daysAWeek = person.week.reduce((sum, chance) => sum + chance, 0);
  return (Object.keys(rates) as Kind[]).flatMap((kind) => {
    const { aWeek, days, use } = rates[kind];
    return Array.from({ length: draw.poisson(aWeek[person.role] / daysAWeek) }, (_, n): Thing => {
      const stays = days === 0 ? 0 : Math.min(LONGEST_DAYS, Math.floor(draw.logNormal(days, 1.3)));
      return {
        kind,
        person,
        since: day,
        until: day + stays * DAY,
        use: days === 0 ? 0 : draw.logNormal(use, 1),
        own: () => Draw.of(seed, person.name, kind, day, n),
      };
    });
  });
}
