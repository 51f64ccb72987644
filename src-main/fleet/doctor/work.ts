import { DeliverPolicy } from '@nats-io/jetstream';

import { Snapshots } from '../partition/snapshots.ts';
import { openBucket } from '../wire/streams.ts';
import { numbered } from '../wire/subjects.ts';
import { failed, passed, someOf, warned, type FleetStep } from './finding.ts';
import type { Patient } from './patient.ts';

/** Seconds that a block may wait before it is told. */
const LAG_S = 60;
const DAY_S = 86_400;

/** Who works, on what, how far, and what would be left of it. */
export async function lookAtWork(patient: Patient): Promise<FleetStep[]> {
  return [workersOf(patient), ...drainedIn(patient), await lagOf(patient), await snapshotsOf(patient)];
}

function workersOf({ workers, owners, partitions }: Patient): FleetStep {
  const start = 'sudo systemctl enable --now ubad-worker@1';
  if (workers.length === 0) return failed('workers', 'No worker is at work.', 'Start one:', start);
  const live = new Set(workers.map(({ id }) => id));
  const alone = owners.flatMap((record, p) => (record?.owner != null && live.has(record.owner) ? [] : [numbered(p)]));
  const names = `${workers.length === 1 ? 'One worker' : `${workers.length} workers`}: ${someOf(workers.map(({ worker }) => worker))}`;
  if (alone.length === 0) return passed('workers', `${names}, on ${partitions} partitions.`);
  const remedy = 'They are claimed within a lease; else see to the workers’ logs, or start another one:';
  return failed('workers', `Nobody works on ${someOf(alone)}. ${names}.`, remedy, start);
}

const drainedIn = ({ drained }: Patient): FleetStep[] =>
  drained.map((name) =>
    warned(
      'drained',
      `${name} is drained: it takes nothing.`,
      'When its machine is back:',
      `ubad fleet drain ${name} --undo`,
    ),
  );

async function lagOf({ manager, subjects, workers, lines, serverNow }: Patient): Promise<FleetStep> {
  const slow: string[] = [];
  let waiting = 0;
  for (const { partitions, positions } of workers)
    for (const [at, partition] of partitions.entries()) {
      const next = Math.max((positions[at] ?? 0) + 1, 1);
      if (next > lines.state.last_seq) continue;
      const stream = subjects.linesStream;
      const start = { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: next } as const;
      const name = `doctor-${crypto.randomUUID()}`;
      const filter_subject = subjects.lines(partition);
      const made = await manager.consumers.add(stream, { name, filter_subject, ...start, inactive_threshold: 5e9 });
      await manager.consumers.delete(stream, name);
      if (made.num_pending === 0) continue;
      waiting += made.num_pending;
      const oldest = await manager.direct
        .getMessage(stream, { seq: next, next_by_subj: filter_subject })
        .catch(() => null);
      const age = oldest ? serverNow - oldest.time.getTime() / 1000 : 0;
      if (age > LAG_S) slow.push(`${numbered(partition)} (${made.num_pending} blocks, the oldest ${age.toFixed(0)} s)`);
    }
  if (slow.length === 0) return passed('lag', `${waiting} blocks wait, none for longer than ${LAG_S} s.`);
  return warned(
    'lag',
    `Behind: ${someOf(slow)}.`,
    'While a user is trained a partition waits. Where it stays so: more workers, or worker.slots and worker.processes in fleet.json.',
    'ubad fleet status',
  );
}

/** A state that would have to be made of lines which are no longer there is lost when its worker's disk is. */
async function snapshotsOf(patient: Patient): Promise<FleetStep> {
  const { nc, manager, subjects, owners, config, lines, serverNow } = patient;
  const name = subjects.bucket('STATE');
  const bucket = await openBucket(nc, name);
  const most = (config.keepLinesDays * DAY_S) / 2;
  const [old, gone]: [string[], string[]] = [[], []];
  let newest = 0;
  for (const [p, record] of owners.entries()) {
    if (record?.snapshot == null) continue;
    if (record.seq > lines.state.last_seq) gone.push(numbered(p));
    const snapshots = new Snapshots(bucket, name, manager, p, AbortSignal.timeout(10_000));
    const kept = await snapshots.know(record.snapshot);
    const at = (await bucket.get(record.snapshot))?.created.getTime();
    if (!kept || at === undefined) {
      old.push(`${numbered(p)} (cannot be read)`);
      continue;
    }
    const age = serverNow - at / 1000;
    newest = Math.max(newest, age);
    // Without a block since, an old one is as good as a new one.
    if (age > most && kept.seq < lines.state.last_seq) old.push(`${numbered(p)} (${(age / 3600).toFixed(0)} h)`);
  }
  if (gone.length > 0)
    return failed(
      'stream',
      `Snapshots of ${someOf(gone)} have read more than the stream of lines has: the server has lost what it had acknowledged.`,
      'On the inbox’s machine, then on each worker’s, with all of them stopped:',
      'ubad fleet adopt',
    );
  if (old.length === 0) return passed('snapshots', `The oldest is of ${(newest / 60).toFixed(0)} minutes ago.`);
  return failed(
    'snapshots',
    `Older than half of the ${config.keepLinesDays} days that lines stay: ${someOf(old)}.`,
    'Where its worker is (ubad fleet status): it keeps one when it is stopped, and again where none can be read when it starts. See to its log.',
    'sudo systemctl restart ubad-worker@1',
  );
}
