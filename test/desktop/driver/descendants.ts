import { readdirSync, readFileSync } from 'node:fs';

export interface Descendant {
  readonly pid: number;
  readonly command: string;
  isAlive(): boolean;
}

/** All processes that a process has started, and theirs; as /proc knows them now. */
export function descendants(root: number): readonly Descendant[] {
  const parents = new Map(pids().map((pid) => [pid, parentOf(pid)]));
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (parents.get(pid) === root || isBelow(parents.get(pid)));
  return [...parents.keys()].filter(isBelow).map((pid) => {
    const started = startOf(pid);
    return {
      pid,
      command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '),
      // The same number may be another process's by then; a zombie has ended.
      isAlive: () =>
        started !== undefined && startOf(pid) === started && !/^State:\s+Z/m.test(read(`/proc/${pid}/status`)),
    };
  });
}

function pids(): readonly number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function parentOf(pid: number): number | undefined {
  const parent = /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** When it started, in ticks since the machine did (proc_pid_stat(5), field 22). */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
