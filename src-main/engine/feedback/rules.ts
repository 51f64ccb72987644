import type { Action, QueryLearning } from '../../../models/action.ts';
import { fits, type Scope } from './scope.ts';
import type { Store } from '../store/store.ts';

/** What a person said that holds for a subject's actions until it expires or is taken back. */
export interface Rule {
  readonly verdict: 'normal' | 'suspicious';
  readonly scope: Scope;
  /** Unix seconds; actions from then on are judged as ever. */
  readonly expires: number | null;
}

/** A subject's standing rules. */
export class Rules {
  readonly #rules: readonly Rule[];
  readonly #learning: ReadonlyMap<string, QueryLearning>;

  constructor(rules: readonly Rule[], learning: ReadonlyMap<string, QueryLearning>) {
    this.#rules = rules;
    this.#learning = learning;
  }

  static of(store: Store, subjectId: number, learning: ReadonlyMap<string, QueryLearning>): Rules {
    const rules = store.feedback
      .list(subjectId)
      .flatMap(({ verdict, scope, expires, undoneAt }) =>
        undoneAt === null && scope !== null ? [{ verdict, scope, expires }] : [],
      );
    return new Rules(rules, learning);
  }

  /** Whether any rule calls things normal: then what is left of the windows is looked at too. */
  get suppressing(): boolean {
    return this.#rules.some(({ verdict }) => verdict === 'normal');
  }

  /** What the rules say of an action; "suspicious" outweighs "normal". */
  verdict(action: Action): 'normal' | 'suspicious' | undefined {
    const verdicts = this.#rules
      .filter(
        ({ expires, scope }) => (expires === null || action.time < expires) && fits(scope, action, this.#learning),
      )
      .map(({ verdict }) => verdict);
    return verdicts.includes('suspicious') ? 'suspicious' : verdicts[0];
  }
}
