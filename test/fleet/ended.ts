import { afterAll, afterEach } from 'vitest';

import type { NatsServer } from './nats-server.ts';
import type { TestFleet } from './processes.ts';

/** What a suite starts, which is ended after it; of the newest fleet it is told what it said where a test fails. */
export function endedAfterwards(): { readonly servers: NatsServer[]; readonly fleets: TestFleet[] } {
  const servers: NatsServer[] = [];
  const fleets: TestFleet[] = [];
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') for (const fleet of fleets.slice(-1)) console.error(fleet.logs());
  });
  afterAll(async () => {
    for (const fleet of fleets) await fleet.killAll();
    for (const server of servers) await server.stop();
  });
  return { servers, fleets };
}
