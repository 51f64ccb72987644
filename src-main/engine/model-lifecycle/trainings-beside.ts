import { learnableOf, tooFew } from './enough.ts';
import { pastOf, trainingSetOf, type TrainingSet } from './training-set.ts';
import { writeVersion, type WrittenModel } from './versions.ts';
import { trainHere } from '../models/train.ts';
import { trainingOptionsOf, type EngineEvents, type EngineOptions } from '../options.ts';
import { StoreBroken, StoreFull } from '../store/problem.ts';
import type { BegunTraining } from '../store/trainings.ts';
import type { Store } from '../store/store.ts';

/** The model of a training comes into use after the batch with this many actions of the subject since it was begun, … */
const ADOPT_AFTER = 500;
/** … or, where the subject does less, after the first batch this much later, in seconds of the engine's clock. */
const ADOPT_WITHIN = 3600;

/** What is fixed of a training in a pause. */
const PAUSE = { counted: 0, afterAction: 0, leftOut: [] };

/** What came of a training. */
type Made = WrittenModel | { readonly failed: Error };

interface Run {
  readonly subjectId: number;
  /** What is learned, see `textOf`. */
  readonly text: string;
  readonly stop: AbortController;
  /** When it is over, why nothing can come of any training now, if that is so. */
  readonly over: Promise<Error | undefined>;
}

/**
 * Trainings that go on while batches are read, one after the other. What is learned is fixed in the store when a training is begun, and
 * its model comes into use at a place that the batches decide: whoever reads the same batches stores the same, however long a training
 * takes, and however often it is begun again after a restart. Only one that is not over at its place is waited for.
 */
export class TrainingsBeside {
  readonly #store: Store;
  readonly #options: EngineOptions;
  readonly #events: EngineEvents;
  /** By subject, with what was learned. */
  readonly #made = new Map<number, { readonly text: string; readonly made: Made }>();
  /** By subject: stored actions before which there is too little to learn from. */
  readonly #tooLittle = new Map<number, number>();
  #run: Run | undefined;
  #isClosed = false;

  constructor(store: Store, options: EngineOptions, events: EngineEvents) {
    this.#store = store;
    this.#options = options;
    this.#events = events;
  }

  /** Of whom something is to be done that may not have acted: subjects' ids. */
  toLookAt(): number[] {
    return this.#store.trainings.toLookAt(this.#options.now() - ADOPT_WITHIN);
  }

  /** Stored actions of a subject before which no training is begun. */
  notBefore(subjectId: number): number {
    if (this.#store.trainings.of(subjectId)) return Infinity;
    // One after the other: a model is compared with the one that it took the place of.
    const canary = this.#store.subjectState.canary(subjectId)?.until ?? 0;
    return Math.max(canary, this.#tooLittle.get(subjectId) ?? 0);
  }

  wait(subjectId: number, stored: number): void {
    this.#tooLittle.set(subjectId, stored);
  }

  /** Stored actions are fewer now: whoever waits for more is counted again. @returns who that is: subjects' ids */
  recount(): number[] {
    const waiting = [...this.#tooLittle.keys()];
    this.#tooLittle.clear();
    return waiting;
  }

  /** Fixes what a subject's training learns from; the training itself is begun by `goOn`. */
  begin(subjectId: number, { counted, afterAction, leftOut }: TrainingSet): void {
    this.#tooLittle.delete(subjectId);
    this.#put({ ...this.#now(subjectId), counted, afterAction, leftOut });
  }

  /** Nothing can be learned: it is tried again where a model would have come into use. */
  pause(subjectId: number): void {
    this.#put(this.#pauseOf(subjectId));
  }

  /** What is to end after this batch: a subject's training, whose model comes into use, or its pause. */
  due(subjectId: number): BegunTraining | undefined {
    const begun = this.#store.trainings.of(subjectId);
    if (!begun) return undefined;
    const found = begun.leftOut ? begun : this.#findAgain(begun);
    return this.#isOver(found) ? found : undefined;
  }

  /** @returns what came of a training, once it is over @throws what makes all of them wait: the disk, or whoever runs the training */
  async made({ subjectId }: BegunTraining): Promise<Made> {
    for (;;) {
      const known = this.#made.get(subjectId);
      if (known) return known.made;
      this.#start(subjectId);
      if (!this.#run) throw new Error('A training was waited for in an engine that is closed.');
      const error = await this.#run.over;
      if (error) throw error;
    }
  }

  /** A subject's training or pause is over. Only in a transaction. @param failed another one is tried after a pause */
  end(subjectId: number, failed: boolean): void {
    if (failed) this.#store.trainings.put(this.#pauseOf(subjectId));
    else this.#store.trainings.remove(subjectId);
  }

  /** That is stored. */
  ended(subjectId: number): void {
    this.#made.delete(subjectId);
  }

  /** Trains what was begun and is not trained yet, in that order. */
  goOn(): void {
    if (this.#run || this.#isClosed) return;
    const next = this.#store.trainings.begun().find((id) => !this.#made.has(id));
    if (next !== undefined) this.#start(next);
  }

  /** Stops what runs: whoever has the store next begins it again. */
  close(): void {
    this.#isClosed = true;
    this.#run?.stop.abort();
  }

  #pauseOf(subjectId: number): BegunTraining {
    return { ...this.#now(subjectId), ...PAUSE };
  }

  #now(subjectId: number): Pick<BegunTraining, 'subjectId' | 'begunAt' | 'begunAfter'> {
    const begunAfter = this.#store.actions.last(subjectId, 1)[0]?.id ?? 0;
    return { subjectId, begunAt: this.#options.now(), begunAfter };
  }

  #put(training: BegunTraining): void {
    this.#store.transaction(() => {
      this.#store.trainings.put(training);
    });
  }

  #isOver({ subjectId, begunAt, begunAfter, counted, leftOut }: BegunTraining): boolean {
    // A person said what may make it possible.
    if (counted === 0 && !leftOut) return true;
    if (this.#options.now() >= begunAt + ADOPT_WITHIN) return true;
    return this.#store.actions.countAfter(subjectId, begunAfter, ADOPT_AFTER) === ADOPT_AFTER;
  }

  /** Something was said of the subject: what is learned may be another set now, which is trained in its place, to come into use there. */
  #findAgain(begun: BegunTraining): BegunTraining {
    const { subjectId, counted } = begun;
    if (counted === 0) return begun;
    const { pack, algorithm } = this.#options;
    const set = trainingSetOf(this.#store, pack, subjectId, counted);
    const isEnough = !('missing' in set) && tooFew(learnableOf(set.past, pack), algorithm) === undefined;
    const found = isEnough ? { ...begun, afterAction: set.afterAction, leftOut: set.leftOut } : { ...begun, ...PAUSE };
    this.#put(found);
    this.#dropOther(found);
    return found;
  }

  #dropOther(found: BegunTraining): void {
    const { subjectId } = found;
    const text = textOf(found);
    if (this.#run?.subjectId === subjectId && this.#run.text !== text) this.#run.stop.abort();
    if (this.#made.get(subjectId)?.text !== text) this.#made.delete(subjectId);
  }

  #start(subjectId: number): void {
    if (this.#run || this.#isClosed) return;
    const begun = this.#store.trainings.of(subjectId)!;
    const [text, stop] = [textOf(begun), new AbortController()];
    const over = this.#train(begun, stop.signal).then(
      (made) => {
        this.#over(subjectId, stop, { text, made });
        return undefined;
      },
      (cause: unknown) => {
        const error = cause instanceof Error ? cause : new Error(String(cause));
        const isPutOff = concernsAll(cause);
        this.#over(subjectId, stop, isPutOff ? undefined : { text, made: { failed: error } });
        return isPutOff && !stop.signal.aborted ? error : undefined;
      },
    );
    this.#run = { subjectId, text, stop, over };
  }

  #over(subjectId: number, { signal }: AbortController, made: { text: string; made: Made } | undefined): void {
    this.#run = undefined;
    if (made && !signal.aborted) this.#made.set(subjectId, made);
  }

  async #train(begun: BegunTraining, signal: AbortSignal): Promise<WrittenModel> {
    const { subjectId, begunAt, counted, afterAction, leftOut = [] } = begun;
    const { algorithm, pack, state, train = trainHere } = this.#options;
    const { name } = this.#store.subjects.byId(subjectId)!;
    // Read only now: of all that wait for their turn, it would fill the memory.
    const past = pastOf(this.#store, subjectId, { afterAction, leftOut });
    const { files, manifest } = await train(past, {
      subject: name,
      algorithm,
      pack,
      options: trainingOptionsOf(this.#options),
      now: begunAt,
      signal,
      onProgress: (progress) => this.#events.training?.(name, progress),
    });
    signal.throwIfAborted();
    const training = { ...manifest.training, actions: counted };
    return writeVersion(state, subjectId, files, { ...manifest, training });
  }
}

const textOf = ({ afterAction, leftOut }: BegunTraining): string => JSON.stringify([afterAction, leftOut]);

/** What the disk or whoever runs trainings wants is theirs to deal with. */
export const concernsAll = (error: unknown): boolean =>
  !(error instanceof Error) ||
  error instanceof StoreFull ||
  error instanceof StoreBroken ||
  error.name === 'TrainingStopped';
