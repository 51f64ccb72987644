import type { DoctorStep } from '../contract/doctor.ts';
import { sessionLanguage } from '../contract/story/session-language.ts';
import { textOf, type StoryLanguage } from '../contract/story/tell.ts';
import { openStore } from '../engine/store/open.ts';
import { examine, type Patient } from '../host/doctor/examine.ts';
import { exitCodes } from './failure.ts';
import { sayJson, sayLines } from './output.ts';
import { absolute, now, settingsOf, type InspectOptions } from './setup.ts';

export interface DoctorOptions extends InspectOptions {
  readonly log?: string;
}

const marks: Readonly<Record<DoctorStep['state'], string>> = {
  pass: '✔',
  warn: '!',
  fail: '✘',
  unknown: '?',
  'not-applicable': '–',
};

/** `ubad doctor`: proves each step from osquery to an alert; exit code 1 when one fails. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const { log, state } = settingsOf(options);
  const report = await examine({
    host: 'terminal',
    log: absolute(options.log ?? log),
    status: statusIn(state),
    now: now(),
  });
  if (options.json) sayJson(report);
  else {
    const language = sessionLanguage(process.env);
    for (const step of report.steps) sayLines(told(step, language));
  }
  if (report.steps.some((step) => step.state === 'fail')) process.exitCode = exitCodes.failed;
}

/** Who is known in the store; null where there is none yet, or none that can be read. */
export function statusIn(state: string): Patient['status'] {
  const opened = openStore(state, { now: now(), readOnly: true });
  if (!opened.ok) return null;
  try {
    const users = opened.store.subjects.list().map(({ name, stored, lastSeen }) => {
      return {
        name,
        actions: stored,
        lastSeen,
        openAlerts: 0,
        waitingAlerts: 0,
        newAlerts: 0,
        model: { state: 'learning', progress: 0 } as const,
      };
    });
    return { users };
  } finally {
    opened.store.close();
  }
}

function told({ id, state, why, remedy, command, said }: DoctorStep, language: StoryLanguage): string[] {
  const inWords = (part: 'why' | 'remedy'): string =>
    (said?.[part] ?? []).map((phrase) => textOf(phrase, language)).join(' ');
  const name = textOf({ id: `doctor.step.${id}`, values: {} }, language);
  const lines = [`${marks[state]} ${name}: ${said ? inWords('why') : why}`];
  if (remedy !== null) lines.push(`    ${said ? inWords('remedy') : remedy}`);
  if (command !== null) lines.push(`    $ ${command}`);
  return lines;
}
