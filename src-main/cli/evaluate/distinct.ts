import type { Found } from '../../engine/reading/parse-batch.ts';

/** Repeats within this many actions are taken for one. */
const WITHIN = 10;

/**
 * Leaves out exact repeats of one of the actions just before. Two packs that repeat their rows at different rates
 * tell users apart by that alone, which says nothing about a detector.
 */
export function withoutRepeats(found: readonly Found[]): Found[] {
  const recent: string[] = [];
  return found.filter(({ action: { query, change, columns } }) => {
    const key = JSON.stringify([query, change, ...Object.entries(columns).sort()]);
    if (recent.includes(key)) return false;
    recent.push(key);
    if (recent.length > WITHIN) recent.shift();
    return true;
  });
}
