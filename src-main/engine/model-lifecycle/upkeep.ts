import { CanaryEvaluation } from './canary.ts';
import { DriftCheck } from './drift-check.ts';
import { DueSubjects } from './due-subjects.ts';
import { learnableOf, tooFew } from './enough.ts';
import { RETRAIN_AT, trainingSetOf } from './training-set.ts';
import { concernsAll, TrainingsBeside } from './trainings-beside.ts';
import { addVersion, addWritten } from './versions.ts';
import { message } from '../../contract/story/messages.ts';
import { manifestOf } from '../models/manifest.ts';
import { trainHere } from '../models/train.ts';
import { trainingOptionsOf, type EngineEvents, type EngineOptions, type UserMessage } from '../options.ts';
import { seesTheSame } from '../reading/fingerprints.ts';
import type { Store } from '../store/store.ts';
import type { Subject } from '../store/subjects.ts';
import type { Version } from '../store/versions.ts';

/** The models that are in memory. */
export interface LoadedModels {
  /** Tells why a model cannot be used, where there is one. */
  load(id: number, name: string): void;
  /** The subject's model is loaded again with its next action. */
  forget(id: number): void;
  /** Whether none could be loaded where it was tried. */
  hasNone(id: number): boolean;
}

/** What is done about subjects' models when there is time: they are trained, taken into use, compared, and taken back. */
export class ModelUpkeep {
  readonly #store: Store;
  readonly #options: EngineOptions;
  readonly #events: EngineEvents;
  readonly #models: LoadedModels;
  readonly #due: DueSubjects;
  readonly #canary: CanaryEvaluation;
  readonly #driftCheck: DriftCheck;
  /** Undefined: `trainDue` ends with the training. */
  readonly #beside: TrainingsBeside | undefined;

  constructor(store: Store, options: EngineOptions, events: EngineEvents, models: LoadedModels) {
    this.#store = store;
    this.#options = options;
    this.#events = events;
    this.#models = models;
    const notice: UserMessage = (text, logEvent) => events.notice?.(text, logEvent);
    this.#due = new DueSubjects(store);
    this.#canary = new CanaryEvaluation(store, options, notice);
    this.#driftCheck = new DriftCheck(store, options, notice);
    this.#beside = options.trainsBeside ? new TrainingsBeside(store, options, events) : undefined;
  }

  acted(id: number): void {
    this.#due.acted(id);
  }

  /** What is due, and when, is found out again. */
  changed(id: number): void {
    this.#due.changed(id);
  }

  /** See Engine.pruned. */
  pruned(): void {
    for (const id of this.#beside?.recount() ?? []) this.#due.changed(id);
  }

  /** See Engine.trainDue. */
  async trainDue(): Promise<void> {
    for (const id of this.#beside?.toLookAt() ?? []) this.#due.acted(id);
    await this.#due.look((subject) => this.#doDue(subject));
    this.#beside?.goOn();
  }

  /** See Engine.plan. */
  plan(subjectId: number): { readonly due: number; readonly trainAt: number; readonly canaryUntil: number } {
    const [trainAt, canaryUntil] = [this.#trainAt(subjectId), this.#canary.endsAt(subjectId)];
    return { due: this.#dueAt(subjectId), trainAt, canaryUntil };
  }

  close(): void {
    this.#beside?.close();
  }

  async #doDue(subject: Subject): Promise<void> {
    const { id, name, stored } = subject;
    if (this.#beside) await this.#adoptDue(this.#beside, subject);
    if (stored < this.#dueAt(id)) return;
    this.#driftCheck.look(subject);
    if (this.#canary.end(id, name, stored)) {
      this.#forget(id);
      // Beside the batches at once what is next: after a restart it would be.
      if (!this.#beside) return;
    }
    if (stored >= this.#trainDueAt(id)) {
      await this.#tryToTrain(id, name, this.#trainAt(id), stored);
      // At once: after a restart it would be.
      this.#driftCheck.look(subject);
    } else this.#due.changed(id);
  }

  /** One subject's training that fails stops nobody else's, nor the reading: it is tried again when there is more to learn from. */
  async #tryToTrain(id: number, name: string, due: number, stored: number): Promise<void> {
    try {
      await this.#train(id, name, due, stored);
    } catch (error) {
      if (concernsAll(error)) throw error;
      this.#due.wait(id, stored + this.#options.trainAfter);
      this.#tellFailed(name, error as Error);
    }
  }

  #tellFailed(name: string, error: Error): void {
    const logEvent = { what: 'training-failed', error: error.name, code: undefined, places: undefined } as const;
    const what = message('training.later', { cause: error.message });
    this.#events.notice?.(message('of', { user: name, what }), logEvent);
    this.#events.training?.(name, 1);
  }

  /** Trains on the subject's first `due` actions that count, so that the model does not depend on how lines came in batches. */
  async #train(id: number, name: string, due: number, stored: number): Promise<void> {
    const { algorithm, pack, state, train = trainHere } = this.#options;
    // Tells why a model cannot be used, where that is why another one is trained.
    this.#models.load(id, name);
    const trainingSet = trainingSetOf(this.#store, pack, id, due);
    if ('missing' in trainingSet) {
      this.#wait(id, stored + trainingSet.missing);
      return;
    }
    // Most of it was strange, and nobody said that it was not.
    const isTooLittle = tooFew(learnableOf(trainingSet.past, pack), algorithm) !== undefined;
    if (this.#beside) {
      if (isTooLittle) this.#beside.pause(id);
      else this.#beside.begin(id, trainingSet);
      this.#due.changed(id);
      return;
    }
    if (isTooLittle) {
      this.#due.wait(id, stored + this.#options.trainAfter);
      return;
    }
    const { files, manifest } = await train(trainingSet.past, {
      subject: name,
      algorithm,
      pack,
      options: trainingOptionsOf(this.#options),
      now: this.#options.now(),
      onProgress: (progress) => this.#events.training?.(name, progress),
    });
    const known = { ...manifest, training: { ...manifest.training, actions: trainingSet.counted } };
    this.#store.transaction(() => {
      this.#putIntoUse(id, stored, () => addVersion(this.#store, state, id, files, known, trainingSet.afterAction));
    });
    this.#forget(id);
    this.#events.training?.(name, 1);
  }

  #wait(id: number, stored: number): void {
    if (!this.#beside) {
      this.#due.wait(id, stored);
      return;
    }
    // Canary and drift are looked at meanwhile: after a restart they would be.
    this.#beside.wait(id, stored);
    this.#due.changed(id);
  }

  /** Takes into use what was trained beside the batches, where it is time. */
  async #adoptDue(beside: TrainingsBeside, { id, name, stored }: Subject): Promise<void> {
    const begun = beside.due(id);
    if (!begun) return;
    const made = begun.counted > 0 ? await beside.made(begun) : undefined;
    const failed = made && 'failed' in made ? made.failed : undefined;
    this.#store.transaction(() => {
      beside.end(id, failed !== undefined);
      if (made && !('failed' in made))
        this.#putIntoUse(id, stored, () => addWritten(this.#store, id, made, begun.afterAction));
    });
    beside.ended(id);
    this.#forget(id);
    if (failed) this.#tellFailed(name, failed);
    else if (made) this.#events.training?.(name, 1);
  }

  /** Only in a transaction. */
  #putIntoUse(id: number, stored: number, add: () => Version): void {
    const before = this.#store.versions.active(id, this.#options.algorithm);
    const added = add();
    if (before) this.#canary.begin(id, added.id, before.id, stored);
  }

  #dueAt(id: number): number {
    return this.#due.at(id, () => Math.min(this.#trainDueAt(id), this.#canary.endsAt(id), this.#driftCheck.dueAt(id)));
  }

  #trainDueAt(id: number): number {
    return Math.max(this.#trainAt(id), this.#beside?.notBefore(id) ?? -Infinity);
  }

  /** Stored actions of a subject at which it is trained: at first, and again on twice as much as its model knows. */
  #trainAt(id: number): number {
    const { algorithm, pack, trainAfter } = this.#options;
    const version = this.#store.versions.active(id, algorithm);
    if (!version || this.#models.hasNone(id)) return trainAfter;
    const manifest = manifestOf(version);
    if (!manifest || !seesTheSame(manifest, pack)) return trainAfter;
    return Math.max(manifest.training.actions, this.#canary.triedOn(id)) * RETRAIN_AT;
  }

  #forget(id: number): void {
    this.#models.forget(id);
    this.#due.changed(id);
  }
}
