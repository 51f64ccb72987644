import type { Encoded } from './features/encode.ts';

/** A field whose count in the window has just changed. */
export interface CountChange {
  readonly field: number;
  readonly before: number;
  readonly after: number;
}

/** A field that the window holds. */
export interface Held {
  readonly field: number;
  /** How often, at least 1. */
  readonly count: number;
  /** How much it weighs: 1 for one of middling importance. */
  readonly weight: number;
}

/** Actions that a window holds at least, once there are enough. */
export const SHORTEST = 10;
/** After this many quiet seconds somebody else may sit there: what was before is left behind. */
const PAUSE = 1800;

/**
 * A user's last actions, with how often each field occurs among them. By count: at most `length`. By time: none from
 * before the last pause once `SHORTEST` came after it, so that neither a quiet user's stranger hides among last week's
 * actions, nor who comes back is judged by what happened while they were away.
 *
 * Fields are those of `Encoded.fields` and, as a negative number, the token of an action that has several fields: the
 * combination is a thing of its own.
 */
export class Window {
  readonly length: number;
  #actions: Encoded[] = [];
  /** Actions since the last pause, or since the start. */
  #since = 0;
  /** By field. */
  readonly #held = new Map<number, { field: number; count: number; weight: number }>();
  #total = 0;
  #changes: CountChange[] = [];

  /** @param length actions that the window holds at most */
  constructor(length: number) {
    this.length = length;
  }

  /** @param carry whether a pause may leave the last actions before it in, until `SHORTEST` came after it */
  push(action: Encoded, carry = true): void {
    this.#changes = [];
    const before = this.#actions.at(-1);
    if (before && action.time - before.time > PAUSE) {
      this.shorten();
      if (!carry) this.#leave(this.#actions.length);
    }
    this.#since++;
    const weight = weightOf(action);
    for (const field of fieldsOf(action)) this.#add(field, weight);
    this.#actions.push(action);
    const most = Math.min(this.length, Math.max(SHORTEST, this.#since));
    this.#leave(this.#actions.length - most);
  }

  /** Treats what comes next as what comes after a pause. */
  shorten(): void {
    this.#since = 0;
  }

  /** Actions since the last pause, or since the start. */
  get since(): number {
    return this.#since;
  }

  /** Actions in the window, 0…length. */
  get filled(): number {
    return this.#actions.length;
  }

  /** Whatever the window holds, what came in first before what came later; to be read before the next `push`. */
  get held(): Iterable<Held> {
    return this.#held.values();
  }

  /** Sum of all counts. */
  get total(): number {
    return this.#total;
  }

  /** What the last `push` changed. A field that left and came back stands here twice. */
  get changes(): readonly CountChange[] {
    return this.#changes;
  }

  /** The action that `push` brought last. */
  get latest(): Encoded {
    const latest = this.#actions.at(-1);
    if (!latest) throw new RangeError('window: empty');
    return latest;
  }

  /** Oldest first; to be read before the next `push`. */
  get actions(): readonly Encoded[] {
    return this.#actions;
  }

  /** The oldest `count` actions leave. */
  #leave(count: number): void {
    for (const leaving of this.#actions.splice(0, Math.max(0, count))) {
      for (const field of fieldsOf(leaving)) this.#take(field);
    }
  }

  #add(field: number, weight: number): void {
    const held = this.#held.get(field);
    if (held) {
      held.count++;
      held.weight = weight;
    } else this.#held.set(field, { field, count: 1, weight });
    this.#total++;
    const after = held?.count ?? 1;
    this.#changes.push({ field, before: after - 1, after });
  }

  #take(field: number): void {
    const held = this.#held.get(field)!;
    held.count--;
    if (held.count === 0) this.#held.delete(field);
    this.#total--;
    this.#changes.push({ field, before: held.count + 1, after: held.count });
  }
}

/** The importance that weighs 1. */
const MIDDLING = 5;

/** How much an action counts in what is summed over a window: its importance, 1 for a middling one. */
export const weightOf = ({ importance }: Encoded): number => importance / MIDDLING;

/** The things by which windows are compared: see `Window`. */
export function fieldsOf(action: Encoded): readonly number[] {
  return action.fields.length > 1 ? [...action.fields, -action.token] : action.fields;
}
