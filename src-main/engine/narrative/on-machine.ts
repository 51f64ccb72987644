import type { QueryLearning } from '../../../models/action.ts';
import { machineOf } from '../../contract/subjects.ts';
import { isUsual } from '../../contract/story/tell.ts';
import type { Store } from '../store/store.ts';
import { actOf, type Act, type ActKind } from './act.ts';
import { Familiar } from './familiar.ts';
import { rowsOf, type Told } from './rows.ts';

/** What osquery tells of a machine and of nobody on it, and a person can have done all the same. */
const BY_SOMEBODY: ReadonlySet<ActKind> = new Set(['device', 'account', 'admin', 'sudo', 'key', 'cron', 'unit']);
/** Its tables are asked every so often: what was done at the beginning may be told before it. Seconds. */
const BEFORE = 600;
const [MOST_BEFORE, MOST] = [20, 250];

interface Teller {
  readonly store: Store;
  readonly learning: ReadonlyMap<string, QueryLearning>;
}

/** A stretch of the log: its first and last action, and when it began, Unix seconds. */
export interface Stretch {
  readonly since: number;
  readonly last: number;
  readonly begun: number;
}

/** What changed on a machine while somebody's incident went on, and is not usual there. No row tells by whom. */
export function changesOn({ store, learning }: Teller, host: string, { since, last, begun }: Stretch): Told[] {
  const machine = store.subjects.byName(machineOf(host));
  if (!machine) return [];
  const before = store.actions
    .before(machine.id, since, MOST_BEFORE)
    .filter(({ action }) => action.time >= begun - BEFORE);
  const within = store.actions.next(machine.id, since - 1, MOST).filter(({ id }) => id <= last);
  const acts = [...before, ...within].flatMap(({ id, action }): Act[] => {
    const act = actOf({ ...action, id }, learning);
    const isTold = BY_SOMEBODY.has(act.kind) && !act.ended && action.again !== true && action.baseline !== true;
    return isTold ? [act] : [];
  });
  if (acts.length === 0) return [];
  const familiar = Familiar.of(store, learning, machine.id, acts[0]!.id);
  return rowsOf(acts, familiar)
    .filter(({ row }) => !isUsual(row))
    .map((told) => ({ ...told, row: { ...told.row, ofMachine: true } }));
}
