import type { FleetConfig } from '../config.ts';
import { inboxOf } from '../wire/connect.ts';
import { Subjects } from '../wire/subjects.ts';
import { permissionsOf, type Permissions, type Role } from './roles.ts';

/** Who has a key: its public half goes to the server. */
export interface KeyHolder {
  readonly role: Role;
  /** Of a forwarder. */
  readonly host?: string;
  readonly publicKey: string;
}

export interface TenantKeys {
  readonly tenant: string;
  readonly holders: readonly KeyHolder[];
}

/** The configuration of nats-server for a fleet: an account a tenant, a key a role, TLS, and a store that outlasts a power cut. */
export function serverConfig(
  { replicas, bridge }: Pick<FleetConfig, 'replicas' | 'bridge'>,
  tenants: readonly TenantKeys[],
): string {
  return `# nats-server for ubad, made by: ubad fleet init --print-server-config
# Put it to /etc/nats-server.conf on each server, with a certificate that names the server.
listen: "0.0.0.0:4222"
${replicas > 1 ? cluster(replicas) : ''}
tls {
  cert_file: "/etc/nats/server.pem"
  key_file: "/etc/nats/server.key"
}

jetstream {
  store_dir: "/var/lib/nats"
  # What was acknowledged outlasts a power cut. nats-server before 2.10 has no such setting: take the line out there.
  sync_interval: always
  # At rest, with a key in the server's environment: cipher: chachapoly, key: $JS_KEY
}

# Each tenant is an account: what is in one cannot be named in another.
accounts {
${tenants.map((tenant) => account(tenant, bridge.stream ?? undefined)).join('\n')}
}
`;
}

const cluster = (replicas: number): string => `
# Another name on each of the ${replicas} servers; routes names all of them.
server_name: "nats-1"
cluster {
  name: "ubad"
  listen: "0.0.0.0:6222"
  routes: [${Array.from({ length: replicas }, (_, n) => `"nats://nats-${n + 1}.example:6222"`).join(', ')}]
  tls {
    cert_file: "/etc/nats/server.pem"
    key_file: "/etc/nats/server.key"
    ca_file: "/etc/nats/ca.pem"
    verify: true
  }
}
`;

/** @param results the stream that a bridge reads, where it is not the one that is made for it */
function account({ tenant, holders }: TenantKeys, results: string | undefined): string {
  const subjects = new Subjects(tenant);
  const users = holders.map(({ role, host, publicKey }) => {
    const { publish, subscribe, answers } = permissionsOf(role, subjects, inboxOf(publicKey), host, results);
    return `      # ${role}${host === undefined ? '' : ` of ${JSON.stringify(host)}`}
      {
        nkey: ${publicKey}
        permissions {
          publish { allow: ${listOf(publish.allow)}${denied(publish)} }
          subscribe { allow: ${listOf(subscribe)} }${answers ? '\n          allow_responses: true' : ''}
        }
      }`;
  });
  return `  ${JSON.stringify(tenant)} {
    jetstream: enabled
    users: [
${users.join('\n')}
    ]
  }`;
}

const denied = ({ deny }: Permissions['publish']): string => (deny.length === 0 ? '' : `, deny: ${listOf(deny)}`);
const listOf = (subjects: readonly string[]): string => `[${subjects.map((one) => JSON.stringify(one)).join(', ')}]`;
