import { bands, type Band } from '../../src-main/contract/alerts.ts';

type Counts = Readonly<Record<string, number>>;

export const sumOf = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** The worst band that would be hidden, where that is one to think about: high or critical. */
export const worstOf = (hidden: Counts): Band | undefined =>
  [...bands].reverse().find((band) => (band === 'high' || band === 'critical') && (hidden[band] ?? 0) > 0);
