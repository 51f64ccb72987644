import { readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as v from 'valibot';

import type { ExampleAttack, ExampleState } from '../contract/desktop.ts';
import { engineSettingsSchema } from '../contract/settings.ts';
import { parseLabels } from '../example/labels.ts';
import { DAY, daysUntil, exampleLabels, exampleLog, replay } from '../example/source.ts';
import { EngineSupervisor, type EngineSupervisorOptions } from './engine-supervisor.ts';
import { report } from '../terminal/terminal.ts';

export interface ExampleRunOptions extends Pick<EngineSupervisorOptions, 'fork' | 'program' | 'changed' | 'onEvent'> {
  /** The folder that holds data/ and models/. */
  readonly root: string;
  /** Its state folder; gone with the run. */
  readonly folder: string;
  /** So long its third week takes. */
  readonly minutes: number;
}

/** While it is prepared nothing tells of how far it is. */
const LOOK_MS = 1000;
/** For who does not choose. */
export const EXAMPLE_MINUTES = 3;
const WEEK_MINUTES = 7 * 24 * 60;

/** The example that ships, once: with a worker and a state folder of its own, so that nothing of it can come into this machine's. */
export class ExampleRun {
  readonly supervisor: EngineSupervisor;
  readonly #options: ExampleRunOptions;
  /** By which its times are moved. */
  readonly #days = daysUntil(Date.now() / 1000);
  phase: ExampleState['phase'] = 'preparing';

  constructor(options: ExampleRunOptions) {
    this.#options = options;
    const { fork, program, root, folder, changed, onEvent } = options;
    // It may be left of a process of the same number.
    rmSync(folder, { recursive: true, force: true });
    this.supervisor = new EngineSupervisor({
      fork,
      program,
      changed,
      onEvent,
      read: (...what) => this.#read(...what),
      // Whatever this machine is set to, an example shows the same everywhere, and all the evidence that there is.
      settings: () => ({ ...v.parse(engineSettingsSchema, {}), state: folder, algorithm: 'both' }),
      log: () => exampleLog(root, 'week'),
      notice: (text) => {
        onEvent('notice', text);
      },
    });
  }

  get minutes(): number {
    return this.#options.minutes;
  }

  /** In order of time. */
  async attacks(): Promise<readonly ExampleAttack[]> {
    const labels = parseLabels(await readFile(exampleLabels(this.#options.root), 'utf8'));
    const by = this.#days * DAY;
    return labels.map(({ id, user, host, from, to }) => ({ id, user, host, from: from + by, to: to + by }));
  }

  /** Resolves when nothing is left of it. */
  async end(): Promise<void> {
    await this.supervisor.stop();
    remove(this.#options.folder);
  }

  /** In place of following a log: the two weeks at once, then the third as it happens. */
  async *#read(...[path, { from, signal, onState }]: Parameters<Read>): ReturnType<Read> {
    const { root, minutes } = this.#options;
    const days = this.#days;
    onState?.({ state: 'following', path });
    const looking = setInterval(() => {
      this.supervisor.refresh();
    }, LOOK_MS);
    await this.supervisor.engine.prepareExample({ root, days }).finally(() => {
      clearInterval(looking);
    });
    this.#enter('running');
    yield* replay({
      root,
      part: 'week',
      days,
      speed: WEEK_MINUTES / minutes,
      signal,
      now: () => Date.now() / 1000,
      reached: () => {
        if (!signal.aborted) this.#enter('over');
      },
      ...(from && { from }),
    });
    // A log that is followed never ends either.
    await new Promise((done) => {
      if (signal.aborted) done(undefined);
      else signal.addEventListener('abort', done);
    });
  }

  #enter(phase: ExampleState['phase']): void {
    this.phase = phase;
    this.supervisor.refresh();
    this.#options.changed();
  }
}

type Read = NonNullable<EngineSupervisorOptions['read']>;

/** What cannot be deleted hinders nobody: the next start of the program tries again. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    report(`The example's folder is left: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Deletes what examples left in a state folder whose program did not end by itself. */
export function removeLeftExamples(state: string): void {
  for (const name of namesIn(state)) {
    const pid = /^example-(\d+)-\d+$/.exec(name)?.[1];
    if (pid !== undefined && !lives(Number(pid))) remove(join(state, name));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
