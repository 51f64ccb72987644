import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';

import { fusedEngine } from '../../models/fused.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import type { EngineOptions } from '../../src-main/engine/options.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import type { Store } from '../../src-main/engine/store/store.ts';
import { ingestLoop } from '../../src-main/intake/ingest-loop.ts';
import { damage } from './damage.ts';
import { Journal, MOST_LINE_BYTES } from './journal.ts';
import type { Step } from './schedule.ts';
import type { StatementFaults } from './statement-faults.ts';
import type { SystemFaults } from './system-faults.ts';

/** With nothing wrong any more everything is stored in a fraction of this, also on a busy machine. Milliseconds. */
const WATCHDOG_MS = 8000;
const pack = defaultPack();
const math = fusedEngine();

export interface Faults {
  readonly statements: StatementFaults;
  /** Undefined where there is no C compiler. */
  readonly system: SystemFaults | undefined;
}

/** What a schedule did. */
export interface Outcome {
  readonly lines: number;
  readonly lost: number;
  readonly refused: number;
}

/** A log, whoever writes it, and an engine that follows it while things go wrong. */
export class World {
  readonly notices: string[] = [];
  readonly #folder: string;
  readonly #state: string;
  readonly #journal: Journal;
  readonly #faults: Faults;
  #now = 1_795_594_500;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** Where what a crash left was kept, until the engine that crashed is out of the way. */
  #crashed: string | undefined;
  #undo: (() => void) | undefined;

  constructor(parent: string, faults: Faults) {
    this.#folder = mkdtempSync(join(parent, 'world-'));
    this.#state = join(this.#folder, 'state');
    this.#journal = new Journal(join(this.#folder, 'log'));
    this.#faults = faults;
  }

  /** @throws Error saying what did not hold */
  async live(steps: readonly Step[]): Promise<Outcome> {
    this.#start();
    // The promise begins where the first line was stored: what was rotated away before that was never met.
    this.#journal.write(1);
    await this.#settle();
    for (const step of steps) {
      await this.#adoptCrash();
      await this.#do(step);
    }
    return this.#end();
  }

  async remove(): Promise<void> {
    this.#heal();
    await this.#halt().catch(() => undefined);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #do(step: Step): Promise<void> {
    const journal = this.#journal;
    switch (step.do) {
      case 'wait':
        for (let t = 0; t < step.turns; t++) await pause(1);
        return;
      case 'settle':
        this.#heal();
        this.#undisturbed(() => {
          this.#undoLast();
          this.#journal.complete();
        });
        return this.#settle();
      case 'restart':
        await this.#halt();
        this.#start();
        return;
      case 'crash':
        if (step.statements === 0) this.#crash();
        else
          this.#faults.statements.arm({
            after: step.statements,
            times: 1,
            strike: () => {
              this.#crash();
            },
          });
        return;
      case 'statement fails':
        this.#faults.statements.arm({ ...step, strike: step.code });
        return;
      case 'full':
        this.#faults.statements.mayGrow(join(this.#state, 'ubad.db'), step.pages);
        return;
      case 'system fails':
        this.#faults.system?.arm(step.fault, join(this.#folder, step.where));
        return;
      case 'heal':
        this.#heal();
        return;
      case 'clock':
        this.#now = Math.max(0, this.#now + step.seconds);
        journal.jump(step.seconds);
        return;
      case 'damage':
        return this.#damage(step);
      default:
        this.#undoLast();
        this.#undisturbed(() => {
          this.#write(step);
        });
    }
  }

  #write(step: Step): void {
    const journal = this.#journal;
    if (step.do === 'write') journal.write(step.lines);
    else if (step.do === 'half') journal.half(step.bytes);
    else if (step.do === 'garbage') journal.garbage(step.what);
    else if (step.do === 'rotate') journal.rotate(step);
    else if (step.do === 'truncate') journal.truncate();
    else if (step.do === 'remove') journal.remove();
    else if (step.do === 'forget') journal.forget(step.kept);
    else if (step.do === 'folder for log') {
      this.#undo = journal.folderForLog();
    }
  }

  #undoLast(): void {
    const undo = this.#undo;
    this.#undo = undefined;
    if (undo) this.#undisturbed(undo);
  }

  #start(): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const options: EngineOptions = {
      state: this.#state,
      pack,
      math,
      algorithm: 'ocsvm',
      seed: 1,
      windowLength: 50,
      trainAfter: 1_000_000,
      sensitivity: { alertsPerDay: 1 },
      subject: 'alice',
      now: () => this.#now,
    };
    const notice = (text: string): void => void this.notices.push(text);
    this.#running = ingestLoop({
      log: this.#journal.log,
      startAt: 'beginning',
      signal,
      retryMs: 3,
      pollMs: 20,
      maxBatchLines: 7,
      maxLineBytes: MOST_LINE_BYTES,
      onNotice: notice,
      open: () => Engine.open(options, { notice }),
      onState: (state) => {
        notice(JSON.stringify(state));
      },
    }).then(async (problem) => {
      // A person would start it again, or its service manager.
      if (!problem) return;
      notice(problem.message);
      await pause(3);
      if (!signal.aborted) this.#start();
    });
    // Looked at when it is waited for.
    this.#running.catch(() => undefined);
  }

  async #halt(): Promise<void> {
    for (;;) {
      const running = this.#running;
      this.#stop.abort();
      await running;
      if (running === this.#running) return;
    }
  }

  /** Keeps what is on the disk at this instant, as a kill would leave it. */
  #crash(): void {
    if (this.#crashed !== undefined || !existsSync(this.#state)) return;
    this.#crashed = join(this.#folder, 'crashed');
    this.#undisturbed(() => {
      cpSync(this.#state, this.#crashed!, { recursive: true });
    });
  }

  async #adoptCrash(): Promise<void> {
    if (this.#crashed === undefined) return;
    this.#faults.system?.heal();
    await this.#halt();
    rmSync(this.#state, { recursive: true });
    renameSync(this.#crashed, this.#state);
    this.#crashed = undefined;
    this.#start();
  }

  async #damage({ file, how, at, clean }: Extract<Step, { do: 'damage' }>): Promise<void> {
    this.#heal();
    if (!clean) this.#crash();
    await this.#halt();
    if (this.#crashed !== undefined) {
      rmSync(this.#state, { recursive: true });
      renameSync(this.#crashed, this.#state);
      this.#crashed = undefined;
    }
    // A torn -wal is what a crash leaves: nothing tells the two apart.
    const stored = file === 'ubad.db' ? this.#stored() : [];
    damage(join(this.#state, file), how, at);
    if (file === 'ubad.db-wal') this.#journal.knowOnly(this.#stored());
    this.#journal.forgetStored(stored);
    this.#start();
  }

  #heal(): void {
    this.#faults.system?.heal();
    this.#faults.statements.heal();
    this.#faults.statements.mayGrow(join(this.#state, 'ubad.db'), Infinity);
  }

  /** What the world itself does is not disturbed. */
  #undisturbed(work: () => void): void {
    const { statements, system } = this.#faults;
    statements.pausing(() => {
      if (system) system.pausing(work);
      else work();
    });
  }

  async #end(): Promise<Outcome> {
    this.#undoLast();
    this.#heal();
    await this.#adoptCrash();
    this.#heal();
    this.#journal.finish();
    await this.#settle();
    await this.#halt();
    this.#mustBeSound();
    return this.#judge();
  }

  /** Until all that can still be read is stored. */
  async #settle(): Promise<void> {
    const deadline = performance.now() + WATCHDOG_MS;
    for (let looks = 0; ; looks++) {
      const stored = this.#stored();
      const has = new Set(stored);
      const { count, gone } = this.#journal;
      let missing = 0;
      for (let n = 0; n < count; n++) if (!has.has(n) && !gone.has(n)) missing++;
      // A half line waits for its rest.
      if (missing === 0) return;
      if (await this.#hasFailed()) return;
      if (performance.now() > deadline) throw new Error(`hangs: ${missing} of ${count} lines do not come`);
      this.#undisturbed(() => undefined);
      await pause(looks < 20 ? 1 : 10);
    }
  }

  async #hasFailed(): Promise<boolean> {
    const waiting = Symbol();
    const result = await Promise.race([this.#running.then(() => undefined), turn(waiting)]);
    return result === undefined && this.#stop.signal.aborted;
  }

  /** Numbers of the stored lines, in their order. */
  #stored(): number[] {
    return this.#read((store) => {
      const subject = store.subjects.byName('alice');
      if (!subject) return [];
      return [...store.actions.after(subject.id, 0)].map(({ action }) => Number(action.columns.number));
    }, []);
  }

  #read<T>(work: (store: Store) => T, otherwise: T): T {
    const { statements } = this.#faults;
    return statements.pausing(() => {
      if (!existsSync(this.#state)) mkdirSync(this.#state, { mode: 0o700 });
      const opened = openStore(this.#state, { now: this.#now, readOnly: true });
      if (!opened.ok) return otherwise;
      try {
        return work(opened.store);
      } finally {
        opened.store.close();
      }
    });
  }

  #mustBeSound(): void {
    const database = new DatabaseSync(join(this.#state, 'ubad.db'), { readOnly: true });
    try {
      const { integrity_check: verdict } = database.prepare('PRAGMA integrity_check').get() as Record<string, string>;
      if (verdict !== 'ok') throw new Error(`the database is not sound: ${verdict}`);
      if (database.prepare('PRAGMA foreign_key_check').all().length > 0)
        throw new Error('a row names one that is gone');
    } finally {
      database.close();
    }
  }

  #judge(): Outcome {
    const stored = this.#stored();
    const { count, gone, nonsense, nonsenseGone } = this.#journal;
    const times = new Map<number, number>();
    for (const n of stored) times.set(n, (times.get(n) ?? 0) + 1);
    const twice = [...times].filter(([, often]) => often > 1).map(([n]) => n);
    if (twice.length > 0) throw new Error(`stored twice: ${twice.join()}`);
    // A log that is deleted has no place among the rotated ones: what it still gives may come after them.
    const unordered = this.#journal.wasRemoved ? -1 : stored.findIndex((n, at) => at > 0 && n < stored[at - 1]!);
    if (unordered >= 0) throw new Error(`line ${stored[unordered]} is stored after line ${stored[unordered - 1]}`);
    const missing = Array.from({ length: count }, (_, n) => n).filter((n) => !times.has(n));
    const unexplained = missing.filter((n) => !gone.has(n));
    if (unexplained.length > 0) throw new Error(`lost: ${unexplained.join()} of ${count}`);
    const told = this.notices.some((text) => /lost|emptied|replaced|missed|not read|put aside/.test(text));
    const untold = missing.filter((n) => this.#journal.known.has(n));
    if (untold.length > 0 && !told) throw new Error(`lost and not told: ${untold.join()} of ${count}`);
    const refused = this.#read((store) => store.refusals.counts().reduce((sum, { count: each }) => sum + each, 0), -1);
    if (refused > nonsense || refused < nonsense - nonsenseGone)
      throw new Error(`${nonsense} lines of nonsense, ${nonsenseGone} of them maybe lost, but ${refused} refused`);
    return { lines: count, lost: missing.length, refused };
  }
}
