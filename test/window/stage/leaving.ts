import type { Leaving } from '../../../src-main/contract/leaving.ts';

const line = (n: number): string =>
  JSON.stringify({
    name: 'pack_user-behavior_shell_history',
    hostIdentifier: 'desk-7.example',
    unixTime: 1_776_000_000 + n,
    epoch: 0,
    counter: 40 + n,
    action: 'added',
    columns: {
      uid: '1000',
      command: `mysql -u root --password=*** -e "select ${n}"`,
      history_file: '/home/anna/.bash_history',
    },
  });

const alert = (n: number): string =>
  JSON.stringify({
    form: 1,
    kind: 'incident',
    incident: n,
    user: 'anna',
    change: 'opened',
    band: 'high',
    severity: 71,
    count: 3,
    firstTime: 1_776_000_000 + n,
    lastTime: 1_776_000_060 + n,
    act: 'connect',
  });

/** A machine whose administrator sends its alerts alone. */
export const leavingAlerts: Leaving = {
  state: 'fleet',
  about: {
    form: 1,
    mirror: 'alerts',
    by: '/etc/ubad/fleet.json',
    tenant: 'main',
    servers: ['tls://nats-1.example:4222'],
    host: 'desk-7.example',
    log: '/var/lib/ubad',
    since: 1_775_000_000,
    sent: 2,
    leftOut: 0,
    newest: 2,
  },
  blocks: [2, 1].map((n) => ({ n, at: 1_776_000_000 + 100 * n, body: alert(n) })),
};

/** A machine whose administrator sends its log to a fleet. */
export const leavingLines: Leaving = {
  state: 'fleet',
  about: {
    form: 1,
    mirror: 'lines',
    by: '/etc/ubad/fleet.json',
    tenant: 'main',
    servers: ['tls://nats-1.example:4222', 'tls://nats-2.example:4222'],
    host: 'desk-7.example',
    log: '/var/log/osquery/osqueryd.results.log',
    since: 1_775_000_000,
    sent: 18_204,
    leftOut: 3,
    newest: 1207,
  },
  blocks: Array.from({ length: 12 }, (_, at) => ({
    n: 1207 - at,
    at: 1_776_000_600 - 10 * at,
    body: Array.from({ length: 1 + (at % 4) }, (_line, n) => line(10 * at + n)).join('\n'),
  })),
};
