import type { TrainingOptions } from '../../models/detector.ts';
import type { Batch, Checkpoint } from '../contract/batch.ts';
import { tellOfLog } from './reading/log-health.ts';
import { UnwatchedIncidents } from './facts/unwatched.ts';
import type { Manifest } from './models/manifest.ts';
import { message } from '../contract/story/messages.ts';
import type { EngineEvents, EngineOptions, UserMessage } from './options.ts';
import { beforeAll } from './store/checkpoints.ts';
import { openStore } from './store/open.ts';
import { isCorruption, StoreBroken, StoreFull, type StoreProblem } from './store/problem.ts';
import { putInOutbox } from './put-in-outbox.ts';
import { ModelUpkeep } from './model-lifecycle/upkeep.ts';
import type { Store } from './store/store.ts';
import { loadVersion, removeUnnamed } from './model-lifecycle/versions.ts';
import { ModelFailed } from './model-lifecycle/model-failed.ts';
import { RecentMap } from './recent-map.ts';
import { SubjectScorer, type IncidentQueue } from './subject-scorer.ts';
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
  /** Versions that failed while they judged. */
  readonly #unfit = new Set<number>();
  #resolver: SubjectResolver;
  readonly #upkeep: ModelUpkeep;
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
    this.#upkeep = new ModelUpkeep(store, options, events, {
      load: (id, name) => {
        this.#scorerOf(id, name);
      },
      forget: (id) => {
        this.#scorers.delete(id);
      },
      hasNone: (id) => this.#scorers.has(id) && this.#scorers.get(id)?.hasModel !== true,
    });
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
   * @throws what concerns the training that it ends with or, of those beside the batches, waits for
   */
  async trainDue(): Promise<void> {
    await this.#upkeep.trainDue();
  }

  /** To be called when stored actions were deleted: how many there are is no measure any more of how many came. */
  pruned(): void {
    this.#upkeep.pruned();
  }

  /** Stored actions of a subject at which something is done about its model, and what that is. */
  plan(subjectId: number): ReturnType<ModelUpkeep['plan']> {
    return this.#upkeep.plan(subjectId);
  }

  /** The engine's clock, Unix seconds. */
  now(): number {
    return this.#options.now();
  }

  close(): void {
    this.#upkeep.close();
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
      this.#upkeep.acted(subjectId);
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

  /** The subject's model is loaded again with its next action. */
  #forget(id: number): void {
    this.#scorers.delete(id);
    this.#upkeep.changed(id);
  }

  #optionsOf({ seed, windowLength }: Pick<Manifest, 'seed' | 'windowLength'>): TrainingOptions {
    return { seed, windowLength, math: this.#options.math };
  }
}
