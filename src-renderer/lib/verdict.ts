import type { AlertDetail } from '../../src-main/contract/alerts.ts';

/** A share as the reader is told it: never all, for nobody can know. 0…0.999 */
export const tellable = (share: number): number => Math.max(0, Math.min(0.999, Math.floor(share * 1000) / 1000));

/** Factors with the rest, whose shares sum to 1; without factors there are none. */
export function wholeOf(
  { factors, rest }: Pick<AlertDetail, 'factors' | 'rest'>,
  restText: string,
): AlertDetail['factors'] {
  return rest > 0.0005 ? [...factors, { text: restText, share: rest, by: [] }] : factors;
}
