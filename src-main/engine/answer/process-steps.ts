import type { Step } from '../../contract/answer.ts';
import { baseOf } from '../../../models/facts/place.ts';
import { valueAt } from '../narrative/act.ts';
import { invented, type Machine } from './machine.ts';
import { commandOf } from './shell.ts';
import { isHere, type StepAct } from './step-act.ts';

/** osquery works a start out from how long ago it was, and so it moves by a second. */
const SAME_START = 2;

/** Fails where the number belongs to another process by now: it is compared with the kernel's own start time. */
const STOP = `[ "$(sed 's/.*) //' /proc/{0}/stat | cut -d' ' -f20)" = {1} ] && kill {0}`;

/** The processes that the telling acts are of, each once, with the command that stops it while it is still the same. */
export function processSteps(
  told: readonly StepAct[],
  acts: readonly StepAct[],
  machine: Machine,
): Omit<Step, 'done'>[] {
  const steps = new Map<string, Omit<Step, 'done'>>();
  for (const one of told) {
    const started = startOf(one, acts);
    if (!started) continue;
    const { act, columns, host } = started;
    const pid = valueAt(columns, 'pid')!;
    const program = baseOf(act.program ?? act.name);
    const key = `process:${pid}:${act.id}`;
    const phrase = { id: 'step.process', values: { program, pid } };
    const step = { key, kind: 'process' as const, phrase, undo: null };
    steps.set(key, { ...step, ...stopping(started, pid, isHere(host, machine) ? machine : undefined) });
  }
  return [...steps.values()];

  function stopping({ act, columns, host }: StepAct, pid: string, here: Machine | undefined) {
    const look = commandOf('ps -o pid,lstart,args -p {0}', pid) ?? null;
    if (here === invented || machine === invented)
      return { command: look, note: { id: 'step.note.example', values: {} } };
    if (!here) return { command: look, note: { id: 'step.note.host', values: { host: host ?? '' } } };
    const running = here.process(pid);
    const begun = Number(valueAt(columns, 'start_time') ?? NaN);
    const isIt =
      running &&
      (Number.isNaN(begun)
        ? running.start <= act.time + SAME_START && running.path !== undefined
        : Math.abs(running.start - begun) <= SAME_START) &&
      (running.path === undefined || act.program === undefined || running.path === act.program);
    if (!isIt) return { command: null, note: { id: 'step.note.gone', values: {} } };
    return { command: commandOf(STOP, pid, running.ticks) ?? null, note: null };
  }
}

/** The start of the program that an act is of: its own row, or the last one of that program before it. */
function startOf(one: StepAct, acts: readonly StepAct[]): StepAct | undefined {
  const isStart = ({ act, columns }: StepAct): boolean =>
    act.kind === 'program' && !act.ended && valueAt(columns, 'pid') !== undefined;
  if (isStart(one)) return one;
  const { program } = one.act;
  if (program === undefined) return undefined;
  return acts.findLast((other) => isStart(other) && other.act.program === program && other.act.id <= one.act.id);
}
