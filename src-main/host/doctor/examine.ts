import { isMachine } from '../../contract/subjects.ts';
import { userInfo } from 'node:os';

import type { EngineStatus } from '../../contract/alerts.ts';
import { doctorSteps, type DoctorReport, type DoctorStepId } from '../../contract/doctor.ts';
import { lookAtDesktop, type DesktopFacts } from './desktop.ts';
import { found, sentence, type Finding } from './finding.ts';
import { lookAtLog } from './log.ts';
import { lookAtOsquery } from './osquery.ts';

export interface Patient extends DesktopFacts {
  /** Absolute path of osquery's results log. */
  readonly log: string;
  /** What the engine knows; null where it cannot be asked. */
  readonly status: Pick<EngineStatus, 'users'> | null;
  /** Unix seconds. */
  readonly now: number;
  /** Where the machine's files are; tests have a machine of their own. */
  readonly root?: string;
  /** Who is to read the log. */
  readonly user?: string;
  /** Folders in which programs are looked for. */
  readonly path?: readonly string[];
}

const ALSO_IN = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/osquery/bin'];

/** Looks at everything that must be so before an alert can come, on this machine and now. Takes seconds at most. */
export async function examine(patient: Patient): Promise<DoctorReport> {
  const { root = '', user = userInfo().username, log, now, status } = patient;
  const path = patient.path ?? [
    ...(process.env.PATH ?? '').split(':').filter((folder) => folder.startsWith('/')),
    ...ALSO_IN,
  ];
  const seen = await lookAtLog({ log, user, now });
  const [osquery, desktop] = await Promise.all([
    lookAtOsquery({ root, path, queries: seen.queries, log }),
    lookAtDesktop({ ...patient, root, path }),
  ]);
  const findings: Record<DoctorStepId, Finding> = {
    ...osquery.steps,
    'log-readable': seen.readable,
    'events-arriving': seen.isEmpty && !osquery.resultsCome ? waiting(seen.arriving) : seen.arriving,
    'users-known': usersKnown(status, seen.isForeign),
    ...desktop,
  };
  return { at: Math.floor(now), steps: doctorSteps.map((id) => ({ id, ...findings[id] })) };
}

/** Of an osquery that is not there, does not run or is not asked for the pack nothing comes, however long one waits. */
const waiting = ({ state, said }: Finding): Finding => found(state, said?.why ?? [], [sentence('first')]);

function usersKnown(status: Patient['status'], isForeign: boolean): Finding {
  if (!status) return found('unknown', [sentence('users.no-engine')]);
  const people = status.users.map(({ name }) => name).filter((name) => !isMachine(name));
  const unnamed = people.filter((name) => name.startsWith('uid:'));
  if (people.length === 0 && isForeign) return found('unknown', [sentence('users.later')]);
  if (people.length === 0) return found('warn', [sentence('users.nobody')], [sentence('users.nobody.do')]);
  if (unnamed.length > 0) {
    const numbers = { n: unnamed.length, all: people.length, names: unnamed.join(', ') };
    return found('warn', [sentence('users.unnamed', numbers)], [sentence('users.unnamed.do')]);
  }
  const names = `${people.slice(0, 5).join(', ')}${people.length > 5 ? ', …' : ''}`;
  return found('pass', [sentence('users.pass', { n: people.length, names })]);
}
