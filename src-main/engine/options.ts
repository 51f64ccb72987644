import type { MathEngine } from '../../models/math-engine.ts';
import type { Algorithm } from '../../models/algorithm.ts';
import type { LogEvent } from '../contract/log-events.ts';
import type { Sensitivity } from './judge.ts';
import type { Train } from './models/train.ts';
import type { Pack } from './reading/pack.ts';

/** What the engine is told from outside; it reads no settings, no clock and no environment itself. */
export interface EngineOptions {
  /** Folder of the database and the models; made where it is missing. */
  readonly state: string;
  readonly pack: Pack;
  readonly algorithm: Algorithm;
  readonly seed: number;
  /** Actions of a window. */
  readonly windowLength: number;
  /** Actions of a user before the first training. */
  readonly trainAfter: number;
  readonly sensitivity: Sensitivity;
  /** Whether what was never there before is judged by itself too, beside what the models say. Default true. */
  readonly facts?: boolean;
  /** Every action is this subject's, whatever the rows say. */
  readonly subject?: string;
  /** Who does the models' arithmetic. */
  readonly math: MathEngine;
  /** Where models are trained; here when it is not given. */
  readonly train?: Train;
  /** Unix seconds. */
  readonly now: () => number;
}

/** A sentence for a person, and what of it may stand in the program's own log. */
export type UserMessage = (text: string, logEvent: LogEvent) => void;

/** What the engine tells while it works. */
export interface EngineEvents {
  /** An incident was opened, has grown or is over. Told after it is stored. */
  readonly incident?: (event: IncidentEvent) => void;
  /** A training has come so far, 0…1. */
  readonly training?: (subject: string, progress: number) => void;
  /** Something a person may want to know: a model that could not be read, lost lines. */
  readonly notice?: UserMessage;
}

export interface IncidentEvent {
  readonly change: 'opened' | 'extended' | 'closed';
  readonly id: number;
  readonly subject: string;
  readonly band: string;
  /** z of the strangest window. */
  readonly peak: number;
  /** 0…100; the alarm line is at 50. */
  readonly severity: number;
  readonly sentence: string;
}
