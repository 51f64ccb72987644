import type { EngineStatus } from '../../src-main/contract/alerts.ts';
import type { DesktopState } from '../../src-main/contract/desktop.ts';
import { refusedAlone } from '../../src-main/contract/refused.ts';
import { isMachine } from '../../src-main/contract/subjects.ts';

/** Why nobody can say that all is calm, the first that holds. */
export type Doubt =
  | { readonly why: 'unknown' | 'nobody' | 'learning' | 'blind' | 'refused' }
  /** Alerts that wait for an answer. */
  | { readonly why: 'waiting'; readonly n: number }
  /** The log told nothing since then, Unix seconds. */
  | { readonly why: 'silent'; readonly since: number };

export interface Known {
  readonly status: EngineStatus | undefined;
  readonly desktop: DesktopState | undefined;
  /** Since when the log tells nothing, Unix seconds; null: it is fresh. */
  readonly silentSince: number | null;
}

/**
 * Whether all is calm: nothing waits, the log is read and fresh, and somebody is past learning.
 * @returns undefined where it is
 */
export function doubtOf({ status, desktop, silentSince }: Known): Doubt | undefined {
  if (!status || !desktop) return { why: 'unknown' };
  if (status.waitingAlerts > 0) return { why: 'waiting', n: status.waitingAlerts };
  const { worker, source, problem, example } = desktop;
  if (worker.state !== 'up' || problem !== null || (source !== null && source.state !== 'following'))
    return { why: 'blind' };
  if (refusedAlone(status) > 0) return { why: 'refused' };
  if (status.users.length === 0) return { why: 'nobody' };
  // The example's log has an end.
  if (silentSince !== null && example === null) return { why: 'silent', since: silentSince };
  const people = status.users.filter(({ name }) => !isMachine(name));
  if (!people.some(({ model }) => model.state === 'ready')) return { why: 'learning' };
  return undefined;
}

/** People and machines, apart. */
export const countOf = (users: readonly { readonly name: string }[]): { people: number; machines: number } => {
  const machines = users.filter(({ name }) => isMachine(name)).length;
  return { people: users.length - machines, machines };
};
