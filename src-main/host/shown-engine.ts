import { join } from 'node:path';

import type { DesktopState, ExampleAttack, ExampleState } from '../contract/desktop.ts';
import { AskFailed, type Send } from '../contract/ipc.ts';
import { message } from '../contract/story/messages.ts';
import type { EngineSupervisor, EngineSupervisorOptions } from './engine-supervisor.ts';
import { ExampleRun } from './example.ts';

export interface ShownEngineOptions extends Pick<EngineSupervisorOptions, 'fork' | 'program' | 'onEvent'> {
  /** The folder that holds data/ and models/. */
  readonly root: string;
  /** This machine's. */
  readonly live: EngineSupervisor;
  /** This machine's state folder, in which the example has its own. */
  readonly state: () => string;
  /** Another engine is shown, or the same is in another state. */
  readonly changed: () => void;
}

/** A worker is there within that, or something is wrong with it. */
const STARTS_MS = 10_000;

/** The engine that the window sees and asks: this machine's, or in its place the example's, while this machine is watched as ever. */
export class ShownEngine {
  readonly #options: ShownEngineOptions;
  #run: ExampleRun | undefined;
  #runs = 0;
  /** Runs that are coming to their end. */
  #ending: Promise<unknown> = Promise.resolve();

  constructor(options: ShownEngineOptions) {
    this.#options = options;
  }

  get supervisor(): EngineSupervisor {
    return this.#run?.supervisor ?? this.#options.live;
  }

  /** One that is just being started is waited for. */
  readonly ask: Send = async (name, input) => {
    const { link } = this.supervisor;
    if (this.#run?.phase === 'preparing') await link.whenUp(AbortSignal.timeout(STARTS_MS));
    return link.send(name, input);
  };

  /** Null while this machine is shown. */
  get example(): ExampleState | null {
    if (!this.#run) return null;
    const { phase, minutes } = this.#run;
    return { phase, minutes, watching: this.#options.live.source?.state === 'following' };
  }

  /** What the window shows: `own`, this machine's, or the example in its place, where nothing is snoozed or held back. */
  over(own: DesktopState): DesktopState {
    const { example } = this;
    if (!example) return own;
    const { worker, source, problem } = this.supervisor;
    return { ...own, worker, source, problem, snoozed: {}, heldBack: [], example };
  }

  /** What is in the example that is shown, in order of time; none where it is not. */
  async attacks(): Promise<readonly ExampleAttack[]> {
    return (await this.#run?.attacks()) ?? [];
  }

  startExample(minutes: number): void {
    if (this.#run) return;
    const { fork, program, root, state, changed, onEvent } = this.#options;
    const run: ExampleRun = new ExampleRun({
      fork,
      program,
      root,
      minutes,
      changed,
      folder: join(state(), `example-${process.pid}-${++this.#runs}`),
      onEvent: (event, value) => {
        if (run === this.#run) onEvent(event, value);
      },
    });
    this.#run = run;
    run.supervisor.start();
    changed();
  }

  /** The window shows this machine at once; resolves when nothing is left of the example. */
  async goLive(): Promise<void> {
    const run = this.#run;
    if (run) {
      this.#run = undefined;
      this.#ending = Promise.all([this.#ending, run.end()]);
      this.#options.changed();
    }
    await this.#ending;
  }

  /** Snoozing, settings and locking are this machine's. @throws AskFailed where the example is shown */
  mustBeLive(): void {
    if (this.#run) throw new AskFailed('refused', message('example.sealed'));
  }
}
