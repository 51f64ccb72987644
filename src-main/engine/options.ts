import type { MathEngine } from '../../models/math-engine.ts';
import type { Tuning } from '../../models/tuning.ts';
import type { TrainingOptions } from '../../models/detector.ts';
import type { Algorithm } from '../../models/algorithm.ts';
import type { LogEvent } from '../contract/log-events.ts';
import type { Sensitivity } from './judge.ts';
import type { Train } from './models/train.ts';
import type { Pack } from './reading/pack.ts';
import type { Identity } from './reading/subject-resolver.ts';
import type { Durability } from './store/open.ts';

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
  /** Where this machine's names of uids stand; null: uids are other machines', and only their `users` rows name them. Default /etc/passwd. */
  readonly passwd?: string | null;
  /** 'host': the same name on two hosts is two people, `anna@desk-1`. Default 'name': it is one. */
  readonly identity?: Identity;
  /** Also puts each incident event into the table `outbox`, in the transaction of the batch. Default false. */
  readonly outbox?: boolean;
  /**
   * 'replayable': the same batches can be read again after a power cut, so a commit does not wait for the disk; and what is stored
   * of them never depends on when the process was started. No index of values is kept. Default 'full'.
   */
  readonly durability?: Durability;
  /**
   * Whether a training goes on beside the batches: it is begun when it is due, on what is stored then, and its model comes into use at
   * a later place that the batches alone decide (trainings-beside.ts). Default false: `trainDue` ends with the training.
   */
  readonly trainsBeside?: boolean;
  /** Judged actions after which a model is stored again. Default 1,000. */
  readonly storeAfter?: number;
  /** Subjects whose models stay in memory: whoever acted longest ago is unloaded first. Default: all. */
  readonly mostLoaded?: number;
  /** How models are trained from now on; as is usual when not given. */
  readonly tuning?: Tuning;
  /** Who does the models' arithmetic. */
  readonly math: MathEngine;
  /** Where models are trained; here when it is not given. */
  readonly train?: Train;
  /** Unix seconds. */
  readonly now: () => number;
}

/** What of them a new model is trained with. */
export function trainingOptionsOf({ seed, windowLength, math, tuning }: EngineOptions): TrainingOptions {
  return tuning ? { seed, windowLength, math, tuning } : { seed, windowLength, math };
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
