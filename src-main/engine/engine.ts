import type { TrainingOptions } from '../../models/detector.ts';
import type { Batch, Checkpoint } from '../contract/batch.ts';
import { DriftCheck } from './model-lifecycle/drift-check.ts';
import { tellOfLog } from './reading/log-health.ts';
import { UnwatchedIncidents } from './facts/unwatched.ts';
import { learnableOf, tooFew } from './model-lifecycle/enough.ts';
import { trainingSetOf, RETRAIN_AT } from './model-lifecycle/training-set.ts';
import { trainHere } from './models/train.ts';
import { manifestOf, type Manifest } from './models/manifest.ts';
import { message } from '../contract/story/messages.ts';
import { trainingOptionsOf, type EngineEvents, type EngineOptions, type UserMessage } from './options.ts';
import { beforeAll } from './store/checkpoints.ts';
import { openStore } from './store/open.ts';
import { isCorruption, StoreBroken, StoreFull, type StoreProblem } from './store/problem.ts';
import { putInOutbox } from './put-in-outbox.ts';
import { CanaryEvaluation } from './model-lifecycle/canary.ts';
import { DueSubjects } from './model-lifecycle/due-subjects.ts';
import type { Store } from './store/store.ts';
import type { Subject } from './store/subjects.ts';
import { addVersion, loadVersion, removeUnnamed } from './model-lifecycle/versions.ts';
import { ModelFailed } from './model-lifecycle/model-failed.ts';
import { RecentMap } from './recent-map.ts';
import { SubjectScorer, type IncidentQueue } from './subject-scorer.ts';
import { seesTheSame } from './reading/fingerprints.ts';
import type { SubjectResolver } from './reading/subject-resolver.ts';
import { restoredResolver, storeNames } from './reading/uid-names.ts';
import { storeLosses } from './reading/store-losses.ts';
import { restoredParserState } from './reading/restored-parser-state.ts';
import { parseBatch, type ParserState } from './reading/parse-batch.ts';

export type OpenedEngine =
  { readonly ok: true; readonly engine: Engine } | { readonly ok: false; readonly problem: StoreProblem };

/** The life of a line: understood, stored, judged and learned, or refused and counted. */
export class Engine {
  readonly store: Store;
  readonly #options: EngineOptions;
  readonly #events: EngineEvents;
  /** Subjects met since the start; undefined: nothing judges them. */
  readonly #scorers: RecentMap<SubjectScorer | undefined>;
  readonly #parserStates = new Map<string, ParserState>();
  readonly #queue: IncidentQueue = [];
  readonly #due: DueSubjects;
  /** Versions that failed while they judged. */
  readonly #unfit = new Set<number>();
  #resolver: SubjectResolver;
  readonly #canary: CanaryEvaluation;
  readonly #driftCheck: DriftCheck;
  readonly #unwatched: UnwatchedIncidents;
  /** The revision of the feedback that is applied. */
  #appliedFeedback: number;

  constructor(store: Store, options: EngineOptions, events: EngineEvents) {
    this.store = store;
    this.#options = options;
    this.#scorers = new RecentMap(options.mostLoaded);
    this.#events = events;
    this.#resolver = restoredResolver(store, options);
    this.#appliedFeedback = store.feedback.revision();
    const notice: UserMessage = (text, logEvent) => events.notice?.(text, logEvent);
    this.#due = new DueSubjects(store);
    this.#canary = new CanaryEvaluation(store, options, notice);
    this.#driftCheck = new DriftCheck(store, options, notice);
    this.#unwatched = new UnwatchedIncidents(store, options.durability === 'replayable');
  }

  static open(options: EngineOptions, events: EngineEvents = {}): OpenedEngine {
    const opened = openStore(options.state, { now: options.now(), durability: options.durability });
    if (!opened.ok) return opened;
    const { store } = opened;
    try {
      removeUnnamed(store, options.state);
      return { ok: true, engine: new Engine(store, options, events) };
    } catch (error) {
      // What was found damaged is put aside when it is opened again.
      store.close();
      if (!(error instanceof StoreFull || error instanceof StoreBroken)) throw error;
      if (isCorruption(error)) return Engine.open(options, events);
      return { ok: false, problem: { kind: 'unusable', path: store.path, message: error.message } };
    }
  }

  /** Where to read on: in the place of a lost store at the beginning of whatever the log and its rotated files hold. */
  checkpoint(path: string): Checkpoint | undefined {
    const known = this.store.checkpoints.of(path)?.checkpoint;
    if (known || !this.store.state.inPlaceOfLost()) return known;
    return beforeAll(path);
  }

  /**
   * Takes a batch in: its actions, scores, incidents, refusals and the position after it are stored in one
   * transaction, so that a crash at any instant loses nothing and repeats nothing. When it throws, nothing was taken.
   */
  ingest(batch: Batch): void {
    try {
      const parserState = this.#parserStateOf(batch.checkpoint.path);
      this.store.transaction(() => {
        this.#take(batch, parserState);
      });
    } catch (error) {
      // What was judged in memory was not stored: forget it, and begin again from what is stored.
      this.#scorers.clear();
      this.#parserStates.clear();
      this.#resolver = restoredResolver(this.store, this.#options);
      this.#queue.length = 0;
      if (!(error instanceof ModelFailed) || this.#unfit.has(error.version)) throw error;
      this.#passOver(error);
      this.ingest(batch);
      return;
    }
    this.#scorers.trim();
    for (const event of this.#queue.splice(0)) this.#events.incident?.(event);
  }

  /**
   * Trains every subject that has enough to learn from and has no model, or one of much less; and goes back to the
   * model before where a new one proves worse. To be called after a batch, and apart from it: a training that fails
   * may be tried again, a batch that was taken may not.
   * Looks at all subjects the first time, then only at those of whom something may be due.
   */
  async trainDue(): Promise<void> {
    await this.#due.look((subject) => this.#doDue(subject));
  }

  async #doDue(subject: Subject): Promise<void> {
    const { id, name, stored } = subject;
    if (stored < this.#dueAt(id)) return;
    this.#driftCheck.look(subject);
    if (this.#canary.end(id, name, stored)) this.#forget(id);
    else if (stored >= this.#trainAt(id)) {
      await this.#tryToTrain(id, name, this.#trainAt(id), stored);
      // At once: after a restart it would be.
      this.#driftCheck.look(subject);
    } else this.#due.changed(id);
  }

  /** Stored actions of a subject at which something is done about its model, and what that is. */
  plan(subjectId: number): { readonly due: number; readonly trainAt: number; readonly canaryUntil: number } {
    const [trainAt, canaryUntil] = [this.#trainAt(subjectId), this.#canary.endsAt(subjectId)];
    return { due: this.#dueAt(subjectId), trainAt, canaryUntil };
  }

  /** The engine's clock, Unix seconds. */
  now(): number {
    return this.#options.now();
  }

  close(): void {
    this.store.close();
  }

  #take(batch: Batch, parserState: ParserState): void {
    const { path } = batch.checkpoint;
    const now = this.#options.now();
    const namesBefore = this.#resolver.revision;
    this.#applyFeedback();
    const oddBefore = Object.keys(parserState.odd).length;
    const { found, refused, lost } = parseBatch(batch, parserState);
    const rows = found.map(({ subject, action, host, line }) => {
      const subjectId = this.store.subjects.ensure(subject, action.time);
      return { subjectId, subject, action, host, path, line };
    });
    // Loaded before the batch is stored: a model is loaded by going through what is stored and was judged.
    for (const { subjectId, subject } of rows) {
      this.#scorerOf(subjectId, subject);
      this.#scorers.use(subjectId);
      this.#due.acted(subjectId);
    }
    const ids = this.store.actions.append(rows);
    rows.forEach((row, r) => this.#scorerOf(row.subjectId, row.subject)?.judge({ ...row, id: ids[r]! }));
    this.#endUnwatched(rows.at(-1)?.action.time ?? -Infinity);
    if (this.#options.outbox) putInOutbox(this.store, batch.checkpoint.offset, this.#queue);
    this.store.refusals.add(refused.map((refusal) => ({ ...refusal, path, at: now })));
    storeLosses(this.store, lost, now, this.#events.notice);
    if (this.#resolver.revision !== namesBefore) storeNames(this.store, this.#resolver);
    this.store.checkpoints.put({ checkpoint: batch.checkpoint, readerState: parserState.save() });
    if (refused.length > 0 || oddBefore !== Object.keys(parserState.odd).length)
      tellOfLog(this.store, path, parserState, this.#events.notice);
  }

  #endUnwatched(now: number): void {
    for (const { subjectId, event } of this.#unwatched.end(now)) {
      this.#queue.push(event);
      this.#forget(subjectId);
    }
  }

  /** What a person has said since, here or in another process, holds from now on. */
  #applyFeedback(): void {
    const revision = this.store.feedback.revision();
    if (revision === this.#appliedFeedback) return;
    this.#appliedFeedback = revision;
    this.#scorers.clear();
  }

  #parserStateOf(path: string): ParserState {
    const known = this.#parserStates.get(path);
    if (known) return known;
    const restored = restoredParserState(this.store, this.#options, this.#resolver, path);
    this.#parserStates.set(path, restored);
    return restored;
  }

  #scorerOf(id: number, name: string): SubjectScorer | undefined {
    if (this.#scorers.has(id)) return this.#scorers.get(id);
    const notice: UserMessage = (what, logEvent) =>
      this.#events.notice?.(message('of', { user: name, what }), logEvent);
    const { pack, algorithm } = this.#options;
    const options = (manifest: Manifest): TrainingOptions => this.#optionsOf(manifest);
    for (;;) {
      const loaded = loadVersion(this.store, id, algorithm, pack, options, notice, algorithm, this.#unfit);
      try {
        // A model is loaded by judging what is stored: one that cannot is passed over, and there is one less.
        const make = () => new SubjectScorer(this.store, this.#options, this.#queue, { id, name }, loaded);
        const scorer = loaded !== undefined || this.#options.facts !== false ? make() : undefined;
        this.#scorers.set(id, scorer);
        return scorer;
      } catch (error) {
        if (!(error instanceof ModelFailed)) throw error;
        this.#passOver(error);
      }
    }
  }

  #passOver(error: ModelFailed): void {
    this.#unfit.add(error.version);
    this.#events.notice?.(...error.told);
  }

  /** One subject's training that fails stops nobody else's, nor the reading: it is tried again when there is more to learn from. */
  async #tryToTrain(id: number, name: string, due: number, stored: number): Promise<void> {
    try {
      await this.#train(id, name, due, stored);
    } catch (error) {
      // What the disk or whoever runs the training wanted is theirs to deal with.
      if (!(error instanceof Error) || error instanceof StoreFull || error instanceof StoreBroken) throw error;
      if (error.name === 'TrainingStopped') throw error;
      this.#due.wait(id, stored + this.#options.trainAfter);
      const logEvent = { what: 'training-failed', error: error.name, code: undefined, places: undefined } as const;
      const what = message('training.later', { cause: error.message });
      this.#events.notice?.(message('of', { user: name, what }), logEvent);
      this.#events.training?.(name, 1);
    }
  }

  /** Trains on the subject's first `due` actions that count, so that the model does not depend on how lines came in batches. */
  async #train(id: number, name: string, due: number, stored: number): Promise<void> {
    const { algorithm, pack, train = trainHere } = this.#options;
    // Tells why a model cannot be used, where that is why another one is trained.
    this.#scorerOf(id, name);
    const trainingSet = trainingSetOf(this.store, pack, id, due);
    if ('missing' in trainingSet) {
      this.#due.wait(id, stored + trainingSet.missing);
      return;
    }
    // Most of it was strange, and nobody said that it was not.
    if (tooFew(learnableOf(trainingSet.past, pack), algorithm) !== undefined) {
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
    this.store.transaction(() => {
      const before = this.store.versions.active(id, algorithm);
      const added = addVersion(this.store, this.#options.state, id, files, known, trainingSet.afterAction);
      if (before) this.#canary.begin(id, added.id, before.id, stored);
    });
    this.#forget(id);
    this.#events.training?.(name, 1);
  }

  #dueAt(id: number): number {
    return this.#due.at(id, () => Math.min(this.#trainAt(id), this.#canary.endsAt(id), this.#driftCheck.dueAt(id)));
  }

  /** Stored actions of a subject at which it is trained: at first, and again on twice as much as its model knows. */
  #trainAt(id: number): number {
    const version = this.store.versions.active(id, this.#options.algorithm);
    const unreadable = this.#scorers.has(id) && this.#scorers.get(id)?.hasModel !== true;
    if (!version || unreadable) return this.#options.trainAfter;
    const manifest = manifestOf(version);
    if (!manifest || !seesTheSame(manifest, this.#options.pack)) return this.#options.trainAfter;
    return Math.max(manifest.training.actions, this.#canary.triedOn(id)) * RETRAIN_AT;
  }

  /** The subject's model is loaded again with its next action. */
  #forget(id: number): void {
    this.#scorers.delete(id);
    this.#due.changed(id);
  }

  #optionsOf({ seed, windowLength }: Pick<Manifest, 'seed' | 'windowLength'>): TrainingOptions {
    return { seed, windowLength, math: this.#options.math };
  }
}
