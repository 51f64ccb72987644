import type { Actor, Role } from '../actor.ts';
import type { Presence } from '../day.ts';
import type { Draw } from '../draw.ts';
import type { Person } from '../people.ts';
import type { World } from '../world.ts';

export type Strength = 'loud' | 'stealthy';

/** Where an attack takes place. */
export interface Stage {
  readonly world: World;
  readonly draw: Draw;
  readonly victim: Person;
  /** The victim's day at the desk. */
  readonly presence: Presence;
  /** Midnight of the day, Unix seconds. */
  readonly day: number;
  /** Somebody who does things as the victim: in the open session unless told otherwise. */
  readonly actor: (role?: Partial<Role>) => Actor;
}

export interface Attack {
  readonly id: string;
  readonly name: string;
  /** Number of the technique in MITRE ATT&CK (enterprise). */
  readonly mitre: string;
  /** Does it. Loud: in haste, with everything; stealthy: little, slow, with what the victim uses too. */
  readonly run: (stage: Stage, strength: Strength) => void;
}
