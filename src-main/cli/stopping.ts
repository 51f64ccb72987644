import { constants } from 'node:os';

import { onReaderGone } from '../terminal/terminal.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Ctrl-C comes from the terminal and from whoever started this: so soon after the first one a signal is the same one. */
const SAME_MS = 500;

/**
 * Calls `stop` at the first signal to stop, or when nobody reads what is said; a second one ends the process at once: what was
 * stored stays, and what was not is read again. @returns what takes it back
 */
export function onStopSignal(stop: () => void): () => void {
  let first: number | undefined;
  const heard = (signal: (typeof SIGNALS)[number]): void => {
    if (first === undefined) {
      first = performance.now();
      stop();
    } else if (performance.now() - first > SAME_MS) process.exit(128 + constants.signals[signal]);
  };
  for (const signal of SIGNALS) process.on(signal, heard);
  const forget = onReaderGone(() => {
    if (first === undefined) stop();
    first ??= performance.now();
  });
  return () => {
    forget();
    for (const signal of SIGNALS) process.off(signal, heard);
  };
}
