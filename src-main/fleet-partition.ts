/** A process of a fleet's worker that works on partitions. Started by fleet/supervisor/children.ts; ends when nobody listens. */
import { constants, setPriority } from 'node:os';

import { PartitionHost } from './fleet/partition/host.ts';
import { loadMathEngine } from './math/load.ts';

// Before anything else of a busy machine come those who wait for an answer within seconds: its supervisor, who renews the lease, the server
// and the gateway. Threads that are started from here on inherit it.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const host = new PartitionHost(await loadMathEngine('fused'), (told) => process.connected && process.send?.(told));

process.on('message', (message) => {
  host.hear(message).catch((error: unknown) => {
    process.send?.({ told: 'notice', text: (error as Error).message });
  });
});
// Whoever started this is gone: its lease ends, and others will have the partitions.
process.on('disconnect', () => {
  process.exit(0);
});
// Signals are the supervisor's to answer: it gives the partitions back first.
process.on('SIGTERM', () => undefined).on('SIGINT', () => undefined);
