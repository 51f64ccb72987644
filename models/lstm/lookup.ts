import type { Encoded } from '../features/encode.ts';
import { NEVER } from '../features/recency.ts';
import { MOST_INPUT_TOKENS, MOST_TOKEN_CLASSES, MOST_TYPE_CLASSES, PORTS, RECENCIES, type Sizes } from './shape.ts';

/** An action as the network takes it in. */
export interface Input {
  readonly type: number;
  readonly recency: number;
  readonly token: number;
  readonly hour: number;
}

/** An action as the network should have foreseen it: class per head, −1 where the head says nothing, and the heads' conditions. */
export interface Target {
  readonly type: number;
  readonly recency: number;
  readonly port: number;
  readonly token: number;
  /** Condition of the recency and port heads. */
  readonly byType: number;
  /** Condition of the token head. */
  readonly byTypeAndRecency: number;
}

/** From a user's numbers to the network's rows: the most frequent tokens, in the order of their frequency. */
export class Lookup {
  /** Encoded.token of the input rows 1, 2, …; the first `MOST_TOKEN_CLASSES` are also the token head's classes. */
  readonly tokens: readonly number[];
  /** Encoded.type known in training are 1…types. */
  readonly types: number;
  readonly #rows: ReadonlyMap<number, number>;

  constructor(tokens: readonly number[], types: number) {
    this.tokens = tokens;
    this.types = types;
    this.#rows = new Map(tokens.map((token, i) => [token, i + 1]));
  }

  /** Seen twice at least: a row that is trained once is noise. Ties go to the token seen first. */
  static of(past: readonly Encoded[]): Lookup {
    const counts = new Map<number, number>();
    let types = 0;
    for (const { token, type } of past) {
      counts.set(token, (counts.get(token) ?? 0) + 1);
      types = Math.max(types, type);
    }
    counts.delete(0);
    const tokens = [...counts].filter(([, count]) => count > 1).sort(([, a], [, b]) => b - a);
    return new Lookup(
      tokens.slice(0, MOST_INPUT_TOKENS).map(([token]) => token),
      Math.min(types, MOST_TYPE_CLASSES),
    );
  }

  get sizes(): Sizes {
    return {
      types: this.types + 1,
      tokens: this.tokens.length + 1,
      tokenClasses: Math.min(this.tokens.length, MOST_TOKEN_CLASSES) + 1,
    };
  }

  input({ type, recency, token, time }: Encoded): Input {
    const hour = Math.floor((((time / 3600) % 24) + 24) % 24);
    return { type: this.#type(type), recency, token: this.#rows.get(token) ?? 0, hour };
  }

  target({ type, recency, token, port }: Encoded): Target {
    const known = this.#type(type);
    const row = this.#rows.get(token) ?? 0;
    return {
      type: known,
      recency,
      port: port < PORTS ? port : -1,
      token: recency === NEVER ? -1 : row <= MOST_TOKEN_CLASSES ? row : 0,
      byType: known,
      byTypeAndRecency: known * RECENCIES + recency,
    };
  }

  #type(type: number): number {
    return type <= this.types ? type : 0;
  }
}
