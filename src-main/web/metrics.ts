import type { EngineStatus } from '../contract/alerts.ts';
import { metric } from '../contract/metrics-text.ts';
import type { SourceState, WorkerState } from '../contract/desktop.ts';

export interface Measured {
  readonly worker: WorkerState;
  readonly source: SourceState | null;
  readonly status: EngineStatus | null;
  readonly version: string;
}

/** What a monitor of machines wants to know, as Prometheus reads it (text format 0.0.4). No names of commands. */
export function metricsText({ worker, source, status, version }: Measured): string {
  const lines = [
    ...metric('ubad_info', 'gauge', 'Which program this is.', [[{ version }, 1]]),
    ...metric('ubad_up', 'gauge', 'Whether the engine runs.', [[{}, worker.state === 'up' ? 1 : 0]]),
    ...metric('ubad_source_following', 'gauge', 'Whether the log is read.', [
      [{}, source?.state === 'following' ? 1 : 0],
    ]),
  ];
  if (!status) return lines.join('');
  const users = status.users;
  return [
    ...lines,
    ...metric(
      'ubad_actions',
      'gauge',
      'Stored actions of a user.',
      users.map((u) => [{ user: u.name }, u.actions]),
    ),
    ...metric(
      'ubad_last_seen_seconds',
      'gauge',
      'Unix time of the last action of a user.',
      users.map((u) => [{ user: u.name }, u.lastSeen]),
    ),
    ...metric(
      'ubad_open_alerts',
      'gauge',
      'Open alerts of a user.',
      users.map((u) => [{ user: u.name }, u.openAlerts]),
    ),
    ...metric(
      'ubad_waiting_alerts',
      'gauge',
      'Alerts of a user that nobody has answered.',
      users.map((u) => [{ user: u.name }, u.waitingAlerts]),
    ),
    ...metric(
      'ubad_model_ready',
      'gauge',
      'Whether a user has a model in use.',
      users.map((u) => [{ user: u.name }, u.model.state === 'ready' ? 1 : 0]),
    ),
    ...metric(
      'ubad_refused_lines_total',
      'counter',
      'Lines that were not understood.',
      status.refused.map(({ reason, count }) => [{ reason }, count]),
    ),
    ...metric(
      'ubad_lost_results_total',
      'counter',
      'Results that osquery counted and that never came.',
      status.lost.map(({ host, query, count }) => [{ host, query }, count]),
    ),
    ...metric('ubad_database_bytes', 'gauge', 'Size of the database.', [[{}, status.databaseBytes]]),
  ].join('');
}
