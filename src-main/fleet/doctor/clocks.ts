import { lastToken, hostOf } from '../wire/subjects.ts';
import { failed, passed, someOf, warned, type FleetStep } from './finding.ts';
import type { Patient } from './patient.ts';

/** Seconds: a lease tells whole ones, and an answer takes its time. */
const OFF_S = 5;
/** Of a host: its lines may come late, never from later. */
const HOST_OFF_S = 120;
/** Hosts that are looked at. */
const HOSTS = 200;

const SET = 'timedatectl set-ntp true';

/** Whose clock is wrong, by the server's: this machine's, a worker's, a host's. */
export async function lookAtClocks(patient: Patient): Promise<FleetStep[]> {
  const { now, serverNow, workers } = patient;
  const own = now - serverNow;
  const steps: FleetStep[] = [];
  if (Math.abs(own) > OFF_S)
    steps.push(
      failed(
        'clock',
        `This machine’s clock is ${said(own)} of the server’s.`,
        'Set the clock of whichever is wrong; by the server’s, blocks are told apart that were read and that were not:',
        SET,
      ),
    );
  const off = workers.filter(({ at, storedAt }) => Math.abs(at - storedAt) > OFF_S);
  for (const { worker, at, storedAt } of off)
    steps.push(
      warned(
        'clock',
        `The clock of worker ${worker} is ${said(at - storedAt)} of the server’s.`,
        'On its machine:',
        SET,
      ),
    );
  const hosts = await hostsAhead(patient);
  if (hosts.length > 0)
    steps.push(
      warned(
        'clock',
        `Lines from later than now: ${someOf(hosts)}.`,
        'Hours and gaps of these hosts are judged wrong. On them:',
        SET,
      ),
    );
  if (steps.length > 0) return steps;
  return [passed('clock', 'This machine, the workers and the hosts agree with the server.')];
}

const said = (seconds: number): string => `${Math.abs(seconds).toFixed(0)} s ${seconds > 0 ? 'ahead' : 'behind'}`;

async function hostsAhead({ manager, subjects, partitions }: Patient): Promise<string[]> {
  const found: string[] = [];
  let left = HOSTS;
  for (let p = 0; p < partitions && left > 0; p++) {
    const { state } = await manager.streams.info(subjects.linesStream, { subjects_filter: subjects.lines(p) });
    for (const subject of Object.keys(state.subjects ?? {}).slice(0, left)) {
      left--;
      const host = hostOf(lastToken(subject));
      if (host === undefined) continue;
      const last = await manager.streams.getMessage(subjects.linesStream, { last_by_subj: subject });
      const time = last && timeOf(last.string());
      if (time === undefined || time === null) continue;
      const ahead = time - last!.time.getTime() / 1000;
      if (ahead > HOST_OFF_S) found.push(`${host} (${ahead.toFixed(0)} s)`);
    }
  }
  return found;
}

/** What the last line of a block says: osquery's unixTime, Unix seconds. */
function timeOf(body: string): number | undefined {
  const found = [...body.slice(-4000).matchAll(/"unixTime":\s*"?(\d{9,11})\b/g)].at(-1);
  return found ? Number(found[1]) : undefined;
}
