import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';

/** A process that runs. */
export interface RunningProcess {
  /** Unix seconds; right to a second or two. */
  readonly start: number;
  /** In clock ticks since the machine started, as the kernel tells it: by this it is never taken for another one. */
  readonly ticks: string;
  /** The file that it runs; undefined where one may not know. */
  readonly path: string | undefined;
}

/** What is asked of the machine on which an answer is given. */
export interface Machine {
  readonly host: string;
  /** Whose account the program runs in; undefined where it has no name. */
  readonly user?: string | undefined;
  /** Undefined where there is none of that number. */
  process(pid: string): RunningProcess | undefined;
  /** The login session that the program itself runs in; undefined: none is known. */
  readonly session?: string | undefined;
  /** Undefined where systemd does not tell. */
  sessionIsOpen(session: string): boolean | undefined;
}

function ownName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // An account that no list of users has.
    return undefined;
  }
}

/** Clock ticks of a second in /proc on Linux, whatever the kernel's own (USER_HZ). */
const TICKS = 100;

/** This machine, as /proc and systemd tell of it. @param proc for tests @param sessions likewise */
export const thisMachine = (proc = '/proc', sessions = '/run/systemd/sessions'): Machine => ({
  host: hostname(),
  user: ownName(),
  session: process.env.XDG_SESSION_ID,
  process: (pid) => (/^\d{1,10}$/.test(pid) ? processIn(proc, pid) : undefined),
  sessionIsOpen(session) {
    if (!/^\w{1,20}$/.test(session) || !existsSync(sessions)) return undefined;
    return existsSync(`${sessions}/${session}`);
  },
});

function processIn(proc: string, pid: string): RunningProcess | undefined {
  try {
    // A name may hold blanks and brackets: what comes after the last bracket is numbers.
    const stat = readFileSync(`${proc}/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[FIELD_22];
    const booted = /^btime (\d+)$/m.exec(readFileSync(`${proc}/stat`, 'utf8'))?.[1];
    if (ticks === undefined || booted === undefined) return undefined;
    return { start: Number(booted) + Number(ticks) / TICKS, ticks, path: linkOf(`${proc}/${pid}/exe`) };
  } catch {
    return undefined;
  }
}

/** `starttime`, counted from `state`, which is the third. Source: proc_pid_stat(5) */
const FIELD_22 = 19;

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path).replace(/ \(deleted\)$/, '');
  } catch {
    return undefined;
  }
}

/** A machine that nobody can ask: the example's. */
export const invented: Machine = { host: '', process: () => undefined, sessionIsOpen: () => undefined };
