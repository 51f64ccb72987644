import { runBridge } from '../../fleet/bridge/run.ts';
import { configOf, fileOf, type FleetOptions } from './shared.ts';
import { untilStopped } from './until-stopped.ts';

/** `ubad fleet bridge`: brings what Fleet publishes on NATS to the fleet until it is told to stop. */
export async function bridge(options: FleetOptions): Promise<void> {
  const config = configOf(options);
  await untilStopped(({ signal, onNotice, ready }) => {
    const onReady = (stream: string, subject: string): void => {
      ready(`brings ${subject} of ${stream} to the fleet ${config.tenant}`);
    };
    return runBridge({ config, file: fileOf(options), signal, onNotice, onReady });
  });
}
