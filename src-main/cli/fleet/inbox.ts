import { runInbox } from '../../fleet/inbox/run.ts';
import { configOf, type FleetOptions } from './shared.ts';
import { untilStopped } from './until-stopped.ts';

/** `ubad fleet inbox`: keeps all that the workers tell until it is told to stop. */
export async function inbox(options: FleetOptions): Promise<void> {
  const config = configOf(options);
  await untilStopped(({ signal, onNotice, ready }) => {
    const onReady = (): void => {
      ready(`inbox of the fleet ${config.tenant} in ${config.inbox.state}`);
    };
    return runInbox({ config, signal, onNotice, onReady });
  });
}
