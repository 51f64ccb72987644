/** What the setup check proves on this machine. */
import type { Phrase } from './story/story.ts';

/** In the order in which one needs the other. */
export const doctorSteps = [
  'osquery-installed',
  'osquery-running',
  'configuration',
  'log-readable',
  'events-arriving',
  'users-known',
  'tray',
  'notifications',
  'autostart',
] as const;
export type DoctorStepId = (typeof doctorSteps)[number];

export interface DoctorStep {
  readonly id: DoctorStepId;
  /** `unknown`: it cannot be told from here; `not-applicable`: not where this runs, as a tray in a browser. */
  readonly state: 'pass' | 'warn' | 'fail' | 'unknown' | 'not-applicable';
  /** What was found: one sentence. */
  readonly why: string;
  /** What to do about it: one sentence; null when there is nothing to do. */
  readonly remedy: string | null;
  /** To be copied into a terminal as it is; null where no command helps. */
  readonly command: string | null;
  readonly said?: SaidOfStep;
}

/** The sentences of a step, to be worded again in another language: `why` and `remedy` are these in English. */
export interface SaidOfStep {
  readonly why: readonly Phrase[];
  readonly remedy: readonly Phrase[];
}

export interface DoctorReport {
  /** Unix seconds. */
  readonly at: number;
  readonly steps: readonly DoctorStep[];
}

/** What `ubad setup` would change on this system, to be looked at before it is done. */
export interface SetupPlan {
  /** Of exactly this: nothing but what was shown is carried out. */
  readonly digest: string;
  /** Each change with its difference, as text; empty where nothing is to be changed. */
  readonly steps: readonly string[];
  /** What is left to do by hand. */
  readonly advice: readonly string[];
}
