import type { Action } from '../../../models/action.ts';
import { Facts } from '../../../models/facts/facts.ts';

export const DAY = 86_400;
export const MONDAY = Date.UTC(2026, 2, 2, 9) / 1000;

export type Row = Partial<Action> & Pick<Action, 'columns'>;
export const row = (time: number, { query = 'process_start', ...rest }: Row): Action => ({
  query,
  change: 'added',
  time,
  ...rest,
});
export const start = (parent: string, name: string, path: string, more: Record<string, string> = {}): Row => ({
  columns: { pid: '7', parent: '1', parent_name: parent, name, path, euid: '1000', on_disk: '1', ...more },
});
export const web = (name: string, port = '443'): Row => ({
  query: 'net_out',
  columns: { name, path: `/usr/bin/${name}`, remote_address: '203.0.113.9', remote_port: port },
});
export const typed = (verb: string): Row => ({ query: 'shell_verb', columns: { verb, len: '8' } });
export const file = (exe: string, path: string): Row => ({
  query: 'sensitive_open',
  columns: { name: 'ssh', exe, path },
});

/** Three weeks of somebody who does the same every hour. */
function ordinary(facts: Facts): number {
  let time = MONDAY;
  for (let day = 0; day < 21; day++)
    for (let hour = 0; hour < 8; hour++) {
      time = MONDAY + day * DAY + hour * 3600;
      const rows = [
        start('xfce4-session', 'firefox', '/usr/bin/firefox'),
        start('bash', 'git', '/usr/bin/git'),
        web('firefox'),
        typed('git'),
        file('/usr/bin/ssh', '/home/ann/.ssh/id_ed25519'),
      ];
      for (const [r, one] of rows.entries()) facts.see(row(time + r, one));
    }
  return time;
}

export function known(): { facts: Facts; now: number } {
  const facts = new Facts(false);
  return { facts, now: ordinary(facts) + DAY };
}

/** A key that somebody may log in with from now on. */
export const key: Row = {
  query: 'authorized_keys',
  columns: {
    uid: '1000',
    algorithm: 'ssh-rsa',
    comment: 'k@k',
    key_file: '/home/ann/.ssh/authorized_keys',
    key: 'A',
  },
};
