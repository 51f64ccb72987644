import { desktop } from './bridge.ts';
import { live } from './live.svelte.ts';

/** Shows the example, on the Overview. @throws AskFailed saying why it cannot be */
export async function tryExample(minutes: number): Promise<void> {
  await desktop.startExample({ minutes });
  location.hash = '#/';
}

/** Shows this machine; where its log is not read, what it lacks. */
export async function goLive(): Promise<void> {
  const watching = live.desktop?.example?.watching ?? true;
  location.hash = watching ? '#/' : '#/setup';
  await desktop.goLive(undefined);
}
