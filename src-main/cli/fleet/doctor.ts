import { examineFleet, type ExamineOptions } from '../../fleet/doctor/examine.ts';
import type { FleetStep } from '../../fleet/doctor/finding.ts';
import { exitCodes } from '../failure.ts';
import { sayJson, sayLines } from '../output.ts';
import { configOf, toldLater, type InspectOptions } from './shared.ts';

export interface FleetDoctorOptions extends InspectOptions {
  readonly role?: NonNullable<ExamineOptions['role']>;
}

const marks: Readonly<Record<FleetStep['state'], string>> = { pass: '✔', warn: '!', fail: '✘' };

/** `ubad fleet doctor`: what is wrong with the fleet, each with its cure; exit code 1 where something fails. */
export async function doctor({ role, ...options }: FleetDoctorOptions): Promise<void> {
  const config = configOf(options);
  const steps = await toldLater(() => examineFleet({ config, role, now: () => Date.now() / 1000 }));
  if (options.json) sayJson({ tenant: config.tenant, steps });
  else for (const step of steps) sayLines(told(step));
  if (steps.some(({ state }) => state === 'fail')) process.exitCode = exitCodes.failed;
}

function told({ id, state, why, remedy, command }: FleetStep): string[] {
  const lines = [`${marks[state]} ${id}: ${why}`];
  if (remedy !== null) lines.push(`    ${remedy}`);
  if (command !== null) lines.push(`    $ ${command}`);
  return lines;
}
