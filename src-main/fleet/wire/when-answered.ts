import { setTimeout } from 'node:timers/promises';

import { deniedIn } from './denied.ts';
import { passes } from './exact-publisher.ts';

export interface WaitingFor {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Is told once what is waited for. */
  readonly onNotice?: ((text: string) => void) | undefined;
}

const AGAIN_MS = 1000;

/**
 * Asks for what a process needs before it can work, again and again while the server is away, chooses a leader or has no JetStream yet:
 * a process that is started just then waits, and does not end.
 * @throws the signal's reason, and what no retry mends
 */
export async function whenAnswered<T>(ask: () => Promise<T>, { signal, onNotice }: WaitingFor): Promise<T> {
  for (let told = false; ; told = true) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (!passes(error)) throw deniedIn(error) ?? error;
      if (!told) onNotice?.(`NATS is there and does not answer yet (${(error as Error).message}): it is asked again.`);
      await setTimeout(AGAIN_MS, undefined, { signal });
    }
  }
}
