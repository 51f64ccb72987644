import { wrappings } from '../../line-forms/unwrap.ts';

/** Lines of the future, and those that were unwrapped. */
export const oddities = ['future', ...wrappings] as const;
export type Oddity = (typeof oddities)[number];

/** What was read of a log, all in all. */
export interface SavedTally {
  /** Lines that were results. */
  readonly results: number;
  readonly odd: Readonly<Partial<Record<Oddity, number>>>;
}

/** What a log's reading has come to: whether there were results in it, and what was odd about them. */
export function savedTally(readerState: unknown): SavedTally {
  const { results, odd } = ((readerState ?? {}) as { readonly tally?: Partial<SavedTally> }).tally ?? {};
  const counts = oddities.flatMap((one) => {
    const count: unknown = odd?.[one];
    return typeof count === 'number' && count > 0 ? [[one, count] as const] : [];
  });
  return { results: typeof results === 'number' && results > 0 ? results : 0, odd: Object.fromEntries(counts) };
}
