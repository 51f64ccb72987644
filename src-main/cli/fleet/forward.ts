import { existsSync } from 'node:fs';

import type { Feed } from '../../export/event.ts';
import { runForward } from '../../fleet/forward/run.ts';
import { incidentFeed } from '../incident-feed.ts';
import { openState, settingsOf } from '../setup.ts';
import { configOf, fileOf, type FleetOptions } from './shared.ts';
import { untilStopped } from './until-stopped.ts';

/** The settings of the machine's own service: how severe an alert is depends on them. */
const SERVICE_CONFIG = '/etc/ubad/config.json';

/** The alerts of the engine in a state folder. */
function alertsOf(state: string, host: string): Feed {
  const settings = settingsOf({ state, ...(existsSync(SERVICE_CONFIG) && { config: SERVICE_CONFIG }) });
  return incidentFeed(() => openState(state, true), { settings, host });
}

/** `ubad fleet forward`: sends this machine's log, masked, or its alerts to a fleet until it is told to stop. */
export async function forward(options: FleetOptions): Promise<void> {
  const config = configOf(options);
  await untilStopped(({ signal, onNotice, ready }) => {
    const onReady = (host: string): void => {
      const { mirror, forward: from, tenant } = config;
      const what = mirror === 'alerts' ? `the alerts of ${from.alerts}` : `lines of ${from.log}`;
      ready(`sends ${what} as ${host} to the fleet ${tenant}`);
    };
    return runForward({ config, file: fileOf(options), alertsOf, signal, onNotice, onReady });
  });
}
