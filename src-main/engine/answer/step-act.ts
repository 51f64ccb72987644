import type { Act } from '../narrative/act.ts';
import type { Machine } from './machine.ts';

/** An act of an incident, its row, and the machine that told of it. */
export interface StepAct {
  readonly act: Act;
  readonly columns: Readonly<Record<string, string>>;
  /** Undefined where that is no longer stored. */
  readonly host: string | undefined;
}

/** Whether a row was told by this machine. Of a machine that goes by a number, nobody knows: it may be. */
export function isHere(host: string | undefined, machine: Machine): boolean {
  if (host === undefined || /^[0-9a-f-]{32,40}$/i.test(host)) return true;
  const short = (name: string): string => name.toLowerCase().split('.', 1)[0]!;
  return short(host) === short(machine.host);
}
