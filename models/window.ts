import type { Encoded } from './features/encode.ts';

/** A field whose count in the window has just changed. */
export interface CountChange {
  readonly field: number;
  readonly before: number;
  readonly after: number;
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
  readonly #counts = new Map<number, number>();
  #total = 0;
  #changes: CountChange[] = [];
  readonly #weights = new Map<number, number>();

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
    for (const field of fieldsOf(action)) {
      this.#weights.set(field, weightOf(action));
      this.#count(field, 1);
    }
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

  /** Field to its count, at least 1. */
  get counts(): ReadonlyMap<number, number> {
    return this.#counts;
  }

  /** How much a field of the window weighs: 1 for one of middling importance. 0 for one that is not in the window. */
  weight(field: number): number {
    return this.#weights.get(field) ?? 0;
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
      for (const field of fieldsOf(leaving)) this.#count(field, -1);
    }
  }

  #count(field: number, by: 1 | -1): void {
    const before = this.#counts.get(field) ?? 0;
    const after = before + by;
    if (after > 0) this.#counts.set(field, after);
    else {
      this.#counts.delete(field);
      this.#weights.delete(field);
    }
    this.#total += by;
    this.#changes.push({ field, before, after });
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
