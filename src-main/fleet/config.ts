/** What an administrator sets of a fleet: /etc/ubad/fleet.json, the same file on every machine. */
import { readFileSync } from 'node:fs';

import * as v from 'valibot';

import { algorithms } from '../../models/algorithm.ts';
import { fleetRoles } from '../contract/fleet.ts';
import { LEAVING_FOLDER } from '../contract/leaving.ts';
import { targetsSchema } from '../export/target.ts';
import { FleetProblem } from './failure.ts';
import { tenantName } from './wire/subjects.ts';

export const FLEET_FILE = '/etc/ubad/fleet.json';

const integer = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const number = (least: number, most: number) => v.pipe(v.number(), v.minValue(least), v.maxValue(most));
const path = v.pipe(v.string(), v.startsWith('/', 'give the whole path, beginning with /'));
const pathOrNone = v.nullable(path);
const powersOfTwo = Array.from({ length: 13 }, (_, n) => 2 ** n);

const worker = {
  /** Processes that work on partitions; 'cores': one for each core. */
  processes: v.optional(v.union([v.literal('cores'), integer(1, 256)]), 'cores'),
  /** Trainings at once, the rest waits; 'half': of the cores, the others judge lines. */
  slots: v.optional(v.union([v.literal('half'), integer(1, 256)]), 'half'),
  /** Users of a partition whose models stay in memory. */
  mostLoaded: v.optional(integer(1, 1_000_000), 500),
  keepDays: v.optional(number(1, 3650), 14),
  state: v.optional(path, '/var/lib/ubad/fleet'),
};

const engine = {
  algorithm: v.optional(v.picklist(algorithms), 'both'),
  seed: v.optional(integer(0, 4_294_967_295), 1),
  trainAfter: v.optional(integer(1000, 100_000), 3000),
  alertsPerWeek: v.optional(number(0.01, 700), 1),
  facts: v.optional(v.boolean(), true),
};

const gateway = {
  /** Address and port. */
  listen: v.optional(
    v.pipe(v.string(), v.regex(/^(?:\[[0-9a-fA-F:.]+\]|[\w.-]+):\d{1,5}$/, 'use address:port')),
    '0.0.0.0:8443',
  ),
  certificate: v.optional(path, '/etc/ubad/gateway.pem'),
  key: v.optional(path, '/etc/ubad/gateway.key'),
  /** A file whose first line hosts have to know to enroll. */
  enrollSecretFile: v.optional(path, '/etc/ubad/enroll-secret'),
  /** A file whose first line signs the keys of hosts: the same on all gateways. */
  keySecretFile: v.optional(path, '/etc/ubad/node-key-secret'),
  /** 'hand': a host's lines are taken once an administrator has approved it. */
  approve: v.optional(v.picklist(['auto', 'hand']), 'auto'),
};

const inbox = {
  state: v.optional(path, '/var/lib/ubad/inbox'),
  /** How long an alert stays after it was last told of. */
  keepDays: v.optional(number(1, 36_500), 365),
};

const page = {
  /** Of 127.0.0.1; 0: any that is free. */
  port: v.optional(integer(0, 65_535), 0),
  /** Who may use it besides whoever starts it, and as what. */
  people: v.optional(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.regex(/^[\w.@-]{1,64}$/, 'use letters, digits, _, ., @ and -, at most 64')),
        role: v.picklist(fleetRoles),
      }),
    ),
    [],
  ),
};

/** A name of a group of users. */
const group = v.pipe(
  v.string(),
  v.trim(),
  v.regex(/^[^",\r\n]{1,64}$/, 'use at most 64 characters, none of them a comma'),
);
const peers = {
  /** Who works with whom: by name, and by patterns of hosts (`sales-*`). */
  groups: v.optional(
    v.array(
      v.strictObject({
        name: group,
        hosts: v.optional(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(255))), []),
        users: v.optional(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(256))), []),
      }),
    ),
    [],
  ),
  /** A file of lines such as `anna,sales`, which counts first. */
  file: v.optional(pathOrNone, null),
};

const forward = {
  log: v.optional(path, '/var/log/osquery/osqueryd.results.log'),
  /** State folder of the engine whose alerts are sent: the machine's own service's. */
  alerts: v.optional(path, '/var/lib/ubad'),
  /** What this machine is called; null: as it calls itself. */
  host: v.optional(v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(255))), null),
  /** Where is kept what was sent, for whoever sits at this machine. */
  state: v.optional(path, LEAVING_FOLDER),
};

/** Ports of this machine at which a process tells its metrics; null: nowhere. */
const port = v.optional(v.nullable(integer(1, 65_535)), null);
const metrics = { worker: port, gateway: port, inbox: port, bridge: port };

const bridge = {
  /** What Fleet publishes results on; null: no Fleet. */
  subject: v.optional(
    v.nullable(
      v.pipe(v.string(), v.regex(/^[\w-]+(?:\.(?:[\w-]+|\*))*(?:\.>)?$/, 'use a subject such as osquery.results')),
    ),
    null,
  ),
  /** The stream that holds it; null: one that `ubad fleet init` makes. */
  stream: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'use the name of a stream'))), null),
};

export const fleetSchema = v.strictObject({
  tenant: v.optional(v.pipe(v.string(), v.regex(tenantName, 'use letters, digits, _ and -, at most 32')), 'main'),
  servers: v.optional(v.pipe(v.array(v.pipe(v.string(), v.minLength(1))), v.minLength(1)), ['nats://127.0.0.1:4222']),
  credentials: v.optional(pathOrNone, null),
  ca: v.optional(pathOrNone, null),
  /** A power of two, fixed when the fleet is made. */
  partitions: v.optional(v.picklist(powersOfTwo, 'use a power of two, at most 4096'), 64),
  replicas: v.optional(v.picklist([1, 3, 5]), 1),
  keepLinesDays: v.optional(number(0.01, 365), 3),
  /** Seconds after which a worker that does not renew its lease is taken for gone. */
  lease: v.optional(number(2, 300), 20),
  snapshot: v.optional(
    v.strictObject({ lines: v.optional(integer(100, 10_000_000), 50_000), minutes: v.optional(number(0.1, 1440), 30) }),
    {},
  ),
  worker: v.optional(v.strictObject(worker), {}),
  engine: v.optional(v.strictObject(engine), {}),
  gateway: v.optional(v.strictObject(gateway), {}),
  inbox: v.optional(v.strictObject(inbox), {}),
  page: v.optional(v.strictObject(page), {}),
  peers: v.optional(v.strictObject(peers), {}),
  /** What leaves a machine whose osquery does not post by itself. */
  mirror: v.optional(v.picklist(['off', 'alerts', 'lines']), 'off'),
  forward: v.optional(v.strictObject(forward), {}),
  bridge: v.optional(v.strictObject(bridge), {}),
  metrics: v.optional(v.strictObject(metrics), {}),
  /** Where the inbox sends alerts. */
  export: v.optional(targetsSchema, []),
});
export type FleetConfig = v.InferOutput<typeof fleetSchema>;

/** @throws FleetProblem naming the file, and the setting that is wrong */
export function readFleetConfig(file: string): FleetConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const remedy = code === 'ENOENT' ? 'Make it with: ubad fleet init' : 'See to its permissions.';
    throw new FleetProblem(`${file} cannot be read (${code}). ${remedy}`, { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FleetProblem(`${file} is no JSON: ${(error as Error).message}.`, { cause: error });
  }
  return fleetConfigOf(value, file);
}

/** @param where names it in messages @throws FleetProblem saying which setting is wrong */
export function fleetConfigOf(value: unknown, where: string): FleetConfig {
  const parsed = v.safeParse(fleetSchema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const setting = v.getDotPath(issue) ?? 'the whole';
  throw new FleetProblem(`${where}: ${setting}: ${issue.message}. Change it in the file.`);
}
