/** What a monitor wants to know of a fleet's processes: no names of users or hosts. */
import packageJson from '../../../package.json' with { type: 'json' };
import { metric, type Sample } from '../../contract/metrics-text.ts';
import type { BridgeCounts } from '../bridge/bridge.ts';
import type { GatewayCounts } from '../gateway/server.ts';
import type { InboxCounts } from '../inbox/counts.ts';
import type { PartitionStatus } from '../partition/status.ts';
import type { TrainingCounts } from '../supervisor/training-slots.ts';
import { numbered } from '../wire/subjects.ts';

export interface WorkerMeasured {
  readonly statuses: readonly PartitionStatus[];
  /** Milliseconds since the lease was renewed. */
  readonly leaseAge: number;
  readonly trainings: TrainingCounts;
}

const info = (process: string): string[] =>
  metric('ubad_fleet_info', 'gauge', 'Which program this is.', [[{ process, version: packageJson.version }, 1]]);

const one = (value: number): readonly Sample[] => [[{}, value]];

/** Counters of a partition begin again when a worker takes it over. */
export function workerText({ statuses, leaseAge, trainings }: WorkerMeasured): string {
  const each = (of: (status: PartitionStatus) => number): Sample[] =>
    statuses.map((status) => [{ partition: numbered(status.partition) }, of(status)]);
  return [
    ...info('worker'),
    ...metric('ubad_fleet_lease_age_seconds', 'gauge', 'Since the lease was renewed.', one(leaseAge / 1000)),
    ...metric('ubad_fleet_partitions', 'gauge', 'Partitions that this worker works on.', one(statuses.length)),
    ...metric('ubad_fleet_trainings', 'gauge', 'Users that are being trained.', one(trainings.running)),
    ...metric('ubad_fleet_training_queue', 'gauge', 'Users whose training waits for others.', one(trainings.waiting)),
    ...metric(
      'ubad_fleet_lines_total',
      'counter',
      'Lines that were taken in.',
      each(({ lines }) => lines),
    ),
    ...metric(
      'ubad_fleet_blocks_total',
      'counter',
      'Blocks that were taken in.',
      each(({ blocks }) => blocks),
    ),
    ...metric(
      'ubad_fleet_lag_blocks',
      'gauge',
      'Blocks that wait in the stream.',
      each(({ waiting }) => waiting),
    ),
    ...metric(
      'ubad_fleet_refused_blocks_total',
      'counter',
      'Blocks that were none.',
      each(({ refused }) => refused),
    ),
    ...metric(
      'ubad_fleet_lost_lines_total',
      'counter',
      'Lines that the stream no longer had.',
      each(({ lost }) => lost),
    ),
    ...metric(
      'ubad_fleet_alerts_told',
      'gauge',
      'The last number that was told.',
      each(({ told }) => told),
    ),
    ...metric(
      'ubad_fleet_restores_total',
      'counter',
      'Snapshots that were restored.',
      each(({ restores }) => restores),
    ),
    ...metric(
      'ubad_fleet_snapshot_age_seconds',
      'gauge',
      'Since the state was kept.',
      each((s) => s.snapshotAge),
    ),
  ].join('');
}

export function gatewayText({ posts, lines, known, tooLarge, refused }: GatewayCounts): string {
  return [
    ...info('gateway'),
    ...metric('ubad_fleet_posts_total', 'counter', 'POSTs of results that were taken.', one(posts)),
    ...metric('ubad_fleet_refused_posts_total', 'counter', 'Requests that were refused.', one(refused)),
    ...metric('ubad_fleet_posted_lines_total', 'counter', 'Lines that were put into the stream.', one(lines)),
    ...metric('ubad_fleet_overlap_lines_total', 'counter', 'Lines that had been sent before.', one(known)),
    ...metric('ubad_fleet_large_lines_total', 'counter', 'Lines that no block holds.', one(tooLarge)),
  ].join('');
}

export function inboxText({ position, refused, lost, waiting, alerts }: InboxCounts): string {
  return [
    ...info('inbox'),
    ...metric('ubad_fleet_inbox_position', 'gauge', 'Sequence up to which the alerts were read.', one(position)),
    ...metric('ubad_fleet_inbox_alerts', 'gauge', 'Alerts that are kept.', one(alerts)),
    ...metric('ubad_fleet_inbox_waiting', 'gauge', 'Alerts that nobody has answered.', one(waiting)),
    ...metric('ubad_fleet_inbox_refused_total', 'counter', 'Messages of no form that is known.', one(refused)),
    ...metric('ubad_fleet_inbox_lost_total', 'counter', 'Messages that were gone before they were read.', one(lost)),
  ].join('');
}

export function bridgeText({ lines, repeats, refused, revoked, lost, waiting }: BridgeCounts): string {
  return [
    ...info('bridge'),
    ...metric('ubad_fleet_bridged_lines_total', 'counter', 'Lines that were put into the stream.', one(lines)),
    ...metric('ubad_fleet_bridge_repeats_total', 'counter', 'Lines that Fleet had published before.', one(repeats)),
    ...metric('ubad_fleet_bridge_refused_total', 'counter', 'Messages that are no result of a host.', one(refused)),
    ...metric('ubad_fleet_bridge_revoked_total', 'counter', 'Lines of hosts that were revoked.', one(revoked)),
    ...metric('ubad_fleet_bridge_lost_total', 'counter', 'Messages that were gone before they were read.', one(lost)),
    ...metric('ubad_fleet_bridge_waiting', 'gauge', 'Messages that wait in Fleet’s stream.', one(waiting)),
  ].join('');
}
