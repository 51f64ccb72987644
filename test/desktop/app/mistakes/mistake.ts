import type { Check } from '../../check.ts';
import type { Change } from '../build.ts';
import { appChecks } from '../checks/all.ts';

/** A change that somebody could make to the application by mistake, and how a person would notice. */
export interface AppMistake extends Change {
  readonly name: string;
  /** The check that has to fail… */
  readonly check: Check;
  /** …and what it then says: failing for another reason does not count. */
  readonly says: RegExp;
}

/** The check whose name begins so. */
export function checkOf(beginning: string): Check {
  const found = appChecks.filter(({ name }) => name.startsWith(beginning));
  if (found.length !== 1) throw new Error(`${found.length} checks begin with "${beginning}" instead of one`);
  return found[0]!;
}

/** In the main process's part that speaks to the desktop: the usual place. @param file in src-main/desktop/ */
export const inDesktop = (file: string, from: string, to: string): Change => ({
  entry: 'main',
  file: `src-main/desktop/${file}.ts`,
  from,
  to,
});

/** In what both hosts share. @param file in src-main/host/ */
export const inHost = (file: string, from: string, to: string): Change => ({
  entry: 'main',
  file: `src-main/host/${file}.ts`,
  from,
  to,
});

/** In the loop that brings lines to the engine. @param file in src-main/intake/ */
export const inIntake = (file: string, from: string, to: string): Change => ({
  entry: 'main',
  file: `src-main/intake/${file}.ts`,
  from,
  to,
});
