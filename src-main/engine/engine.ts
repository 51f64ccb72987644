import type { TrainingOptions } from '../../models/detector.ts';
import type { Batch, Checkpoint } from '../contract.ts';
import { lessonOf, RETRAIN_AT } from './lesson.ts';
import { trainHere } from './models/train.ts';
import type { Manifest } from './models/manifest.ts';
import type { EngineEvents, EngineOptions } from './options.ts';
import { openStore } from './store/open.ts';
import type { StoreProblem } from './store/problem.ts';
import type { Store } from './store/store.ts';
import { addVersion, loadVersion, removeUnnamed } from './versions.ts';
import { Watched, type IncidentQueue } from './watched.ts';
import { Who } from './reading/who.ts';
import { storedNames, storeNames } from './uid-names.ts';
import { Readers, understand } from './understand.ts';

export type OpenedEngine =
  { readonly ok: true; readonly engine: Engine } | { readonly ok: false; readonly problem: StoreProblem };

/** The life of a line: understood, stored, judged and learned, or refused and counted. */
export class Engine {
  readonly store: Store;
  readonly #options: EngineOptions;
  readonly #events: EngineEvents;
  /** Subjects met since the start; undefined: no model yet. */
  readonly #watched = new Map<number, Watched | undefined>();
  readonly #readers = new Map<string, Readers>();
  /** Stored actions of a subject before which it is no use to look for a lesson again. */
  readonly #notBefore = new Map<number, number>();
  readonly #queue: IncidentQueue = [];
  #who: Who;

  constructor(store: Store, options: EngineOptions, events: EngineEvents) {
    this.store = store;
    this.#options = options;
    this.#events = events;
    this.#who = this.#restoreWho();
  }

  static open(options: EngineOptions, events: EngineEvents = {}): OpenedEngine {
    const opened = openStore(options.state, { now: options.now() });
    if (!opened.ok) return opened;
    removeUnnamed(opened.store, options.state);
    return { ok: true, engine: new Engine(opened.store, options, events) };
  }

  /** Where to read on. */
  checkpoint(path: string): Checkpoint | undefined {
    return this.store.checkpoints.of(path)?.checkpoint;
  }

  /**
   * Takes a batch in: its actions, scores, incidents, refusals and the position after it are stored in one
   * transaction, so that a crash at any instant loses nothing and repeats nothing. When it throws, nothing was taken.
   */
  ingest(batch: Batch): void {
    const readers = this.#readersOf(batch.checkpoint.path);
    try {
      this.store.transaction(() => {
        this.#take(batch, readers);
      });
    } catch (error) {
      // What was judged in memory was not stored: forget it, and begin again from what is stored.
      this.#watched.clear();
      this.#readers.clear();
      this.#who = this.#restoreWho();
      this.#queue.length = 0;
      throw error;
    }
    for (const event of this.#queue.splice(0)) this.#events.incident?.(event);
  }

  /**
   * Trains every subject that has enough to learn from and has no model, or one of much less. To be called after a
   * batch, and apart from it: a training that fails may be tried again, a batch that was taken may not.
   */
  async trainDue(): Promise<void> {
    for (const { id, name, stored } of this.store.subjects.list()) {
      if (stored < (this.#notBefore.get(id) ?? 0)) continue;
      const watched = this.#watchedOf(id, name);
      const due = watched ? watched.trainedOn * RETRAIN_AT : this.#options.trainAfter;
      if (stored >= due) await this.#train(id, name, due, stored);
    }
  }

  close(): void {
    this.store.close();
  }

  #take(batch: Batch, readers: Readers): void {
    const { path } = batch.checkpoint;
    const now = this.#options.now();
    const namesBefore = this.#who.revision;
    const { found, refused, lost } = understand(batch, readers);
    const rows = found.map(({ subject, action, host, line }) => {
      const subjectId = this.store.subjects.ensure(subject, action.time);
      return { subjectId, subject, action, host, path, line };
    });
    // Woken before the batch is stored: a model wakes by going through what is stored and was judged.
    for (const { subjectId, subject } of rows) this.#watchedOf(subjectId, subject);
    const ids = this.store.actions.append(rows);
    rows.forEach((row, r) => this.#watchedOf(row.subjectId, row.subject)?.judge({ ...row, id: ids[r]! }));
    this.store.refusals.add(refused.map((refusal) => ({ ...refusal, path, at: now })));
    for (const loss of lost) {
      this.store.losses.add({ ...loss, at: now });
      this.#events.notice?.(`${loss.count} results of ${loss.query} on ${loss.host} were lost before they were logged`);
    }
    if (this.#who.revision !== namesBefore) storeNames(this.store, this.#who);
    this.store.checkpoints.put({ checkpoint: batch.checkpoint, readerState: readers.save() });
  }

  #restoreWho(): Who {
    return new Who(this.#options.subject, storedNames(this.store));
  }

  #readersOf(path: string): Readers {
    let readers = this.#readers.get(path);
    if (!readers) {
      readers = new Readers(this.#options.pack, this.#who, this.store.checkpoints.of(path)?.readerState);
      this.#readers.set(path, readers);
    }
    return readers;
  }

  #watchedOf(id: number, name: string): Watched | undefined {
    if (this.#watched.has(id)) return this.#watched.get(id);
    const notice = (text: string): void => this.#events.notice?.(`${name}: ${text}`);
    const { pack, algorithm } = this.#options;
    const loaded = loadVersion(this.store, id, algorithm, pack, (manifest) => this.#optionsOf(manifest), notice);
    const watched = loaded && new Watched(this.store, this.#options, this.#queue, { id, name }, loaded);
    this.#watched.set(id, watched);
    return watched;
  }

  /** Trains on the subject's first `due` actions that count, so that the model does not depend on how lines came in batches. */
  async #train(id: number, name: string, due: number, stored: number): Promise<void> {
    const { algorithm, pack, train = trainHere } = this.#options;
    const lesson = lessonOf(this.store, pack, id, due);
    if ('missing' in lesson) {
      this.#notBefore.set(id, stored + lesson.missing);
      return;
    }
    const { files, manifest } = await train(lesson.past, {
      ...{ subject: name, algorithm, pack, options: this.#optionsOf(this.#options), now: this.#options.now() },
      onProgress: (progress) => this.#events.training?.(name, progress),
    });
    const known = { ...manifest, training: { ...manifest.training, actions: lesson.counted } };
    this.store.transaction(() => {
      addVersion(this.store, this.#options.state, id, files, known, lesson.afterAction);
    });
    this.#watched.delete(id);
    this.#events.training?.(name, 1);
  }

  #optionsOf({ seed, windowLength }: Pick<Manifest, 'seed' | 'windowLength'>): TrainingOptions {
    return { seed, windowLength, math: this.#options.math };
  }
}
