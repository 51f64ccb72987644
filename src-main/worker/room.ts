import { isAbsolute } from 'node:path';

import type { Batch, Ingested } from '../contract.ts';
import type { EngineSettings } from '../contract/settings.ts';
import { Engine } from '../engine/engine.ts';
import type { EngineEvents, EngineOptions } from '../engine/options.ts';
import { isCorruption, StoreBroken, StoreFull } from '../engine/store/problem.ts';
import { putAsideIn } from '../engine/store/put-aside.ts';
import type { Store } from '../engine/store/store.ts';
import { removeUnnamed } from '../engine/versions.ts';
import { trainNow } from '../engine/train-now.ts';
import { diskNote, noting } from '../engine-notes.ts';
import { failureOf } from '../own-log/notes-of.ts';
import { OwnLog } from '../own-log/own-log.ts';
import { MemoryKeeper } from '../give-back-memory.ts';
import { AskFailed } from '../ipc.ts';
import { loadMathEngine } from '../math/load.ts';
import { optionsOf } from '../options-of.ts';
import { prune, PRUNE_EVERY } from '../prune.ts';
import { trainUntil, TrainingStopped } from '../train-in-thread.ts';
import { Incidents } from './incidents.ts';
import type { Tell } from './serve.ts';

/** A training that is under way. */
export interface Training {
  /** 0…1. */
  readonly progress: number;
  /** When it began, Unix seconds. */
  readonly since: number;
}

interface Opened {
  readonly engine: Engine;
  readonly store: Store;
  readonly options: EngineOptions;
  readonly incidents: Incidents;
}

/** The engine's life in the worker: opened with settings, made anew when they change, training beside the lines. */
export class Room {
  readonly #tell: Tell;
  readonly #memory = new MemoryKeeper();
  /** By user: what is trained now. */
  readonly training = new Map<string, Training>();
  /** The last line that was read since the start: its own time, and when it was read. Unix seconds. */
  lastLine: { readonly time: number; readonly readAt: number } | null = null;
  /** What the worker tells of itself; undefined before it has settings. */
  ownLog: OwnLog | undefined;
  #settings: EngineSettings | undefined;
  #options: EngineOptions | undefined;
  #opened: Opened | undefined;
  #stop = new AbortController();
  #trained: Promise<void> | undefined;
  #dueAgain = false;
  #batches = 0;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  async apply(settings: EngineSettings): Promise<void> {
    if (!isAbsolute(settings.state))
      throw new AskFailed('bad-input', `The state folder «${settings.state}» must be absolute.`);
    const math = await loadMathEngine(settings.engine);
    await this.close();
    this.#settings = settings;
    this.ownLog = new OwnLog({ folder: settings.state, from: 'worker' });
    const now = (): number => Math.floor(Date.now() / 1000);
    this.#options = {
      ...optionsOf(settings, math),
      now,
      train: (...lesson) => trainUntil(this.#stop.signal)(...lesson),
    };
  }

  /** The engine, opened where it is not yet. @throws AskFailed saying why it cannot be, which may pass */
  get opened(): Opened {
    if (this.#opened) return this.#opened;
    if (!this.#options) throw new AskFailed('store', 'The engine has no settings yet.');
    const opened = Engine.open(this.#options, this.#events());
    if (!opened.ok) {
      this.ownLog?.note({ what: 'store-not-opened', why: opened.problem.kind });
      // Told once and kept: the trouble itself is over with the next attempt.
      if (opened.problem.kind === 'corrupt') this.#tell('notice', opened.problem.message);
      throw new AskFailed('store', opened.problem.message);
    }
    const { engine } = opened;
    const incidents = new Incidents(engine.store, this.#options, this.#tell);
    this.#opened = { engine, store: engine.store, options: this.#options, incidents };
    incidents.tellOpen();
    this.ownLog?.note({ what: 'store-opened' });
    this.#trainDue();
    return this.#opened;
  }

  ingest(batch: Batch): Ingested {
    const { engine, incidents } = this.opened;
    try {
      engine.ingest(batch);
    } catch (error) {
      if (!(error instanceof StoreFull || error instanceof StoreBroken)) throw error;
      this.ownLog?.note(diskNote(error));
      if (isCorruption(error)) this.#giveUp();
      return { stored: false, problem: error.message };
    }
    // Stored: whatever fails from here on must not look as if it were not, or its lines would be read twice.
    this.#memory.worked(batch.lines.length);
    this.#noteLine(batch);
    this.#unlessDiskFails(() => {
      incidents.tellGrowth();
      if (++this.#batches % PRUNE_EVERY === 0) this.#prune();
    });
    this.#trainDue();
    return { stored: true, checkpoint: engine.checkpoint(batch.checkpoint.path) ?? batch.checkpoint };
  }

  /** Makes the engine anew on the same store: with the versions that are in use now. */
  async renew(change: (store: Store) => void): Promise<void> {
    const { store, options } = this.opened;
    await this.#stopTraining();
    store.transaction(() => {
      change(store);
    });
    this.#reopen(store, options);
  }

  /** Deletes for good what `work` deletes, and makes the engine anew on what is left. */
  async forget<T>(work: (store: Store) => T): Promise<T> {
    const { store, options } = this.opened;
    await this.#stopTraining();
    const gone = store.overwriting(() => store.transaction(() => work(store)));
    removeUnnamed(store, options.state);
    for (const left of putAsideIn(options.state))
      this.#tell(
        'notice',
        `${left} was put aside earlier and may still hold what was deleted now; delete it by yourself.`,
      );
    this.#reopen(store, options);
    this.#trainDue();
    return gone;
  }

  /** Begins to train a user's model; lines are taken in meanwhile. @throws AskFailed when it cannot be */
  async trainNow(user: string): Promise<void> {
    const { store, options } = this.opened;
    const subject = store.subjects.byName(user);
    if (!subject) throw new AskFailed('not-found', `There is no user ${user}.`);
    await this.#stopTraining();
    const { training } = this.#events();
    this.#train(async () => {
      const missing = await trainNow(store, options, subject, (progress) => training?.(user, progress));
      if (missing === undefined) this.#reopen(store, options);
      else this.#tell('notice', `${user}: ${missing} more actions are needed before a model can be trained.`);
      this.#progress(user, 1);
    });
  }

  /** Ends training and closes the database; `opened` opens it again. */
  async close(): Promise<void> {
    await this.#stopTraining();
    this.#opened?.engine.close();
    this.#opened = undefined;
    this.#memory.stop();
    this.ownLog?.close();
  }

  #noteLine({ lines }: Batch): void {
    const time = lines.length > 0 ? timeOf(lines.at(-1)!.text) : undefined;
    if (time !== undefined) this.lastLine = { time, readAt: this.#options!.now() };
  }

  /** The database is damaged: when it is opened again it is put aside, and what the log still holds is read anew. */
  #giveUp(): void {
    this.#stop.abort();
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
        this.#progress(user, progress);
      },
      notice: (text) => {
        this.#tell('notice', text);
      },
    };
    return noting(events, this.ownLog!);
  }

  #progress(user: string, progress: number): void {
    if (progress < 1) {
      const since = this.training.get(user)?.since ?? this.#options!.now();
      this.training.set(user, { progress, since });
    } else {
      this.training.delete(user);
      this.#memory.trained();
    }
    this.#tell('training', { user, progress });
  }

  #trainDue(): void {
    // What comes while something is trained may be due once that is done.
    if (this.#trained) this.#dueAgain = true;
    else this.#train(async () => this.#opened?.engine.trainDue());
  }

  #train(work: () => Promise<void>): void {
    this.#stop = new AbortController();
    this.#trained = work()
      .catch((error: unknown) => {
        if (error instanceof TrainingStopped) return;
        this.ownLog?.note({ what: 'training-failed', ...failureOf(error) });
        this.#tell('notice', `Training failed: ${error instanceof Error ? error.message : String(error)}`);
      })
      .finally(() => {
        this.#trained = undefined;
        this.training.clear();
        const again = this.#dueAgain && !this.#stop.signal.aborted;
        this.#dueAgain = false;
        if (again) this.#trainDue();
      });
  }

  async #stopTraining(): Promise<void> {
    this.#stop.abort();
    await this.#trained;
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
      this.ownLog?.note(diskNote(error));
      this.#tell('notice', error.message);
    }
  }
}

/** When osquery logged a line: the number, or the text that older ones write. */
function timeOf(line: string): number | undefined {
  const found = /"unixTime":\s*"?(\d{1,12})\b/.exec(line)?.[1];
  return found === undefined ? undefined : Number(found);
}
