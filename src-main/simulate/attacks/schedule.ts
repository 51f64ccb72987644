import { Actor } from '../actor.ts';
import { dayOf } from '../day.ts';
import { Draw } from '../draw.ts';
import type { Happening } from '../happening.ts';
import type { Person } from '../people.ts';
import type { World } from '../world.ts';
import { accessAttacks } from './access.ts';
import type { Attack, Strength } from './attack.ts';
import { footholdAttacks } from './foothold.ts';
import { lootAttacks } from './loot.ts';

const DAY = 86_400;

export const attacks: readonly Attack[] = [...accessAttacks, ...footholdAttacks, ...lootAttacks];

/** An attack with its place. */
export interface Scheduled {
  /** `miner-stealthy-alice`: no attack comes twice. */
  readonly key: string;
  readonly attack: Attack;
  readonly strength: Strength;
  readonly victim: Person;
  /** Midnight, Unix seconds. */
  readonly day: number;
}

/**
 * Lays each attack, loud and stealthy, into the last third of the days, where its victim works. The fewer attacks a
 * victim's day has already, the sooner it is taken.
 */
export function schedule(world: World, wanted: readonly Attack[]): Scheduled[] {
  const { start, days, seed } = world.options;
  const draw = Draw.of(seed, 'attacks');
  const last = Array.from({ length: Math.max(1, Math.floor(days / 3)) }, (_, d) => start + (days - 1 - d) * DAY);
  const places = last.flatMap((day) =>
    world.people
      .filter((person) => world.works(person, day))
      .map((victim) => ({ victim, day, taken: draw.between(0, 0.9) })),
  );
  if (places.length === 0) return [];
  const all = wanted.flatMap((attack) => (['loud', 'stealthy'] as const).map((strength) => ({ attack, strength })));
  return all.map(({ attack, strength }) => {
    const place = places.reduce((best, one) => (one.taken < best.taken ? one : best));
    place.taken += 1;
    const { victim, day } = place;
    return { key: `${attack.id}-${strength}-${victim.name}`, attack, strength, victim, day };
  });
}

/** What happens in an attack. */
export function perform(world: World, { key, attack, strength, victim, day }: Scheduled): Happening[] {
  const draw = Draw.of(world.options.seed, key);
  const { presence } = dayOf(world, victim, day);
  if (!presence) return [];
  const { session, from } = presence;
  // Not before half an hour, and with some time to go.
  const time = draw.between(from + 1800, Math.max(from + 1801, session.ends - 5400));
  const actors: Actor[] = [];
  attack.run(
    {
      world,
      draw,
      victim,
      presence,
      day,
      actor: (role = {}) => {
        const actor = new Actor(world, draw, { person: victim, session, time, ...role, attack: key });
        actors.push(actor);
        return actor;
      },
    },
    strength,
  );
  return actors.flatMap(({ happened }) => happened);
}
