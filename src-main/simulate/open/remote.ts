import type { Actor, Session } from '../actor.ts';
import type { Draw } from '../draw.ts';

/** The machine's own cron: the parent of each job's shell. */
export const cron = { pid: 700, name: 'cron' };

/** A login over SSH. @param ends Unix seconds */
export function remoteSession(draw: Draw, ends: number): Session {
  const pid = draw.whole(40_000, 90_000);
  const shell = { pid, name: 'bash' };
  const manager = { pid: pid - 40, name: 'systemd' };
  return { number: draw.whole(300, 999), leader: shell, manager, ends, shell, pids: new Map() };
}

/** sshd for the login, sshd for the user, the shell: as a remote session begins. */
export function logInRemotely(actor: Actor, tty: string, from: string): void {
  const { leader } = actor.session;
  const sshd = { path: '/usr/sbin/sshd', lasts: -1 };
  const asRoot = actor.start('sshd', sshd, { asRoot: true, parent: { pid: 800, name: 'sshd' } });
  const asUser = actor.start('sshd', sshd, { parent: asRoot });
  actor.login(tty, from).run('bash', { lasts: -1 }, { pid: leader.pid, parent: asUser });
}
