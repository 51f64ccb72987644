import { baseOf } from '../../../models/facts/place.ts';
import type { Phrase } from '../../contract/story/story.ts';
import type { Act } from './act.ts';
import type { Familiar, LoginEvent } from './familiar.ts';

/** A session and the login that made it are told within this many seconds. */
const TOGETHER = 180;

/** From where it was done: the telling act where that is a login, else the one that its session belongs to, or one of the incident's own; else what the programs or the open logins say. Null: not told. */
export function whereOf(acts: readonly Act[], telling: Act | undefined, familiar: Familiar): Phrase | null {
  const logins = acts.filter(({ kind, ended }) => kind === 'login' && !ended);
  const itself = telling?.kind === 'login' && !telling.ended ? telling : undefined;
  const session = telling?.session ?? acts.findLast((act) => act.session !== undefined)?.session;
  const byItself = serviceOf(telling && startOf(telling, acts));
  if (byItself) return byItself;
  const begun = session === undefined ? undefined : beginOf(session, acts, familiar);
  const near = begun === undefined ? undefined : nearest([...logins, ...familiar.logins], begun);
  const login = itself ?? near ?? logins.find(({ address }) => address !== undefined) ?? logins[0];
  if (!login) return windowOf(acts, telling, session) ?? openOf(acts, telling ?? acts[0], familiar) ?? null;
  const { tty = '', address } = login;
  const own = login === near ? session : sessionOf(acts, login.time);
  const [id, values] =
    address === undefined
      ? (['where.local', {}] as const)
      : (['where.remote', { address, seen: timesFrom(address, familiar), ...inSession(own) }] as const);
  return tty === '' ? { id: `${id}.plain`, values } : { id, values: { ...values, tty } };
}

/** A session from another machine is told by its number: a step ends it by that. */
const inSession = (session: string | undefined): Phrase['values'] => (session === undefined ? {} : { session });

/** The session that systemd told of when somebody logged in. */
const sessionOf = (acts: readonly Act[], time: number): string | undefined =>
  acts.find((act) => act.kind === 'session' && !act.ended && Math.abs(act.time - time) <= TOGETHER)?.session;

const timesFrom = (address: string, { logins }: Familiar): number =>
  logins.filter((login) => login.address === address).length;

const beginOf = (session: string, acts: readonly Act[], familiar: Familiar): number | undefined =>
  familiar.sessions.get(session) ?? acts.find((act) => act.session === session)?.time;

function nearest<T extends { readonly time: number }>(logins: readonly T[], time: number): T | undefined {
  const far = ({ time: at }: T): number => Math.abs(at - time);
  const best = logins.reduce<T | undefined>((a, b) => (a && far(a) <= far(b) ? a : b), undefined);
  return best && far(best) <= TOGETHER ? best : undefined;
}

/** Who starts programs when their time has come: cron(8), anacron(8), atd(8). */
const SERVICE = /^(?:cron|crond|anacron|atd)$/;
/** systemd(1) as a user's manager starts timers, and what a person asks for on the desktop. */
const MANAGER = 'systemd';

/** What started the program of an act. */
const startOf = (telling: Act, acts: readonly Act[]): Act =>
  telling.kind === 'connection'
    ? (acts.findLast((act) => isStartOf(act, telling) && act.id <= telling.id) ?? telling)
    : telling;
const isStartOf = ({ kind, program, ended }: Act, of: Act): boolean =>
  kind === 'program' && !ended && program === of.program;

/** What the system starts was done from nowhere: that somebody is logged in then tells nothing of who set it up. */
function serviceOf(telling: Act | undefined): Phrase | undefined {
  if (telling?.kind !== 'program' || telling.ended || telling.parent === undefined) return undefined;
  const parent = baseOf(telling.parent);
  if (parent === MANAGER) return { id: 'where.manager', values: { parent } };
  return SERVICE.test(parent) ? { id: 'where.service', values: { parent } } : undefined;
}

/** Emulators of terminals by freedesktop's menu category TerminalEmulator: they have a window. */
const WINDOW =
  /^(?:xfce4-terminal|gnome-terminal.*|konsole|x-terminal-emulator|[xu]?rxvt|xterm|terminator|alacritty|kitty|foot|tilix|lxterminal|qterminal)$/;
const SSH = /^sshd\b/;

/** What started the telling act or, where it has a session, anything of that: a window or ssh; undefined where neither or both did. */
function windowOf(acts: readonly Act[], telling: Act | undefined, session: string | undefined): Phrase | undefined {
  const among = session === undefined ? (telling ? [telling] : []) : acts.filter((act) => act.session === session);
  const parents = new Set(
    among.flatMap(({ kind, parent, ended }) => (kind === 'program' && !ended && parent ? [baseOf(parent)] : [])),
  );
  const window = [...parents].find((parent) => WINDOW.test(parent));
  const ssh = [...parents].some((parent) => SSH.test(parent));
  if (ssh === (window !== undefined)) return undefined;
  return window === undefined
    ? { id: 'where.ssh', values: inSession(session) }
    : { id: 'where.window', values: { parent: window } };
}

/** Which logins were open when it was done: not from where it was done, but all that is known. */
function openOf(acts: readonly Act[], at: Act | undefined, familiar: Familiar): Phrase | undefined {
  if (!at) return undefined;
  const own = acts.flatMap(({ lasts, time, tty = '', address, ended }): LoginEvent[] =>
    lasts ? [{ time, tty, address, ended }] : [],
  );
  const open = new Map<string, LoginEvent>();
  for (const event of [...familiar.loginEvents.toReversed(), ...own]) {
    if (event.time > at.time) continue;
    if (event.ended) open.delete(event.tty);
    else open.set(event.tty, event);
  }
  const [only, ...more] = open.values();
  if (!only) return undefined;
  const n = open.size;
  const remote = [only, ...more].filter(({ address }) => address !== undefined).length;
  if (n > 1) return { id: 'where.open.several', values: { n, remote } };
  const { tty, address } = only;
  return address === undefined
    ? { id: 'where.open.local', values: { tty } }
    : { id: 'where.open.remote', values: { address, tty } };
}
