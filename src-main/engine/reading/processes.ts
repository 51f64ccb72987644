import type { Action } from '../../../models/action.ts';

/** What a process is, beside its number: whatever else changes, it is the same program of the same user. */
interface Running {
  readonly start: number;
  readonly path: string;
  readonly uid: string | undefined;
  readonly euid: string | undefined;
}

/** Of one machine, a day of a busy one; each takes some 200 bytes. */
export const MOST_PROCESSES = 8_000;
const MOST_QUERIES = 1000;
const MOST_HOSTS = 100;
/** osquery works a start out from how long ago it was, and so it moves by a second. */
const SAME_START = 2;
/** What Linux writes behind the path of a program that was replaced or deleted. */
const DELETED = ' (deleted)';
/**
 * Columns of osquery's table `processes`, and what is usually joined to it. A row with any other column is about something else
 * that the process does: each of its connections, say.
 */
const ofProcess = new Set(
  `pid name path cmdline state cwd root uid gid euid egid suid sgid on_disk wired_size resident_size total_size user_time
   system_time disk_bytes_read disk_bytes_written start_time parent parent_name parent_path pgroup threads nice elapsed_time
   cgroup_path username groupname`.split(/\s+/),
);

/**
 * The processes that are known to run: osquery tells of one again whenever a column of its row has changed, when its parent has
 * ended or its package was upgraded, and nobody has started anything then. What starts another program or becomes another user
 * is told as a start of its own.
 */
export class Processes {
  readonly #hosts = new Map<string, RunningOn>();
  #last: { readonly host: string; readonly running: RunningOn } | undefined;
  /** By query: its rows are alike. */
  readonly #tells = new Map<string, boolean>();

  /** Takes a row of a process in. @returns whether it tells of one that was known */
  see(host: string, { query, change, columns }: Pick<Action, 'query' | 'change' | 'columns'>): boolean {
    const { pid, start_time: begun } = columns;
    if (pid === undefined || begun === undefined || change === 'removed') return false;
    if (!this.#tellsOfProcesses(query, columns)) return false;
    const start = Number(begun);
    if (!(start > 0)) return false;
    const { path = '', uid, euid } = columns;
    return this.#runningOn(host).see(pid, { start, path, uid, euid });
  }

  #runningOn(host: string): RunningOn {
    if (this.#last?.host === host) return this.#last.running;
    let running = this.#hosts.get(host);
    if (running === undefined) {
      if (this.#hosts.size >= MOST_HOSTS) this.#hosts.clear();
      running = new RunningOn();
      this.#hosts.set(host, running);
    }
    this.#last = { host, running };
    return running;
  }

  #tellsOfProcesses(query: string, columns: Readonly<Record<string, string>>): boolean {
    let tells = this.#tells.get(query);
    if (tells === undefined) {
      tells = isOfProcess(columns);
      if (this.#tells.size < MOST_QUERIES) this.#tells.set(query, tells);
    }
    return tells;
  }
}

/** The processes of one machine, by number. */
class RunningOn {
  /** Those seen lately, and those before them: what is in neither was not seen for long. */
  #lately = new Map<string, Running>();
  #before = new Map<string, Running>();

  see(pid: string, now: Running): boolean {
    const known = this.#lately.get(pid) ?? this.#before.get(pid);
    this.#lately.set(pid, now);
    if (this.#lately.size >= MOST_PROCESSES / 2) {
      this.#before = this.#lately;
      this.#lately = new Map();
    }
    return known !== undefined && isSame(known, now);
  }
}

function isOfProcess(columns: Readonly<Record<string, string>>): boolean {
  for (const column in columns) if (!ofProcess.has(column)) return false;
  return true;
}

/** Of two queries that tell of one process, one may not tell its path. */
const isSame = (one: Running, other: Running): boolean =>
  Math.abs(one.start - other.start) <= SAME_START &&
  (one.path === other.path || programOf(one) === programOf(other) || one.path === '' || other.path === '') &&
  isSameOrUntold(one.uid, other.uid) &&
  isSameOrUntold(one.euid, other.euid);

const programOf = ({ path }: Running): string => (path.endsWith(DELETED) ? path.slice(0, -DELETED.length) : path);

const isSameOrUntold = (one: string | undefined, other: string | undefined): boolean =>
  one === other || one === undefined || other === undefined;
