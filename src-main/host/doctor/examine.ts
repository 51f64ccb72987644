import { isMachine } from '../../contract/subjects.ts';
import { userInfo } from 'node:os';

import type { EngineStatus } from '../../contract/alerts.ts';
import { doctorSteps, type DoctorReport, type DoctorStepId } from '../../contract/doctor.ts';
import { lookAtDesktop, type DesktopFacts } from './desktop.ts';
import type { Finding } from './finding.ts';
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
const waiting = (arriving: Finding): Finding => ({
  ...arriving,
  remedy: 'First do what the steps before this one say: results come after that.',
  command: null,
});

function usersKnown(status: Patient['status'], isForeign: boolean): Finding {
  const nothingToDo = { remedy: null, command: null };
  if (!status) return { state: 'unknown', why: 'The engine cannot be asked just now.', ...nothingToDo };
  const people = status.users.map(({ name }) => name).filter((name) => !isMachine(name));
  const unnamed = people.filter((name) => name.startsWith('uid:'));
  if (people.length === 0 && isForeign)
    return { state: 'unknown', why: 'That shows once the log holds results of osquery.', ...nothingToDo };
  if (people.length === 0) {
    return {
      state: 'warn',
      why: 'No line has told of a person yet, only of the machine itself.',
      command: null,
      remedy: 'Wait for a few minutes of work; if it stays so, the pack is not the one that names users.',
    };
  }
  if (unnamed.length > 0) {
    return {
      state: 'warn',
      why: `${unnamed.length} of ${people.length} users are known by number only: ${unnamed.join(', ')}.`,
      command: null,
      remedy: 'The pack’s query `users` gives their names; it is asked every ten minutes.',
    };
  }
  return {
    state: 'pass',
    why: `${people.length} known: ${people.slice(0, 5).join(', ')}${people.length > 5 ? ', …' : ''}.`,
    ...nothingToDo,
  };
}
