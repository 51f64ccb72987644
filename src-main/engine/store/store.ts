import type { DatabaseSync } from 'node:sqlite';

import { actionsIn, type Actions } from './actions.ts';
import { checkpointsIn, type Checkpoints } from './checkpoints.ts';
import { doneStepsIn, type DoneSteps } from './done-steps.ts';
import { feedbackIn, type FeedbackLog } from './feedback.ts';
import { divideIn, type Divide } from './divide.ts';
import { forgetIn, type Forget } from './forget.ts';
import { incidentsIn, type Incidents } from './incidents.ts';
import { lossesIn, type Losses } from './losses.ts';
import { lookInSlices } from './look.ts';
import { keepMentions, mentionsIn, type Mentions } from './mentions.ts';
import { momentsIn, type Moments } from './moments.ts';
import { outboxIn, type Outbox } from './outbox.ts';
import type { Ending } from './ownership.ts';
import { pausesIn, type Pauses } from './pauses.ts';
import { refusalsIn, type Refusals } from './refusals.ts';
import { prunerOf, sizerOf, type Pruned, type Retention, type StoreSize } from './retention.ts';
import { scoresIn, type Scores } from './scores.ts';
import { shapesIn } from './shapes.ts';
import { connect } from './sql.ts';
import { storeStateIn, type StoreState } from './store-state.ts';
import { subjectStateIn, type SubjectState } from './subject-state.ts';
import { subjectsIn, type Subjects } from './subjects.ts';
import { summariesIn, type Summaries } from './summaries.ts';
import { trainingsIn, type Trainings } from './trainings.ts';
import { uidNamesIn, type UidNames } from './uid-names.ts';
import { versionsIn, type Versions } from './versions.ts';

/**
 * Everything the engine remembers, but for the models' own files.
 * Any call may throw StoreFull or StoreBroken: states of the disk that a person can cure, after which the same call works again.
 */
export interface Store {
  /** The database file. */
  readonly path: string;
  readonly subjects: Subjects;
  readonly actions: Actions;
  readonly scores: Scores;
  readonly incidents: Incidents;
  readonly feedback: FeedbackLog;
  readonly doneSteps: DoneSteps;
  readonly versions: Versions;
  readonly checkpoints: Checkpoints;
  readonly refusals: Refusals;
  readonly losses: Losses;
  readonly state: StoreState;
  readonly subjectState: SubjectState;
  readonly trainings: Trainings;
  readonly uidNames: UidNames;
  readonly pauses: Pauses;
  readonly outbox: Outbox;
  readonly summaries: Summaries;
  readonly mentions: Mentions;
  readonly moments: Moments;
  readonly forget: Forget;
  readonly divide: Divide;
  /**
   * Stores all that `write` writes, or nothing of it: when this returns, it outlasts a power cut; when it throws, nothing of it was
   * stored. Everything that writes needs one. Synchronous: what is awaited in `write` would be outside of it.
   */
  transaction<T>(write: () => T): T;
  /** What `work` deletes is gone from the database's files too. Not in a transaction: have one in it. */
  overwriting<T>(work: () => T): T;
  /** Deletes one slice of what is too old or too much. Not in a transaction. Call it when there is time. */
  prune(limits: Retention): Pruned;
  sizes(): StoreSize;
  /** Looks for damage in slices of some milliseconds, each of which may throw StoreBroken. Anything may be done between them. */
  look(): Generator<undefined, void>;
  close(): void;
}

/**
 * The store on an open database of the newest schema.
 * @param closed called once the database is closed
 * @param wasSuspect see `connect` @param keepsMentions see `keepMentions`
 */
export function storeOn(
  db: DatabaseSync,
  path: string,
  closed: (ending: Ending) => void = () => undefined,
  wasSuspect = false,
  keepsMentions = true,
): Store {
  const connection = connect(db, path, wasSuspect);
  const sizes = sizerOf(connection);
  const shapes = shapesIn(connection);
  const kept = keepMentions(connection, shapes, keepsMentions);
  const forget = forgetIn(connection, kept);
  return {
    path,
    subjects: subjectsIn(connection),
    actions: actionsIn(connection, shapes, kept),
    scores: scoresIn(connection),
    incidents: incidentsIn(connection),
    feedback: feedbackIn(connection),
    doneSteps: doneStepsIn(connection),
    versions: versionsIn(connection),
    checkpoints: checkpointsIn(connection),
    refusals: refusalsIn(connection),
    losses: lossesIn(connection),
    state: storeStateIn(connection),
    subjectState: subjectStateIn(connection),
    trainings: trainingsIn(connection),
    uidNames: uidNamesIn(connection),
    pauses: pausesIn(connection),
    outbox: outboxIn(connection),
    summaries: summariesIn(connection),
    mentions: mentionsIn(connection),
    moments: momentsIn(connection, shapes),
    forget,
    divide: divideIn(connection, forget),
    overwriting: (work) => connection.overwriting(work),
    transaction: (write) => connection.transaction(write),
    prune: prunerOf(connection, sizes, kept),
    sizes,
    look: () => lookInSlices(connection),
    close() {
      if (!db.isOpen) return;
      db.close();
      closed(connection.ending());
    },
  };
}
