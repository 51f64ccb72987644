import type { FleetAlertRow, FleetLine } from '../../contract/fleet.ts';
import { isMachine } from '../../contract/subjects.ts';

/** Hosts whose alerts are one line, at least. */
const LEAST_HOSTS = 3;
/** What a package does to many machines, it does to the last of them within this many seconds of the one before. */
const NEAR = 3 * 3600;

/**
 * Alerts as lines. What machines, or root on them, did alike on several hosts at about the same time is one line: so a package's update
 * looks. What people do never is: two people who do the same are two people.
 * @param rows in the order in which they are to stand
 */
export function linesOf(rows: readonly FleetAlertRow[]): FleetLine[] {
  const runs = new Map<string, FleetAlertRow[][]>();
  for (const row of [...rows].sort((a, b) => a.firstTime - b.firstTime)) {
    const kind = machineKind(row);
    if (kind === undefined) continue;
    const all = runs.get(kind) ?? [];
    runs.set(kind, all);
    const last = all.at(-1);
    if (last && row.firstTime - last.at(-1)!.firstTime <= NEAR) last.push(row);
    else all.push([row]);
  }
  const runOf = new Map<string, readonly FleetAlertRow[]>();
  for (const run of [...runs.values()].flat())
    if (hostsOf(run) >= LEAST_HOSTS) for (const { alert } of run) runOf.set(alert, run);
  const told = new Set<readonly FleetAlertRow[]>();
  return rows.flatMap((row): FleetLine[] => {
    const run = runOf.get(row.alert);
    if (!run) return [{ alerts: [row], hosts: 1 }];
    if (told.has(run)) return [];
    told.add(run);
    const alerts = rows.filter(({ alert }) => runOf.get(alert) === run);
    return [{ alerts, hosts: hostsOf(alerts) }];
  });
}

const hostsOf = (rows: readonly FleetAlertRow[]): number => new Set(rows.map(({ host }) => host)).size;

/** Undefined for what a person did. */
function machineKind({ user, act, verdict }: FleetAlertRow): string | undefined {
  const name = user.slice(0, user.lastIndexOf('@'));
  return isMachine(user) || name === 'root' ? `${act} ${verdict ?? ''}` : undefined;
}
