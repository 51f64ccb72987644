import { jetstream, JetStreamApiError } from '@nats-io/jetstream';

import type { Role } from '../access/roles.ts';
import { deniedIn } from '../wire/denied.ts';
import { serverTime } from '../wire/places.ts';
import { numbered } from '../wire/subjects.ts';
import { failed, passed, type FleetStep } from './finding.ts';
import type { Patient } from './patient.ts';

/** A sequence that no subject will ever have: who may publish is refused for it, and nothing is stored. */
const NEVER = Number.MAX_SAFE_INTEGER;
const WRONG_LAST = 10_071;
const FULL = [10_023, 10_047, 10_077];

const rights = [
  'read lines',
  'publish lines',
  'tell alerts',
  'read alerts',
  'say what people say',
  'renew leases',
  'claim partitions',
  'keep snapshots',
  'delete old snapshots',
  'enroll hosts',
  'drain workers',
  'write down what was bridged',
] as const;
type Right = (typeof rights)[number];

const needs: Readonly<Record<Exclude<Role, 'forward'>, readonly Right[]>> = {
  admin: rights,
  worker: ['read lines', 'tell alerts', 'renew leases', 'claim partitions', 'keep snapshots', 'delete old snapshots'],
  gateway: ['publish lines', 'enroll hosts'],
  inbox: ['read alerts', 'say what people say'],
  bridge: ['read lines', 'publish lines', 'write down what was bridged'],
};

type Asker = Pick<Patient, 'nc' | 'manager' | 'subjects'>;

/** What this machine's key may do, by trying it in ways that change nothing. @param wanted what it has to be good for */
export async function lookAtKey(patient: Asker, wanted: Exclude<Role, 'forward'> | undefined): Promise<FleetStep[]> {
  const may = new Set<Right>();
  for (const right of rights) if (await mayDo(patient, right)) may.add(right);
  const isFull = may.has('renew leases') && (await hasNoRoom(patient));
  const good = (Object.keys(needs) as (keyof typeof needs)[]).filter((role) =>
    needs[role].every((one) => may.has(one)),
  );
  const steps = isFull
    ? [
        failed(
          'room',
          'The server has no room left: gateways and forwarders wait, and lose nothing for as long as osquery’s own buffer lasts.',
          'Make room on the disk of the server’s store_dir, or give JetStream more (max_file_store); it then goes on by itself.',
        ),
      ]
    : [];
  const asked = wanted === undefined ? good.length > 0 : good.includes(wanted);
  if (asked) return [...steps, passed('key', `This machine’s key is good for: ${good.join(', ')}.`)];
  const missing = wanted === undefined ? rights : needs[wanted];
  const lacks = missing.filter((one) => !may.has(one)).join(', ');
  return [
    ...steps,
    failed(
      'key',
      `This machine’s key may not: ${lacks}. ${wanted === undefined ? 'It is good for no process of a fleet but a forwarder.' : `Who is to be ${wanted} has to.`}`,
      'Set credentials in fleet.json to the key of its role; keys and what they may do come with:',
      'ubad fleet init --print-server-config',
    ),
  ];
}

/** Keeps a word among the leases, which goes by itself when a lease would: what stores nothing is refused for other reasons first. */
async function hasNoRoom({ nc, subjects }: Asker): Promise<boolean> {
  try {
    await jetstream(nc).publish(`$KV.${subjects.bucket('LEASES')}.doctor`, 'is there room?');
    return false;
  } catch (error) {
    if (error instanceof JetStreamApiError && FULL.includes(error.code)) return true;
    throw error;
  }
}

async function mayDo({ nc, manager, subjects }: Asker, right: Right): Promise<boolean> {
  const state = subjects.bucket('STATE');
  const put = (bucket: string, key: string) => publishing(nc, `$KV.${bucket}.${key}`);
  const tries: Readonly<Record<Right, () => Promise<unknown>>> = {
    'read lines': () => serverTime(manager, subjects.linesStream),
    'publish lines': () => publishing(nc, subjects.linesOf('doctor', 1)),
    'tell alerts': () => publishing(nc, subjects.alerts(0)),
    'read alerts': () => serverTime(manager, subjects.alertsStream),
    'say what people say': () => publishing(nc, subjects.say(0)),
    'renew leases': () => put(subjects.bucket('LEASES'), 'w.doctor'),
    'claim partitions': () => put(subjects.bucket('OWNERS'), `p.${numbered(0)}`),
    'keep snapshots': () => put(state, 'doctor'),
    'delete old snapshots': () => manager.streams.purge(`KV_${state}`, { filter: `$KV.${state}.doctor` }),
    'enroll hosts': () => put(subjects.bucket('HOSTS'), 'doctor'),
    'drain workers': () => put(subjects.bucket('META'), 'drain.doctor'),
    'write down what was bridged': () => put(subjects.bucket('META'), 'bridge'),
  };
  try {
    await tries[right]();
    return true;
  } catch (error) {
    if (deniedIn(error)) return false;
    if (error instanceof JetStreamApiError && error.code === WRONG_LAST) return true;
    if (error instanceof JetStreamApiError && FULL.includes(error.code)) return true;
    throw error;
  }
}

const publishing = (nc: Patient['nc'], subject: string): Promise<unknown> =>
  jetstream(nc).publish(subject, '', { expect: { lastSubjectSequence: NEVER } });
