import { appendFileSync, cpSync, mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { fusedEngine } from '../../../models/fused.ts';
import { Engine } from '../../../src-main/engine/engine.ts';
import type { EngineOptions } from '../../../src-main/engine/options.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { ingestLoop } from '../../../src-main/intake/ingest-loop.ts';
import { incident } from '../../engine/store/store-at.ts';
import { lineOf } from '../../engine/log-lines.ts';
import { ordinary } from '../../models/ordinary.ts';

export const LINES = 600;
const DEADLINE_MS = 30_000;
const [pack, math] = [defaultPack(), fusedEngine()];

/** How a run of the engine on a log ended. */
export interface Run {
  readonly notices: readonly string[];
  /** Why the store could not be opened, where that ended the run. */
  readonly problem: string | undefined;
}

/** A log of numbered lines that are stored, with alerts, models and what was said of them, after both kinds of end. */
export class Template {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(folder: string): Promise<Template> {
    mkdirSync(folder, { recursive: true });
    const template = new Template(folder);
    writeFileSync(join(folder, 'results.log'), linesOf(0, LINES));
    const state = join(folder, 'clean');
    const { problem } = await follow(join(folder, 'results.log'), state, LINES, (engine) => {
      const { store } = engine;
      const { id } = store.subjects.byName('alice')!;
      store.transaction(() => {
        const version = {
          subjectId: id,
          createdAt: 1,
          algorithm: 'lstm',
          folder: '/m',
          manifest: {},
          afterAction: 1,
        } as const;
        const versionId = store.versions.add(version);
        const incidentId = store.incidents.open(incident(id, 1, 20));
        for (let actionId = 1; actionId <= 400; actionId++) {
          const score = { score: 1, window: 2, lstm: 1, ocsvm: null, anomalous: actionId < 20, versionId };
          store.scores.add({ actionId, ...score, incidentId: actionId < 20 ? incidentId : null });
        }
        store.subjectState.setReference(id, { version: versionId, next: 5, share: 0.5, asked: false });
      });
      // What a kill leaves: everything as it lies on the disk while it is open.
      cpSync(state, join(folder, 'unclean'), { recursive: true });
    });
    if (problem !== undefined) throw new Error(problem);
    return template;
  }

  /** The log; its inode is known to the store, so it is never copied. */
  get log(): string {
    return join(this.#folder, 'results.log');
  }

  /** A copy of the state after such an end. */
  copyTo(state: string, ending: 'clean' | 'unclean'): void {
    cpSync(join(this.#folder, ending), state, { recursive: true, preserveTimestamps: true });
  }

  /** Appends this many lines to the log, and takes them back after the work. */
  async withMore<T>(lines: number, work: () => Promise<T>): Promise<T> {
    const { size } = statSync(this.log);
    appendFileSync(this.log, linesOf(LINES, LINES + lines));
    try {
      return await work();
    } finally {
      truncateSync(this.log, size);
    }
  }
}

const linesOf = (from: number, to: number): string => {
  const habits = ordinary(400);
  return Array.from({ length: to - from }, (_, l) => {
    const habit = habits[(from + l) % habits.length]!;
    const columns = { ...habit.columns, number: String(from + l) };
    return `${lineOf({ ...habit, time: 1_750_000_000 + 5 * (from + l), columns })}\n`;
  }).join('');
};

/** Follows the log until this many lines are stored, or nothing more comes of it. */
export async function follow(
  log: string,
  state: string,
  lines: number,
  atEnd: (engine: Engine) => void = () => undefined,
  onNotice: (text: string) => void = () => undefined,
): Promise<Run> {
  const options: EngineOptions = {
    state,
    pack,
    math,
    algorithm: 'ocsvm',
    seed: 1,
    windowLength: 50,
    trainAfter: 1_000_000,
    sensitivity: { alertsPerDay: 1 },
    subject: 'alice',
    now: () => 1_800_000_000,
  };
  const notices: string[] = [];
  const stop = new AbortController();
  const late = setTimeout(() => {
    notices.push('TOO LATE');
    stop.abort();
  }, DEADLINE_MS);
  const notice = (text: string): void => {
    notices.push(text);
    onNotice(text);
  };
  const isDone = (engine: Engine): boolean => (engine.store.subjects.byName('alice')?.stored ?? 0) >= lines;
  const end = (engine: Engine): void => {
    atEnd(engine);
    stop.abort();
  };
  const problem = await ingestLoop({
    log,
    startAt: 'beginning',
    signal: stop.signal,
    retryMs: 20,
    pollMs: 20,
    onNotice: notice,
    open() {
      const opened = Engine.open(options, { notice });
      // Where all is stored already no batch comes.
      if (opened.ok && isDone(opened.engine))
        setImmediate(() => {
          stop.abort();
        });
      return opened;
    },
    onStored: (engine) => {
      if (isDone(engine)) end(engine);
    },
  });
  clearTimeout(late);
  return { notices, problem: problem?.message };
}

/** Numbers of the stored lines, in their order. @throws where the database is not sound */
export function storedIn(state: string): number[] {
  const db = new DatabaseSync(join(state, 'ubad.db'), { readOnly: true });
  try {
    const { integrity_check: verdict } = db.prepare('PRAGMA integrity_check').get() as Record<string, string>;
    if (verdict !== 'ok') throw new Error(`the database is not sound: ${verdict}`);
    if (db.prepare('PRAGMA foreign_key_check').all().length > 0) throw new Error('a row names one that is gone');
    const rows = db.prepare('SELECT vals FROM actions ORDER BY id').all() as { vals: string }[];
    return rows.map(({ vals }) => Number((JSON.parse(vals) as string[]).at(-1)));
  } finally {
    db.close();
  }
}
