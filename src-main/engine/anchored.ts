import type { Store } from './store/store.ts';

/** The model that a subject is held against, however far the one in use has learned on. */
export interface Anchored {
  readonly version: number;
  /** Stored actions of the subject at which it is looked at next. */
  readonly next: number;
  /** Share of what does not alarm now and would have alarmed then, 0…1, when it was looked at last; null: never, or too little. */
  readonly share: number | null;
  /** A person was asked and has not answered. */
  readonly asked: boolean;
}

/** Actions that a person did not do, by id: from after the first up to and with the last. */
export interface Range {
  readonly after: number;
  readonly to: number;
}

/** What the store's meta keeps of it; forgotten with the subject (store/forget.ts). */
const anchor = (subjectId: number): string => `anchor:${subjectId}`;
const distrusted = (subjectId: number): string => `distrusted:${subjectId}`;

export const anchorOf = (store: Store, subjectId: number): Anchored | undefined =>
  store.meta.json(anchor(subjectId)) as Anchored | undefined;

/** Only in a transaction. */
export function setAnchor(store: Store, subjectId: number, anchored: Anchored): void {
  store.meta.set(anchor(subjectId), JSON.stringify(anchored));
}

/** Nothing of these is learned, by whichever model. */
export const distrustOf = (store: Store, subjectId: number): readonly Range[] =>
  (store.meta.json(distrusted(subjectId)) as readonly Range[] | undefined) ?? [];

/** Only in a transaction. */
export function distrust(store: Store, subjectId: number, range: Range): void {
  store.meta.set(distrusted(subjectId), JSON.stringify([...distrustOf(store, subjectId), range]));
}

export const isIn = (ranges: readonly Range[], id: number): boolean =>
  ranges.some(({ after, to }) => id > after && id <= to);
