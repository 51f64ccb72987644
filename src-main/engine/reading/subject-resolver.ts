import type { Action } from '../../../models/action.ts';
import { machineOf } from '../../contract/subjects.ts';
import type { Machine } from './hosts.ts';
import { Passwd } from './passwd.ts';
import { isNoSession, isOfTheSystem, isOwnedThing, isPerson, isUid } from './persons.ts';

/** How subjects begin that are no names; a name that begins so would be taken for one of them. */
const kindLike = /^(?:host|uid|user):/;
/** A subject's name is kept to this many characters. */
const NAME_LENGTH = 256;
const MOST_NAMES = 10_000;

/** Whether a name is one person wherever it is met, or another one on each host: `anna@desk-1`. */
export type Identity = 'name' | 'host';

/** Tells whose an action is. The names of uids come from the pack's `users` rows, else from /etc/passwd. */
export class SubjectResolver {
  readonly #names: Map<string, string>;
  /** The other way round. */
  readonly #uids: Map<string, string>;
  readonly #passwd: Passwd | undefined;
  readonly #identity: Identity;
  readonly #forced: string | undefined;
  #revision = 0;

  /**
   * @param forced every action is this subject's
   * @param names what `save` gave
   * @param passwd names of this machine's uids; null: the uids are other machines'
   */
  constructor(
    forced?: string,
    names: readonly (readonly [string, string])[] = [],
    passwd: string | null = '/etc/passwd',
    identity: Identity = 'name',
  ) {
    this.#forced = forced?.slice(0, NAME_LENGTH);
    this.#names = new Map(names);
    this.#uids = new Map(
      names.map(([key, name]) => [nameKey(hostOf(key), name), key.slice(key.lastIndexOf('\n') + 1)]),
    );
    this.#passwd = passwd === null ? undefined : new Passwd(passwd);
    this.#identity = identity;
  }

  /**
   * A user's name, `uid:N` where the uid has none, or `host:<host>` for what no user did. A name that looks like one of
   * these has `user:` before it.
   * @param machine what the host is known as
   */
  subjectOf(action: Action, host: string, machine: Machine = { name: host, formerly: [] }): string {
    const { columns, query, change } = action;
    const { uid, username } = columns;
    const isAccount = query === 'users' && isUid(uid) && username !== undefined && username !== '';
    if (isAccount && change !== 'removed') this.#learn(host, uid, username);
    if (isAccount && change === 'removed') this.#forget(host, uid, username);
    if (this.#forced !== undefined) return this.#forced;
    // Also the row that tells of its end is the account's.
    const name = isAccount && isPerson(uid) ? asName(username) : this.#nameOf(action, host, machine);
    const own = name !== undefined && this.#identity === 'host' ? `${name}@${machine.name}` : name;
    return (own ?? machineOf(machine.name)).slice(0, NAME_LENGTH);
  }

  /** Grows with each name that is learned or forgotten. */
  get revision(): number {
    return this.#revision;
  }

  save(): (readonly [string, string])[] {
    return [...this.#names];
  }

  /** Undefined for what no person did. */
  #nameOf(action: Action, host: string, machine: Machine): string | undefined {
    const { columns, query, time } = action;
    const person = personOf(query, columns);
    if (person !== undefined) {
      const name = this.#known(person, host, machine) ?? this.#passwd?.name(person, time);
      return name === undefined ? `uid:${person}` : asName(name);
    }
    const { uid, username, user } = columns;
    const named = username === undefined || username === '' ? user : username;
    if (named === undefined || named === '' || isUid(uid)) return undefined;
    if (isNoSession(columns) || isOwnedThing(query, columns)) return undefined;
    const number = this.#uids.get(nameKey(host, named)) ?? this.#passwd?.uid(named, time);
    return (isUid(number) ? isPerson(number) : !isOfTheSystem(named)) ? asName(named) : undefined;
  }

  #known(uid: string, host: string, { formerly }: Machine): string | undefined {
    const name = this.#names.get(nameKey(host, uid));
    if (name !== undefined || formerly.length === 0) return name;
    const former = formerly.findLast((one) => this.#names.has(nameKey(one, uid)));
    return former === undefined ? undefined : this.#names.get(nameKey(former, uid));
  }

  #learn(host: string, uid: string, username: string): void {
    const key = nameKey(host, uid);
    const known = this.#names.get(key);
    if (known === username || (known === undefined && this.#names.size >= MOST_NAMES)) return;
    if (known !== undefined) this.#uids.delete(nameKey(host, known));
    this.#names.set(key, username);
    this.#uids.set(nameKey(host, username), uid);
    this.#revision++;
  }

  #forget(host: string, uid: string, username: string): void {
    const key = nameKey(host, uid);
    if (this.#names.get(key) !== username) return;
    this.#names.delete(key);
    this.#uids.delete(nameKey(host, username));
    this.#revision++;
  }
}

/** The uid of the person behind the row: the login's before the process's, so that sudo hides nobody. */
function personOf(query: string, columns: Action['columns']): string | undefined {
  const { cgroup_path: group, auid, uid } = columns;
  const slice = group === undefined ? undefined : /user-(\d+)\.slice/.exec(group)?.[1];
  if (isPersons(slice)) return slice;
  if (isPersons(auid)) return auid;
  return isPersons(uid) && !isOwnedThing(query, columns) ? uid : undefined;
}

const isPersons = (uid: string | undefined): uid is string => isUid(uid) && isPerson(uid);

/** The same uid, and the same name, is another person on another host. */
const nameKey = (host: string, one: string): string => `${host}\n${one}`;
const hostOf = (key: string): string => key.slice(0, key.lastIndexOf('\n'));

const asName = (name: string): string => (kindLike.test(name) ? `user:${name}` : name);
