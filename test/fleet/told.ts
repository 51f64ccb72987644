import type { AlertMessage, AnswerMessage, IncidentMessage, SayVerdict } from '../../src-main/fleet/wire/messages.ts';

/** A message of an incident, as a partition tells it. */
export const incident = (n: number, of: number, changed: Partial<IncidentMessage> = {}): IncidentMessage => ({
  form: 1,
  kind: 'incident',
  epoch: 1,
  n,
  seq: 10 * n,
  change: 'opened',
  incident: of,
  user: 'anna@desk-1',
  host: 'desk-1',
  band: 'high',
  severity: 70,
  peak: 6.5,
  count: 4,
  firstTime: 1_700_000_000,
  lastTime: 1_700_000_060,
  act: 'connect',
  ...changed,
});

export const ownerTold = (n: number): AlertMessage => ({ form: 1, kind: 'owner', epoch: 1, owner: 'w.1', at: 1, n });

export const answered = (n: number, of: number, verdict: SayVerdict): AnswerMessage => ({
  form: 1,
  kind: 'answer',
  epoch: 1,
  n,
  seq: 10 * n,
  incident: of,
  verdict,
  by: 'eva',
  at: 1_700_000_100,
});
