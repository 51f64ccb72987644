import { readFileSync, statSync } from 'node:fs';

import type { Action } from '../../../models/action.ts';

/** −1 in 32 bits: audit's word for nobody. */
const UNSET = 4_294_967_295;
/** Anything else that JavaScript takes for a number (`1e3`, `0x3e8`, ` 1000`) would make one person several. */
const uidLike = /^(?:0|[1-9]\d{0,9})$/;
/** How subjects begin that are no names; a name that begins so would be taken for one of them. */
const kindLike = /^(?:host|uid|user):/;
/** Debian's and most others' first uid of a person. People of a domain have uids far above the local ones. */
const FIRST_PERSON = 1000;
/** systemd's passing users of services, then `nobody`, and −1 in 16 bits: nobody of them sits at a desk. */
const FIRST_NOBODY = 61_184;
const LAST_NOBODY = 65_535;
/** Rows in which `uid` is the owner of a thing and not who did something. */
const ownersOnly = new Set(['file_events', 'file', 'hash']);
/** A subject's name is kept to this many characters. */
const NAME_LENGTH = 256;
const MOST_NAMES = 10_000;
const RECHECK_SECONDS = 60;

/** Tells whose an action is. The names of uids come from the pack's `users` rows, else from /etc/passwd. */
export class Who {
  readonly #names: Map<string, string>;
  readonly #passwd: Passwd;
  readonly #forced: string | undefined;
  #revision = 0;

  /** @param forced every action is this subject's; @param names what `save` gave */
  constructor(forced?: string, names: readonly (readonly [string, string])[] = [], passwd = '/etc/passwd') {
    this.#forced = forced?.slice(0, NAME_LENGTH);
    this.#names = new Map(names);
    this.#passwd = new Passwd(passwd);
  }

  /**
   * A user's name, `uid:N` where the uid has none, or `host:<host>` for what no user did. A name that looks like one of
   * these has `user:` before it.
   */
  subjectOf(action: Action, host: string): string {
    const { columns, query } = action;
    const { uid, username } = columns;
    if (query === 'users' && isUid(uid) && username)
      this.#learn(nameKey(host, uid), username, action.change === 'removed');
    if (this.#forced !== undefined) return this.#forced;
    const person = this.#uidOf(action);
    if (person !== undefined) return this.#nameOf(person, host, action.time).slice(0, NAME_LENGTH);
    const named = username === undefined || username === '' ? columns.user : username;
    if (!isUid(uid) && named !== undefined && named !== '' && named !== 'root')
      return asName(named).slice(0, NAME_LENGTH);
    return `host:${host}`.slice(0, NAME_LENGTH);
  }

  #nameOf(uid: string, host: string, now: number): string {
    const name = this.#names.get(nameKey(host, uid)) ?? this.#passwd.name(uid, now);
    return name === undefined ? `uid:${uid}` : asName(name);
  }

  /** Grows with each name that is learned or forgotten. */
  get revision(): number {
    return this.#revision;
  }

  save(): (readonly [string, string])[] {
    return [...this.#names];
  }

  /** The uid of the person behind the row: the login's before the process's, so that sudo hides nobody. */
  #uidOf({ columns, query }: Action): string | undefined {
    const slice = columns.cgroup_path === undefined ? null : /user-(\d+)\.slice/.exec(columns.cgroup_path);
    for (const uid of [slice?.[1], columns.auid, ownersOnly.has(query) ? undefined : columns.uid]) {
      if (isUid(uid) && isPerson(uid)) return uid;
    }
    return undefined;
  }

  #learn(key: string, username: string, gone: boolean): void {
    const known = this.#names.get(key);
    if (gone ? known !== username : known === username) return;
    if (gone) this.#names.delete(key);
    else if (known !== undefined || this.#names.size < MOST_NAMES) this.#names.set(key, username);
    this.#revision++;
  }
}

/** The same uid is another person on another host. */
const nameKey = (host: string, uid: string): string => `${host}\n${uid}`;

const asName = (name: string): string => (kindLike.test(name) ? `user:${name}` : name);

const isUid = (uid: string | undefined): uid is string => uid !== undefined && uidLike.test(uid) && Number(uid) < UNSET;

function isPerson(uid: string): boolean {
  const number = Number(uid);
  return number >= FIRST_PERSON && (number < FIRST_NOBODY || number > LAST_NOBODY);
}

/** /etc/passwd's names, read again when the file has changed, looked at once a minute at most of the log's own time. */
class Passwd {
  readonly #path: string;
  #names = new Map<string, string>();
  #changed = -1;
  #looked = -Infinity;

  constructor(path: string) {
    this.#path = path;
  }

  name(uid: string, now: number): string | undefined {
    if (Math.abs(now - this.#looked) >= RECHECK_SECONDS) {
      this.#looked = now;
      this.#read();
    }
    return this.#names.get(uid);
  }

  #read(): void {
    try {
      const { mtimeMs } = statSync(this.#path);
      if (mtimeMs === this.#changed) return;
      const rows = readFileSync(this.#path, 'utf8')
        .split('\n')
        .map((row) => row.split(':'));
      // Backwards: of several names of one uid the system itself takes the first.
      this.#names = new Map(
        rows
          .filter((row) => row.length >= 3)
          .reverse()
          .map((row) => [row[2]!, row[0]!]),
      );
      this.#changed = mtimeMs;
    } catch {
      // No readable passwd: uids stay numbers.
    }
  }
}
