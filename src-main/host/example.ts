import { readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as v from 'valibot';

import type { DesktopState, ExampleAttack, ExampleState } from '../contract/desktop.ts';
import type { EngineEvents } from '../contract/contract.ts';
import { engineSettingsSchema } from '../contract/settings.ts';
import { parseLabels } from '../example/labels.ts';
import { exampleLabels, exampleLog, replay, WEEK, weeksUntil } from '../example/source.ts';
import { AskFailed, type Send } from '../contract/ipc.ts';
import { EngineSupervisor, type EngineSupervisorOptions } from './engine-supervisor.ts';
import { report } from '../terminal/terminal.ts';

export interface ExampleOptions extends Pick<EngineSupervisorOptions, 'fork' | 'program'> {
  /** The folder that holds data/ and models/. */
  readonly root: string;
  /** This machine's. */
  readonly live: () => EngineSupervisor;
  /** This machine's state folder, in which the example has its own. */
  readonly state: () => string;
  /** Another engine is shown, or the same is in another state. */
  readonly changed: () => void;
  /** What the engine that is shown tells. */
  readonly onEvent: EngineSupervisorOptions['onEvent'];
}

interface Run {
  readonly supervisor: EngineSupervisor;
  /** Gone with the run. */
  readonly folder: string;
  /** So long its third week takes. */
  readonly minutes: number;
  /** By which its times are moved. */
  readonly weeks: number;
  phase: ExampleState['phase'];
}

/** While it is prepared nothing tells of how far it is. */
const LOOK_MS = 1000;
/** A worker is there within that, or something is wrong with it. */
const STARTS_MS = 10_000;
/** For who does not choose. */
export const EXAMPLE_MINUTES = 3;
const WEEK_MINUTES = 7 * 24 * 60;

/**
 * What the window shows: this machine, or the example that ships. That has a worker and a state folder of its own, so that
 * nothing of the one can come into the other, and this machine is watched meanwhile as ever.
 */
export class Example {
  readonly #options: ExampleOptions;
  #run: Run | undefined;
  #runs = 0;
  /** Runs that are coming to their end. */
  #ending: Promise<unknown> = Promise.resolve();

  constructor(options: ExampleOptions) {
    this.#options = options;
  }

  /** The engine's side that the window sees. */
  get shown(): EngineSupervisor {
    return this.#run?.supervisor ?? this.#options.live();
  }

  /** Asks the engine that the window sees. One that is just being started is waited for. */
  readonly ask: Send = async (name, input) => {
    const { link } = this.shown;
    if (this.#run?.phase === 'preparing') await link.whenUp(AbortSignal.timeout(STARTS_MS));
    return link.send(name, input);
  };

  get state(): ExampleState | null {
    if (!this.#run) return null;
    const { phase, minutes } = this.#run;
    return { phase, minutes, watching: this.#options.live().source?.state === 'following' };
  }

  /** What the window shows: `own`, this machine's, or the example in its place, where nothing is snoozed or held back. */
  over(own: DesktopState): DesktopState {
    const { state: example } = this;
    if (!example) return own;
    const { worker, source, problem } = this.shown;
    return { ...own, worker, source, problem, snoozed: {}, heldBack: [], example };
  }

  /** What is in the example that is shown, in order of time; none where it is not. */
  async attacks(): Promise<readonly ExampleAttack[]> {
    const run = this.#run;
    if (!run) return [];
    const labels = parseLabels(await readFile(exampleLabels(this.#options.root), 'utf8'));
    const by = run.weeks * WEEK;
    return labels.map(({ id, user, host, from, to }) => ({ id, user, host, from: from + by, to: to + by }));
  }

  start(minutes: number): void {
    if (this.#run) return;
    const { fork, program, state, changed } = this.#options;
    const folder = join(state(), `example-${process.pid}-${++this.#runs}`);
    // It may be left of a process of the same number.
    rmSync(folder, { recursive: true, force: true });
    const supervisor: EngineSupervisor = new EngineSupervisor({
      fork,
      program,
      changed,
      read: (...what) => this.#read(run, ...what),
      // Whatever this machine is set to, an example shows the same everywhere, and all the evidence that there is.
      settings: () => ({ ...v.parse(engineSettingsSchema, {}), state: folder, algorithm: 'both' }),
      log: () => exampleLog(this.#options.root, 'week'),
      onEvent: (event, value) => {
        this.#tell(supervisor, event, value);
      },
      notice: (text) => {
        this.#tell(supervisor, 'notice', text);
      },
    });
    const run: Run = { supervisor, folder, minutes, weeks: weeksUntil(Date.now() / 1000), phase: 'preparing' };
    this.#run = run;
    supervisor.start();
    changed();
  }

  /** The window shows this machine at once; resolves when nothing is left of the example. */
  async goLive(): Promise<void> {
    const run = this.#run;
    if (run) {
      this.#run = undefined;
      this.#ending = Promise.all([this.#ending, end(run)]);
      this.#options.changed();
    }
    await this.#ending;
  }

  /** Snoozing and the like are this machine's. @throws AskFailed where the example is shown */
  mustNotBeShown(): void {
    if (this.#run)
      throw new AskFailed('refused', 'This is the example: nothing in it changes this machine. Go live first.');
  }

  #tell(supervisor: EngineSupervisor, event: keyof EngineEvents, value: EngineEvents[keyof EngineEvents]): void {
    if (supervisor === this.#run?.supervisor) this.#options.onEvent(event, value);
  }

  /** In place of following a log: the two weeks at once, then the third as it happens. */
  async *#read(run: Run, ...[path, { from, signal, onState }]: Parameters<Read>): ReturnType<Read> {
    const { root } = this.#options;
    const { weeks } = run;
    onState?.({ state: 'following', path });
    const looking = setInterval(() => {
      run.supervisor.refresh();
    }, LOOK_MS);
    await run.supervisor.engine.prepareExample({ root, weeks }).finally(() => {
      clearInterval(looking);
    });
    this.#enter(run, 'running');
    yield* replay({ root, part: 'week', weeks, speed: WEEK_MINUTES / run.minutes, signal, ...(from && { from }) });
    if (!signal.aborted) this.#enter(run, 'over');
    // A log that is followed never ends either.
    await new Promise((done) => {
      if (signal.aborted) done(undefined);
      else signal.addEventListener('abort', done);
    });
  }

  #enter(run: Run, phase: Run['phase']): void {
    run.phase = phase;
    run.supervisor.refresh();
    this.#options.changed();
  }
}

type Read = NonNullable<EngineSupervisorOptions['read']>;

async function end({ supervisor, folder }: Run): Promise<void> {
  await supervisor.stop();
  remove(folder);
}

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
