import { runGateway } from '../../fleet/gateway/run.ts';
import { configOf, type FleetOptions } from './shared.ts';
import { untilStopped } from './until-stopped.ts';

/** `ubad fleet gateway`: takes results in from osquery's TLS logger until it is told to stop. */
export async function gateway(options: FleetOptions): Promise<void> {
  const config = configOf(options);
  await untilStopped(({ signal, onNotice, ready }) => {
    const onReady = (at: string): void => {
      ready(`gateway of the fleet ${config.tenant} listens on ${at}`);
    };
    return runGateway({ config, signal, onNotice, onReady });
  });
}
