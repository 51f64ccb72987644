import { isAbsolute } from 'node:path';

import type { Batch, Checkpoint, Ingested } from '../contract/batch.ts';
import type { EngineSettings } from '../contract/settings.ts';
import { Engine } from '../engine/engine.ts';
import type { EngineEvents, EngineOptions } from '../engine/options.ts';
import { isCorruption, StoreBroken, StoreFull } from '../engine/store/problem.ts';
import { putAsideIn } from '../engine/store/put-aside.ts';
import type { Store } from '../engine/store/store.ts';
import { removeUnnamed } from '../engine/model-lifecycle/versions.ts';
import { trainNow } from '../engine/model-lifecycle/train-now.ts';
import { diskLogEvent, withLogEvents } from '../intake/engine-log-events.ts';
import { OwnLog } from '../own-log/own-log.ts';
import { MemoryKeeper } from './give-back-memory.ts';
import { message } from '../contract/story/messages.ts';
import { AskFailed } from '../contract/ipc.ts';
import { loadMathEngine } from '../math/load.ts';
import { optionsOf } from '../settings/engine-options.ts';
import { DamageLook } from '../engine/store/look-for-damage.ts';
import { prune, PRUNE_EVERY } from '../engine/store/prune.ts';
import { trainUntil } from '../training/train-in-thread.ts';
import { Incidents } from './incidents.ts';
import type { Tell } from './serve.ts';
import { Trainings, type Training } from './trainings.ts';

/** Clocks differ by less. Seconds. */
const MINUTES = 600;

interface Opened {
  readonly engine: Engine;
  readonly store: Store;
  readonly options: EngineOptions;
  readonly incidents: Incidents;
  readonly look: DamageLook;
  /** Logs of which it was asked where to read on. */
  readonly asked: Set<string>;
}

/** The engine's life in the worker: opened with settings, made again when they change, training beside the lines. */
export class EngineSession {
  readonly #tell: Tell;
  readonly #memory = new MemoryKeeper();
  readonly #trainings: Trainings;
  /** The last line that was read since the start: its own time, and when it was read. Unix seconds. */
  lastLine: { readonly time: number; readonly readAt: number } | null = null;
  /** What the worker tells of itself; undefined before it has settings. */
  ownLog: OwnLog | undefined;
  #settings: EngineSettings | undefined;
  #options: EngineOptions | undefined;
  #opened: Opened | undefined;
  #batches = 0;

  constructor(tell: Tell) {
    this.#tell = tell;
    this.#trainings = new Trainings({
      tell,
      memory: this.#memory,
      ownLog: () => this.ownLog,
      now: () => this.#options!.now(),
      trainDue: async () => this.#opened?.engine.trainDue(),
    });
  }

  /** By user: what is trained now. */
  get training(): ReadonlyMap<string, Training> {
    return this.#trainings.running;
  }

  async apply(settings: EngineSettings): Promise<void> {
    if (!isAbsolute(settings.state))
      throw new AskFailed('bad-input', message('bad-input.folder', { folder: settings.state }));
    const math = await loadMathEngine(settings.engine);
    await this.close();
    this.#settings = settings;
    this.ownLog = new OwnLog({ folder: settings.state, from: 'worker' });
    const now = (): number => Math.floor(Date.now() / 1000);
    this.#options = {
      ...optionsOf(settings, math),
      now,
      train: (...request) => trainUntil(this.#trainings.signal, 2)(...request),
    };
  }

  /** The engine, opened where it is not yet. @throws AskFailed saying why it cannot be, which may pass */
  get opened(): Opened {
    if (this.#opened) return this.#opened;
    if (!this.#options) throw new AskFailed('store', message('store.no-settings'));
    const opened = Engine.open(this.#options, this.#events());
    if (!opened.ok) {
      this.ownLog?.logEvent({ what: 'store-not-opened', why: opened.problem.kind });
      // Told once and kept: the problem itself is over with the next attempt.
      if (opened.problem.kind === 'corrupt') this.#tell('notice', opened.problem.message);
      throw new AskFailed('store', opened.problem.message);
    }
    const { engine } = opened;
    const incidents = new Incidents(engine.store, this.#options, this.#tell);
    const { store } = engine;
    const look = new DamageLook({
      store,
      now: this.#options.now,
      onDamage: (error) => {
        this.#giveUp(error);
      },
    });
    this.#opened = { engine, store, options: this.#options, incidents, look, asked: new Set() };
    incidents.tellOpen();
    this.ownLog?.logEvent({ what: 'store-opened' });
    this.#trainings.due();
    return this.#opened;
  }

  /** Where to read on; null: nothing is stored of this log. */
  checkpoint(path: string): Checkpoint | null {
    const { engine, asked } = this.opened;
    asked.add(path);
    return engine.checkpoint(path) ?? null;
  }

  ingest(batch: Batch): Ingested {
    const { engine, incidents, store, asked } = this.opened;
    const { path } = batch.checkpoint;
    // It was read for the store before this one: everything that came before it would be missing.
    if (store.state.inPlaceOfLost() && !asked.has(path) && !store.checkpoints.of(path))
      throw new AskFailed('store', message('store.made-again'));
    try {
      engine.ingest(batch);
    } catch (error) {
      if (!(error instanceof StoreFull || error instanceof StoreBroken)) throw error;
      if (isCorruption(error)) this.#giveUp(error);
      else this.ownLog?.logEvent(diskLogEvent(error));
      return { stored: false, problem: error.message };
    }
    // Stored: whatever fails from here on must not look as if it were not, or its lines would be read twice.
    this.#memory.worked(batch.lines.length);
    this.#noteLine(batch);
    this.#unlessDiskFails(() => {
      incidents.tellGrowth();
      if (++this.#batches % PRUNE_EVERY === 0) this.#prune();
    });
    this.#trainings.due();
    return { stored: true, checkpoint: engine.checkpoint(batch.checkpoint.path) ?? batch.checkpoint };
  }

  /** Makes the engine again on the same store: with the versions that are in use now. */
  async renew(change: (store: Store) => void): Promise<void> {
    const { store, options } = this.opened;
    await this.#trainings.stop();
    store.transaction(() => {
      change(store);
    });
    this.#reopen(store, options);
  }

  /** Deletes for good what `work` deletes, and makes the engine again on what is left. */
  async forget<T>(work: (store: Store) => T): Promise<T> {
    const { store, options } = this.opened;
    await this.#trainings.stop();
    const gone = store.overwriting(() => store.transaction(() => work(store)));
    removeUnnamed(store, options.state);
    for (const left of putAsideIn(options.state)) this.#tell('notice', message('store.left', { path: left }));
    this.#reopen(store, options);
    this.#trainings.due();
    return gone;
  }

  /** Begins to train a user's model; lines are taken in meanwhile. @throws AskFailed when it cannot be */
  async trainNow(user: string): Promise<void> {
    const { store, options } = this.opened;
    const subject = store.subjects.byName(user);
    if (!subject) throw new AskFailed('not-found', message('not-found.user', { user }));
    await this.#trainings.stop();
    const { training } = this.#events();
    this.#trainings.begin(async () => {
      const done = await trainNow(store, options, subject, (progress) => training?.(user, progress));
      if ('version' in done) this.#reopen(store, options);
      else this.#tell('notice', `${user}: a model ${done.problem}.`);
      this.#trainings.progress(user, 1);
    });
  }

  /** Ends training and closes the database; `opened` opens it again. */
  async close(): Promise<void> {
    await this.#trainings.stop();
    this.#opened?.look.stop();
    this.#opened?.engine.close();
    this.#opened = undefined;
    this.#memory.stop();
    this.ownLog?.close();
  }

  #noteLine({ lines }: Batch): void {
    const time = lines.length > 0 ? timeOf(lines.at(-1)!.text) : undefined;
    if (time === undefined) return;
    const readAt = this.#options!.now();
    const before = this.lastLine?.time ?? Infinity;
    // A time of the future makes nothing fresh; a log that is all in the future has a clock of its own.
    const isSane = time <= readAt + MINUTES || before > readAt + MINUTES;
    this.lastLine = { time: isSane ? time : before, readAt };
  }

  /** The database is damaged: when it is opened again it is put aside, and what the log still holds is read again. */
  #giveUp(error: Error): void {
    this.ownLog?.logEvent({ what: 'not-stored', why: 'corrupt' });
    this.#tell('notice', error.message);
    this.#trainings.abort();
    this.#opened?.look.stop();
    this.#opened?.engine.close();
    this.#opened = undefined;
  }

  #reopen(store: Store, options: EngineOptions): void {
    if (!this.#opened) return;
    this.#opened = { ...this.#opened, engine: new Engine(store, options, this.#events()) };
  }

  #events(): EngineEvents {
    const events: EngineEvents = {
      incident: (event) => this.#opened?.incidents.tell(event),
      training: (user, progress) => {
        this.#trainings.progress(user, progress);
      },
      notice: (text) => {
        this.#tell('notice', text);
      },
    };
    return withLogEvents(events, this.ownLog!);
  }

  #prune(): void {
    const { store, options } = this.opened;
    prune(store, this.#settings!, options.now());
  }

  #unlessDiskFails(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof StoreFull || error instanceof StoreBroken)) throw error;
      this.ownLog?.logEvent(diskLogEvent(error));
      this.#tell('notice', error.message);
    }
  }
}

/** When osquery logged a line: the number, or the text that older ones write. */
function timeOf(line: string): number | undefined {
  const found = /"unixTime":\s*"?(\d{1,12})\b/.exec(line)?.[1];
  return found === undefined ? undefined : Number(found);
}
