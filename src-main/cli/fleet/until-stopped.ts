import { tellUser } from '../output.ts';
import { serviceOf } from '../service.ts';
import { onStopSignal } from '../stopping.ts';
import { toldLater } from './shared.ts';

/** What a process that runs until SIGTERM is given. */
export interface UntilStopped {
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /** It works, and does this. */
  readonly ready: (what: string) => void;
}

/** Runs something as a service until it is told to stop. @throws Failure for what a person has to see to */
export async function untilStopped(work: (given: UntilStopped) => Promise<void>): Promise<void> {
  const service = serviceOf();
  const stop = new AbortController();
  const forget = onStopSignal(() => {
    stop.abort();
  });
  let isReady = false;
  const onNotice = (text: string): void => {
    tellUser(text, 'warning');
    // Before it works it says what it waits for: that is no failed start.
    if (!isReady) service.doing(text);
  };
  const ready = (what: string): void => {
    isReady = true;
    service.doing(what);
    tellUser(what);
  };
  try {
    await toldLater(() => work({ signal: stop.signal, onNotice, ready }));
  } catch (error) {
    // Told to stop while it waited for something: that is what was wanted.
    if (!stop.signal.aborted) throw error;
  } finally {
    forget();
    service.stop();
  }
}
