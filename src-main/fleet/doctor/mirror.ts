import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

import type { FleetConfig } from '../config.ts';
import { failed, passed, type FleetStep } from './finding.ts';

/** What this machine sends of itself, and whether there is anything to send. */
export function lookAtMirror({ mirror, tenant, forward }: FleetConfig): FleetStep[] {
  if (mirror === 'off') return [];
  const what = mirror === 'alerts' ? `alerts of ${forward.alerts}` : `lines of ${forward.log}`;
  if (isReadable(mirror === 'alerts' ? join(forward.alerts, 'ubad.db') : forward.log))
    return [passed('mirror', `The ${what} are to leave this machine for the fleet ${tenant}.`)];
  return [
    mirror === 'alerts'
      ? failed(
          'mirror',
          `The ${what} are to leave this machine, and there is no database of an engine, or this account may not read it.`,
          'The machine’s own service makes one; or set forward.alerts in fleet.json to another engine’s state folder.',
          'sudo systemctl enable --now ubad',
        )
      : failed(
          'mirror',
          `The ${what} are to leave this machine, and there is no such log, or this account may not read it.`,
          'Let the forwarder’s account read it, or set forward.log in fleet.json to osquery’s results log.',
          'sudo ubad setup --user ubad',
        ),
  ];
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
