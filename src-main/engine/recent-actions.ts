import type { Action } from '../../models/action.ts';
import type { NewFact } from '../../models/facts/facts.ts';
import type { AnomalousAction } from './explanation/explain.ts';

/** The last scored actions of a subject, oldest first: no more than a window holds. */
export class RecentActions {
  readonly #most: number;
  #actions: AnomalousAction[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get list(): readonly AnomalousAction[] {
    return this.#actions;
  }

  add(id: number, action: Action, score: number, newFacts: readonly NewFact[] = []): void {
    const { time, query, change, columns } = action;
    const families = newFacts.map(({ family }) => family);
    const scored = { id, time, query, change, columns, score };
    this.#actions.push(families.length > 0 ? { ...scored, newFacts: families } : scored);
    if (this.#actions.length > this.#most) this.#actions.shift();
  }

  forgetNewFacts(): void {
    this.#actions = this.#actions.map(({ newFacts: _, ...action }) => action);
  }
}
