/** A process of a fleet's worker that works on partitions. Started by fleet/supervisor/children.ts; ends when nobody listens. */
import { PartitionHost } from './fleet/partition/host.ts';
import { loadMathEngine } from './math/load.ts';

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
