import type { Phrase } from '../../contract/story/story.ts';
import type { Act } from './act.ts';
import type { Familiar } from './familiar.ts';

/** A session and the login that made it are told within this many seconds. */
const TOGETHER = 180;

/** From where it was done: the login to which the telling act's session belongs, or one of the incident's own. Null: not told. */
export function whereOf(acts: readonly Act[], telling: Act | undefined, familiar: Familiar): Phrase | null {
  const logins = acts.flatMap(({ kind, time, tty = '', address }) =>
    kind === 'login' ? [{ time, tty, address }] : [],
  );
  const session = telling?.session ?? acts.findLast((act) => act.session !== undefined)?.session;
  const begun = session === undefined ? undefined : beginOf(session, acts, familiar);
  const near = begun === undefined ? undefined : nearest([...logins, ...familiar.logins], begun);
  const login = near ?? logins.find(({ address }) => address !== undefined) ?? logins[0];
  if (!login) return session === undefined ? null : { id: 'where.session', values: { session } };
  const { tty, address } = login;
  const [id, values]: [string, Phrase['values']] =
    address === undefined ? ['where.local', {}] : ['where.remote', { address, seen: timesFrom(address, familiar) }];
  return tty === '' ? { id: `${id}.plain`, values } : { id, values: { ...values, tty } };
}

const timesFrom = (address: string, { logins }: Familiar): number =>
  logins.filter((login) => login.address === address).length;

const beginOf = (session: string, acts: readonly Act[], familiar: Familiar): number | undefined =>
  familiar.sessions.get(session) ?? acts.find((act) => act.session === session)?.time;

function nearest<T extends { readonly time: number }>(logins: readonly T[], time: number): T | undefined {
  const far = ({ time: at }: T): number => Math.abs(at - time);
  const best = logins.reduce<T | undefined>((a, b) => (a && far(a) <= far(b) ? a : b), undefined);
  return best && far(best) <= TOGETHER ? best : undefined;
}
