import { isLoopback } from './loopback.ts';
import { failed, passed, warned, type FleetStep } from './finding.ts';
import type { Patient } from './patient.ts';

const DAY_NS = 86_400e9;
/** Share of the room from which on it is told. */
const NEARLY_FULL = 0.8;
const CLUSTER_SINCE = [2, 10] as const;

/** Which program, how many copies, and how long lines stay. */
export async function lookAtServers({ nc, manager, subjects, config, lines }: Patient): Promise<FleetStep[]> {
  const version = nc.info?.version ?? 'unknown';
  const again = 'Make the streams as fleet.json says:';
  const steps = [versionOf(version, lines.config.num_replicas)];
  const alerts = await manager.streams.info(subjects.alertsStream);
  const leases = await manager.streams.info(`KV_${subjects.bucket('LEASES')}`);
  const copies = [lines, alerts].map(({ config: { num_replicas } }) => num_replicas);
  const behind = [lines, alerts].flatMap(({ cluster }) =>
    (cluster?.replicas ?? []).filter(({ current, offline }) => !current || offline).map(({ name }) => name),
  );
  if (copies.some((count) => count !== config.replicas))
    steps.push(
      failed(
        'replicas',
        `The streams have ${copies[0]} copies, fleet.json says ${config.replicas}.`,
        again,
        'ubad fleet init',
      ),
    );
  else if (behind.length > 0)
    steps.push(
      failed(
        'replicas',
        `These servers are behind or away: ${[...new Set(behind)].join(', ')}.`,
        'See to nats-server on them.',
      ),
    );
  else steps.push(passed('replicas', `${copies[0] === 1 ? 'One copy' : `${copies[0]} copies`} of each message.`));
  const days = lines.config.max_age / DAY_NS;
  const ttl = leases.config.max_age / 1e9;
  if (Math.abs(days - config.keepLinesDays) > 0.001)
    steps.push(
      warned('limits', `Lines stay ${days} days, fleet.json says ${config.keepLinesDays}.`, again, 'ubad fleet init'),
    );
  else if (ttl !== config.lease)
    steps.push(warned('limits', `Leases last ${ttl} s, fleet.json says ${config.lease}.`, again, 'ubad fleet init'));
  else steps.push(passed('limits', `Lines stay ${days} days, leases last ${ttl} s.`));
  steps.push(
    await roomOf({ manager }),
    encryptionOf(config.servers, nc.info?.tls_required === true || config.ca !== null),
  );
  return steps;
}

function versionOf(version: string, copies: number): FleetStep {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [least, leastMinor] = copies > 1 ? CLUSTER_SINCE : [2, 9];
  if (major < least || (major === least && minor < leastMinor))
    return failed(
      'server',
      `nats-server ${version} is too old for ${copies} copies of a message.`,
      `Install ${least}.${leastMinor} or later.`,
    );
  // 2.9 writes to the disk every two minutes, and has no setting for it.
  if (major === 2 && minor < 10)
    return warned(
      'server',
      `nats-server ${version} has no sync_interval: a power cut takes up to two minutes of what it had acknowledged.`,
      'Install 2.10 or later, and set sync_interval: always there.',
    );
  return passed('server', `nats-server ${version}.`);
}

async function roomOf({ manager }: Pick<Patient, 'manager'>): Promise<FleetStep> {
  const { storage, limits } = await manager.getAccountInfo();
  const used = `${(storage / 1e6).toFixed(0)} MB are used`;
  const most = limits.max_storage;
  if (most <= 0) return passed('room', `${used}; the account has no limit of its own.`);
  const share = storage / most;
  const why = `${used} of ${(most / 1e6).toFixed(0)} MB.`;
  const remedy = 'Give the account more (jetstream max_file), or lines fewer days (keepLinesDays).';
  if (share >= 1) return failed('room', why, remedy);
  return share >= NEARLY_FULL ? warned('room', why, remedy) : passed('room', why);
}

function encryptionOf(servers: readonly string[], isTls: boolean): FleetStep {
  if (isTls) return passed('encryption', 'The connection to the server is TLS.');
  if (servers.every((one) => isLoopback(one))) return passed('encryption', 'The server is this machine.');
  return warned(
    'encryption',
    'Lines and alerts go to the server unencrypted.',
    'Set tls on the server, and ca in fleet.json; a configuration comes with:',
    'ubad fleet init --print-server-config',
  );
}
