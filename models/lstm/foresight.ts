import type { Explanation, Reason, Surprise } from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { NEVER } from '../features/recency.ts';
import type { LstmStream } from '../math-engine.ts';
import { weightOf } from '../window.ts';
import type { Lookup } from './lookup.ts';
import { RECENCIES } from './shape.ts';

/** Surprises that are told, and likeliest actions told of each. */
const MOST_SURPRISES = 3;
const MOST_EXPECTED = 5;

/** What the network foresaw of past actions and what came instead: read again, because nobody asks for most of them. */
export class Foresight {
  readonly #stream: LstmStream;
  readonly #lookup: Lookup;

  constructor(stream: LstmStream, lookup: Lookup) {
    this.#stream = stream;
    this.#lookup = lookup;
  }

  /** @param actions oldest first; the last `count` of them are explained, the others are their past */
  explain(actions: readonly Encoded[], count: number): Explanation {
    this.#stream.restart();
    const first = actions.length - count;
    const reasons: Reason[] = [];
    const surprises: (Surprise & { loss: number })[] = [];
    actions.forEach((action, a) => {
      const expected = a > first || (a === first && a > 0) ? this.#expected() : [];
      const losses = this.#stream.see(action);
      if (!losses || a < first) return;
      for (const [head, loss] of Object.entries(losses)) {
        if (loss > 0) reasons.push({ field: -action.token, aspect: head, amount: weightOf(action) * loss });
      }
      const loss = Object.values(losses).reduce((sum, one) => sum + one, 0);
      surprises.push({ at: a - first, probability: Math.exp(-loss), expected, loss: weightOf(action) * loss });
    });
    const worst = surprises.sort((a, b) => b.loss - a.loss || a.at - b.at).slice(0, MOST_SURPRISES);
    return { reasons, surprises: worst.map(({ loss: _, ...surprise }) => surprise) };
  }

  /** The likeliest next actions: of the likeliest types the likeliest tokens, however long ago they were last seen. */
  #expected(): Surprise['expected'] {
    const types = likeliest(this.#stream.chances('type', 0));
    const pairs = types.flatMap(({ place: type, probability: ofType }) => {
      const recencies = this.#stream.chances('recency', type);
      const tokens = new Float64Array(this.#lookup.sizes.tokenClasses);
      for (let recency = 0; recency < RECENCIES; recency++) {
        if (recency === NEVER) continue;
        const chances = this.#stream.chances('token', type * RECENCIES + recency);
        for (let row = 0; row < tokens.length; row++) tokens[row]! += recencies[recency]! * chances[row]!;
      }
      tokens[0]! += recencies[NEVER]!;
      return likeliest(tokens).map(({ place: row, probability }) => ({
        type,
        token: this.#lookup.tokens[row - 1] ?? 0,
        probability: ofType * probability,
      }));
    });
    return pairs.sort((a, b) => b.probability - a.probability).slice(0, MOST_EXPECTED);
  }
}

function likeliest(chances: Float64Array): { place: number; probability: number }[] {
  return [...chances.entries()]
    .map(([place, probability]) => ({ place, probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST_EXPECTED);
}
