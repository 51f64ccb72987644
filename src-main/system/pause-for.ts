import { setTimeout } from 'node:timers/promises';

/** Resolves after so long, or at once when the signal is, or was already, aborted. */
export async function pauseFor(ms: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, signal && { signal }).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}
