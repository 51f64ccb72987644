/** How bad: words for ranges of the peak z. */
const bands = ['low', 'medium', 'high', 'critical'] as const;
export type Band = (typeof bands)[number];

/** Peak z from which each band begins. Low exists below the alarm threshold only when the user lowers that. */
const FROM: readonly number[] = [-Infinity, 3, 4.5, 6];

export function bandOf(peak: number): Band {
  return bands[FROM.findLastIndex((from) => peak >= from)]!;
}

/** When incidents open and close, in z of the window and in actions. */
export interface JudgeOptions {
  /** A window this strange opens an incident. */
  readonly alarm: number;
  /** A window above this keeps an open one going: lower than `alarm`, so that an incident does not flicker. */
  readonly calm: number;
  /** So many actions in a row with calmer windows close it. */
  readonly calmFor: number;
}

export const defaultJudge: JudgeOptions = { alarm: 3, calm: 2, calmFor: 100 };

/** An incident that is open. */
export interface OpenIncident {
  readonly id: number;
  readonly peak: number;
  readonly count: number;
  /** Actions since the window was last above `calm`. */
  readonly calm: number;
}

export type Verdict =
  | { readonly step: 'nothing' }
  | { readonly step: 'open' }
  | { readonly step: 'extend'; readonly next: OpenIncident }
  /** Calm, but not for long enough. */
  | { readonly step: 'wait'; readonly next: OpenIncident }
  | { readonly step: 'close' };

/** What a window's z means for the user's open incident, or for there being none. */
export function judge(open: OpenIncident | undefined, window: number, options: JudgeOptions): Verdict {
  if (!open) return { step: window >= options.alarm ? 'open' : 'nothing' };
  if (window >= options.calm) {
    return { step: 'extend', next: { id: open.id, peak: Math.max(open.peak, window), count: open.count + 1, calm: 0 } };
  }
  if (open.calm + 1 >= options.calmFor) return { step: 'close' };
  return { step: 'wait', next: { ...open, calm: open.calm + 1 } };
}

/** The incident that is open after a verdict. @param id of one that opens now */
export function openAfter(
  verdict: Verdict,
  open: OpenIncident | undefined,
  window: number,
  id: number,
): OpenIncident | undefined {
  switch (verdict.step) {
    case 'nothing':
      return open;
    case 'open':
      return { id, peak: window, count: 1, calm: 0 };
    case 'close':
      return undefined;
    default:
      return verdict.next;
  }
}
