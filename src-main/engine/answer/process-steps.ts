import type { Step } from '../../contract/answer.ts';
import { baseOf, isOwnPlace, placeOf } from '../../../models/facts/place.ts';
import { valueAt } from '../narrative/act.ts';
import { invented, type Machine } from './machine.ts';
import { commandOf } from './shell.ts';
import { isHere, type StepAct } from './step-act.ts';

/** osquery works a start out from how long ago it was, and so it moves by a second. */
const SAME_START = 2;
/** Processes for which the steps say how to look for them. */
const MOST = 8;
/** … and are named. */
const MOST_NAMED = 3;

/** Fails where the number belongs to another process by now: it is compared with the kernel's own start time. */
const STOP = `[ "$(sed 's/.*) //' /proc/{0}/stat | cut -d' ' -f20)" = {1} ] && kill {0}`;

type Undone = Omit<Step, 'done'>;

/**
 * The processes that the telling acts are of. On this machine those that run still, each with the command that stops it while it is
 * the same; of another one, one step for all: whether they run is to be seen there.
 */
export function processSteps(told: readonly StepAct[], acts: readonly StepAct[], machine: Machine): Undone[] {
  const started = told.map((one) => startOf(one, acts)).filter((one) => one !== undefined);
  const once = [...new Map(started.map((one) => [one.act.id, one])).values()];
  const here = once.filter(({ host }) => machine !== invented && isHere(host, machine));
  const elsewhere = once.filter((one) => !here.includes(one));
  return [...here.flatMap((one) => stopping(one, machine)), ...looking(elsewhere, machine)];
}

const pidOf = ({ columns }: StepAct): string => valueAt(columns, 'pid')!;
/** By its path where anybody may put a program: its name may be that of another. */
const programOf = ({ act }: StepAct): string => {
  const program = act.program ?? act.name;
  return isOwnPlace(placeOf(program)) ? program : baseOf(program);
};

function stopping(one: StepAct, machine: Machine): Undone[] {
  const { act, columns } = one;
  const pid = pidOf(one);
  const running = machine.process(pid);
  const begun = Number(valueAt(columns, 'start_time') ?? NaN);
  const isIt =
    running &&
    (Number.isNaN(begun)
      ? running.start <= act.time + SAME_START && running.path !== undefined
      : Math.abs(running.start - begun) <= SAME_START) &&
    (running.path === undefined || act.program === undefined || running.path === act.program);
  if (!isIt) return [];
  const phrase = { id: 'step.process', values: { program: programOf(one), pid } };
  const command = commandOf(STOP, pid, running.ticks) ?? null;
  return [{ key: `process:${pid}:${act.id}`, kind: 'process', phrase, command, undo: null, note: null }];
}

function looking(all: readonly StepAct[], machine: Machine): Undone[] {
  const [first] = all;
  if (!first) return [];
  const seen = all.slice(0, MOST);
  const pids = seen.map(pidOf).filter((pid) => /^\d{1,10}$/.test(pid));
  const programs = [...new Set(seen.map(programOf))];
  const names = [...programs.slice(0, MOST_NAMED), ...(programs.length > MOST_NAMED ? ['…'] : [])].join(', ');
  const note =
    machine === invented
      ? { id: 'step.note.example', values: {} }
      : { id: 'step.note.host', values: { host: first.host ?? '' } };
  const command = commandOf('ps -o pid,lstart,args -p {0}', pids.join(',')) ?? null;
  const phrase = { id: 'step.processes', values: { programs: names, n: programs.length } };
  return [{ key: `processes:${first.act.id}`, kind: 'process', phrase, command, undo: null, note }];
}

/** The start of the program that an act is of: its own row, or the last one of that program before it; else the act, where it names the process. */
function startOf(one: StepAct, acts: readonly StepAct[]): StepAct | undefined {
  const isStart = ({ act, columns }: StepAct): boolean =>
    act.kind === 'program' && !act.ended && valueAt(columns, 'pid') !== undefined;
  if (isStart(one)) return one;
  const { program } = one.act;
  if (program === undefined) return undefined;
  const start = acts.findLast((other) => isStart(other) && other.act.program === program && other.act.id <= one.act.id);
  return start ?? (valueAt(one.columns, 'pid') === undefined ? undefined : one);
}
