import type { QueryLearning } from '../../../models/action.ts';
import { isMachine } from '../../contract/subjects.ts';
import type { Phrase } from '../../contract/story/story.ts';
import { short } from '../explanation/describe.ts';
import type { Store } from '../store/store.ts';
import { actOf, rowKind, type Act } from './act.ts';

/** People whose logins are looked at, the latest seen first, and how many of each one's last actions: some days. */
const [PEOPLE, LOOKED_AT] = [12, 5000];
const NAMED = 3;
/** Who was not seen for longer had gone. Seconds. */
const GONE = 7 * 86_400;

interface Teller {
  readonly store: Store;
  readonly learning: ReadonlyMap<string, QueryLearning>;
}

/** Who was logged in on a machine when something of it changed, of which no row tells by whom. Null: of nobody that is told. */
export function loggedInOn(
  { store, learning }: Teller,
  host: string,
  { before, time }: { readonly before: number; readonly time: number },
): Phrase | null {
  const people = store.subjects
    .list()
    .filter(({ name, firstSeen, lastSeen }) => !isMachine(name) && firstSeen <= time && lastSeen >= time - GONE)
    .sort((one, other) => other.lastSeen - one.lastSeen)
    .slice(0, PEOPLE);
  const open = people.flatMap(({ id, name }) => {
    // The newest row of a terminal says whether its login is open.
    const last = new Map<string, Act>();
    for (const stored of store.actions.backwards(id, before, LOOKED_AT)) {
      const { action } = stored;
      if (stored.host !== host || rowKind(action) !== 'login' || action.again === true) continue;
      const act = actOf({ ...action, id: stored.id }, learning);
      if (act.lasts && act.tty !== undefined && !last.has(act.tty)) last.set(act.tty, act);
    }
    return [...last.values()].filter(({ ended }) => !ended).map(({ address }) => ({ user: short(name), address }));
  });
  const names = [...new Set(open.map(({ user }) => user))];
  const [user, ...others] = names;
  if (user === undefined) return null;
  if (others.length > 0) {
    const shown = [...names.slice(0, NAMED), ...(names.length > NAMED ? ['…'] : [])].join(', ');
    return { id: 'where.machine.several', values: { users: shown } };
  }
  const remote = open.find(({ address }) => address !== undefined)?.address;
  return remote === undefined
    ? { id: 'where.machine.local', values: { user } }
    : { id: 'where.machine.remote', values: { user, address: remote } };
}
