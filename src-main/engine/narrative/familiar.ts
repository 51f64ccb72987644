import type { QueryLearning } from '../../../models/action.ts';
import type { Store } from '../store/store.ts';
import { alike, folderOf } from '../../../models/facts/place.ts';
import { actOf, addressOf, type Act } from './act.ts';

/** Actions of the past that are looked at: two to four weeks of a busy person. */
const LOOKED_AT = 20_000;
/** A program that has connected to more addresses than this goes everywhere: one more is nothing new. */
const WIDE = 5;
const MOST_LOGINS = 50;
const DAY = 86_400;

interface Login {
  readonly time: number;
  readonly tty: string;
  readonly address: string | undefined;
}

/** A login began or ended, as the table that tells both has it. */
export interface LoginEvent extends Login {
  readonly ended: boolean;
}

/** How often a user has done what, before an action. Bounded; counted once and asked often. */
export class Familiar {
  readonly #counts = new Map<string, number>();
  readonly #reached = new Map<string, Set<string>>();
  /** Newest first. */
  readonly logins: Login[] = [];
  /** Newest first. */
  readonly loginEvents: LoginEvent[] = [];
  /** When each login session was first met. */
  readonly sessions = new Map<string, number>();
  /** There was more than was looked at: what was not seen may have been before it. */
  isCut = false;
  #oldest: number | undefined;
  #newest: number | undefined;

  /** @param before the first action that is no longer looked at */
  static of(
    store: Store,
    learning: ReadonlyMap<string, QueryLearning>,
    subjectId: number,
    before: number,
    most = LOOKED_AT,
  ): Familiar {
    const familiar = new Familiar();
    let looked = 0;
    for (const { id, action } of store.actions.backwards(subjectId, before, most)) {
      looked++;
      if (action.again !== true) familiar.#add(actOf({ ...action, id }, learning));
    }
    familiar.isCut = looked === most;
    return familiar;
  }

  /** Days between the oldest and the newest action that were looked at. */
  get days(): number {
    return this.#oldest === undefined ? 0 : Math.round((this.#newest! - this.#oldest) / DAY);
  }

  /** How often an act was done: by whatever it is known again. */
  seen(act: Act): number {
    if (act.kind === 'connection' && this.isWide(act)) return this.#count(`connection ${programOf(act)}`);
    return this.#count(keyOf(act));
  }

  /** How often this parent has started this program. */
  seenFrom(act: Act): number {
    return this.#count(fromKey(act));
  }

  /** How often a program was started in the folder of this one. */
  startedIn({ program = '' }: Act): number {
    return this.#count(`folder ${folderOf(program)}`);
  }

  /** Whether the program of a connection has connected before. */
  connects(act: Act): boolean {
    return this.#reached.has(programOf(act));
  }

  /** Whether the program of a connection goes everywhere. */
  isWide(act: Act): boolean {
    return (this.#reached.get(programOf(act))?.size ?? 0) > WIDE;
  }

  #count(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  #add(act: Act): void {
    this.#newest = Math.max(this.#newest ?? act.time, act.time);
    this.#oldest = Math.min(this.#oldest ?? act.time, act.time);
    if (act.session !== undefined) this.sessions.set(act.session, act.time);
    if (act.lasts && this.loginEvents.length < 2 * MOST_LOGINS) {
      const { time, tty = '', address, ended } = act;
      this.loginEvents.push({ time, tty, address, ended });
    }
    if (act.ended) return;
    this.#up(keyOf(act));
    if (act.kind === 'program') {
      this.#up(fromKey(act));
      this.#up(`folder ${folderOf(act.program ?? '')}`);
    }
    if (act.kind === 'login' && this.logins.length < MOST_LOGINS)
      this.logins.push({ time: act.time, tty: act.tty ?? '', address: act.address });
    if (act.kind !== 'connection') return;
    const program = programOf(act);
    this.#up(`connection ${program}`);
    const reached = this.#reached.get(program);
    if (!reached) this.#reached.set(program, new Set([act.address ?? '']));
    else if (reached.size <= WIDE) reached.add(act.address ?? '');
  }

  #up(key: string): void {
    this.#counts.set(key, this.#count(key) + 1);
  }
}

const programOf = ({ program = '' }: Act): string => alike(program);
const fromKey = (act: Act): string => `from ${JSON.stringify([act.parent, programOf(act)])}`;

function keyOf(act: Act): string {
  const { kind, label, name, file, address, port } = act;
  switch (kind) {
    case 'login':
      return `login ${address ?? ''}`;
    case 'session':
      return 'session';
    case 'program':
      return `program ${programOf(act)}`;
    case 'connection':
      return JSON.stringify([kind, programOf(act), addressOf(act)]);
    case 'file':
      return JSON.stringify([kind, programOf(act), alike(file ?? '')]);
    case 'port':
      // Ports of the upper half are drawn by chance.
      return JSON.stringify([kind, programOf(act), Number(port) < 32_768 ? port : 'any']);
    default:
      return JSON.stringify([kind, label, name]);
  }
}
