import { Fenced } from './tell-alerts.ts';

/** Why a partition is not worked on any more. 'fenced': somebody else has it. */
export type PartitionEnd =
  { readonly why: 'released' | 'abandoned' | 'fenced' } | { readonly why: 'failed'; readonly error: Error };

/** It was told to stop at once. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
}

/** @param error why its work ended @param abandoning aborted with the reason where it was ended from outside of that */
export function endOf(error: unknown, abandoning: AbortSignal): PartitionEnd {
  const cause: unknown = abandoning.aborted ? abandoning.reason : error;
  if (cause instanceof Abandoned) return { why: 'abandoned' };
  if (cause instanceof Fenced) return { why: 'fenced' };
  return { why: 'failed', error: cause instanceof Error ? cause : new Error(String(cause)) };
}
