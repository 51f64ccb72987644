import type { Role } from '../access/roles.ts';
import type { FleetConfig } from '../config.ts';
import { FleetProblem } from '../failure.ts';
import { Hosts } from '../gateway/hosts.ts';
import { Adopting } from '../partition/adopt.ts';
import { connectTo } from '../wire/connect.ts';
import { deniedIn } from '../wire/denied.ts';
import { passes } from '../wire/exact-publisher.ts';
import type { MetaRecord } from '../wire/messages.ts';
import { managerOf, metaOf, openBucket } from '../wire/streams.ts';
import { numbered, Subjects } from '../wire/subjects.ts';
import { lookAtClocks } from './clocks.ts';
import { failed, passed, someOf, warned, type FleetStep } from './finding.ts';
import { lookAtKey } from './key.ts';
import { lookAtMirror } from './mirror.ts';
import { patientOf, type Patient } from './patient.ts';
import { lookAtServers } from './servers.ts';
import { lookAtWork } from './work.ts';

export interface ExamineOptions {
  readonly config: FleetConfig;
  /** What this machine's key has to be good for; undefined: for anything. */
  readonly role: Exclude<Role, 'forward'> | undefined;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Looks at all of a fleet and at what this machine sends of itself, and changes nothing. */
export async function examineFleet(options: ExamineOptions): Promise<readonly FleetStep[]> {
  return [...(await examineServers(options)), ...lookAtMirror(options.config)];
}

async function examineServers({ config, role, now }: ExamineOptions): Promise<readonly FleetStep[]> {
  const { servers, credentials, ca, tenant } = config;
  let nc;
  try {
    nc = await connectTo({ servers, credentials, ca, name: 'doctor' });
  } catch (error) {
    if (!(error instanceof FleetProblem)) throw error;
    return [
      failed(
        'server',
        error.message,
        'Where nats-server is installed on that machine:',
        'sudo systemctl start nats-server',
      ),
    ];
  }
  try {
    const subjects = new Subjects(tenant);
    let meta: MetaRecord;
    try {
      meta = await metaOf(nc, subjects);
    } catch (error) {
      const problem = error instanceof FleetProblem ? error : deniedIn(error);
      if (!problem && !(error instanceof Error && error.message.includes('stream not found'))) throw error;
      if (problem && deniedIn(error))
        return [failed('key', problem.message, 'Set credentials in fleet.json to a key of this fleet.')];
      return [failed('fleet', `There is no fleet ${tenant} on these servers.`, 'Make it:', 'ubad fleet init')];
    }
    const steps = [partitionsOf(config.partitions, meta)];
    steps.push(...(await lookAtKey({ nc, manager: await managerOf(nc), subjects }, role)));
    const looks = [lookAtServers, lookAtClocks, lookAtWork, lookAtHosts, lookHere];
    const lookAtAll = async (): Promise<FleetStep[]> => {
      const patient = await patientOf(nc, subjects, config, meta, now);
      const found: FleetStep[] = [];
      for (const look of looks) found.push(...(await allowed(() => look(patient))));
      return found;
    };
    steps.push(...(await allowed(lookAtAll)));
    return steps;
  } catch (error) {
    if (!passes(error)) throw error;
    return [
      failed(
        'server',
        `nats-server runs, and JetStream does not answer (${(error as Error).message}): its disk is full, or it has no leader.`,
        'See to its log, and to the room on the disk of its store_dir. Version 2.9 needs a start after that:',
        'sudo systemctl restart nats-server',
      ),
    ];
  } finally {
    await nc.close();
  }
}

/** What this key may not look at is no finding of the fleet. */
async function allowed(look: () => Promise<FleetStep[]>): Promise<FleetStep[]> {
  try {
    return await look();
  } catch (error) {
    const denied = deniedIn(error);
    if (!denied) throw error;
    return [warned('look', denied.message, 'Ask with the key of an admin to see all.')];
  }
}

function partitionsOf(wanted: number, { partitions, made, split }: MetaRecord): FleetStep {
  if (split)
    return warned(
      'fleet',
      `${split.by} has begun to split its ${partitions} partitions into ${split.to}: hosts that move wait until that is done.`,
      'Go on with it.',
      `ubad fleet split --to ${split.to}`,
    );
  if (wanted === partitions) return passed('fleet', `${partitions} partitions.`);
  const told = `The fleet has ${partitions} partitions, fleet.json says ${wanted}.`;
  // It counts where the servers are made again.
  return (made === wanted ? warned : failed)('fleet', told, `Set partitions to ${partitions} in fleet.json.`);
}

async function lookAtHosts({ nc, subjects }: Patient): Promise<FleetStep[]> {
  const hosts = await Hosts.on(await openBucket(nc, subjects.bucket('HOSTS')));
  try {
    const all = await hosts.list();
    const waiting = all.filter(({ state }) => state === 'waiting').map(({ host }) => host);
    if (waiting.length === 0) return [passed('hosts', `${all.length} have enrolled, none waits for approval.`)];
    const [first] = waiting;
    return [
      warned(
        'hosts',
        `Waiting for approval: ${someOf(waiting)}.`,
        'Where they are yours:',
        `ubad fleet hosts approve ${first}`,
      ),
    ];
  } finally {
    hosts.stop();
  }
}

/** What lies on this machine, where it is a worker's. */
async function lookHere({ nc, subjects, config, partitions, made, workers }: Patient): Promise<FleetStep[]> {
  const live = new Set(workers.map(({ id }) => id));
  const { state } = config.worker;
  const adopting = await Adopting.on({
    nc,
    subjects,
    partitions,
    made,
    state,
    live,
    signal: AbortSignal.timeout(60_000),
  });
  const found = await adopting.look();
  if (found.length === 0) return [];
  const wrong = found.filter(({ what }) => what !== 'fine');
  if (wrong.length === 0) return [passed('state', `${found.length} partitions lie here, read from these servers.`)];
  const names = wrong.map((one) => `${numbered(one.partition)} (${'why' in one ? one.why : ''})`);
  return [
    failed(
      'state',
      `What lies here cannot go on: ${someOf(names, 3)}.`,
      'With all workers and the inbox stopped:',
      'ubad fleet adopt',
    ),
  ];
}
