import { setTimeout } from 'node:timers/promises';

import { StoreBroken, StoreFull } from '../../engine/store/problem.ts';

const AGAIN_MS = 2000;

/**
 * Does it when the disk lets it.
 * @param onWaiting why it does not
 * @param signal ends the waiting
 */
export async function untilDiskTakes<T>(
  work: () => Promise<T>,
  onWaiting: (text: string) => void,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreFull || (error instanceof StoreBroken && error.reason !== 'corrupt'))) throw error;
      onWaiting(error.message);
      await setTimeout(AGAIN_MS, undefined, { signal });
    }
  }
}
