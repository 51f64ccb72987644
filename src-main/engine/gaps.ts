import type { Store } from './store/store.ts';

/** The query that osquery answers every five minutes, whatever happens. */
const HEARTBEAT = 'heartbeat';
/** Nothing for so long is a gap: where heartbeats come, and where only people's work tells that the log is alive. Seconds. */
const [WITH_HEARTBEAT, WITHOUT] = [900, 6 * 3600];

export interface Gaps {
  readonly gaps: readonly { readonly from: number; readonly to: number | null }[];
  readonly gapSeconds: number;
  readonly heartbeat: boolean;
}

/**
 * When nothing of anybody was logged, in a stretch; Unix seconds. A gap that reaches out of it is told as long as it is.
 * Takes as many looks into the database as the stretch is times a gap's length, however much is stored.
 * @param now a gap may last until now
 */
export function gapsIn({ summaries }: Store, from: number, to: number, now: number): Gaps {
  const heartbeat = summaries.knows(HEARTBEAT);
  const gapSeconds = heartbeat ? WITH_HEARTBEAT : WITHOUT;
  const gaps: { from: number; to: number | null }[] = [];
  // Before the first line of all there is no gap: nobody was to log anything.
  let at = summaries.lastUpTo(from) ?? summaries.firstAfter(from);
  while (at !== undefined && at < to) {
    const next = summaries.lastUpTo(at + gapSeconds)!;
    if (next > at) {
      at = next;
      continue;
    }
    const end = summaries.firstAfter(at);
    if (end === undefined) {
      if (now - at > gapSeconds) gaps.push({ from: at, to: null });
      break;
    }
    if (end > from) gaps.push({ from: at, to: end });
    at = end;
  }
  return { gaps, gapSeconds, heartbeat };
}
