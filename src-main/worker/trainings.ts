import { message } from '../contract/story/messages.ts';
import type { OwnLog } from '../own-log/own-log.ts';
import { failureOf } from '../own-log/events-of.ts';
import type { MemoryKeeper } from './give-back-memory.ts';
import { TrainingStopped } from '../training/train-in-thread.ts';
import type { Tell } from './serve.ts';

/** A training that is under way. */
export interface Training {
  /** 0…1. */
  readonly progress: number;
  /** When it began, Unix seconds. */
  readonly since: number;
}

export interface TrainingsOptions {
  readonly tell: Tell;
  readonly memory: MemoryKeeper;
  readonly ownLog: () => OwnLog | undefined;
  /** Unix seconds. */
  readonly now: () => number;
  /** Trains whatever is due. */
  readonly trainDue: () => Promise<void>;
}

/** One training after the other, beside the lines, until it is told to stop. */
export class Trainings {
  /** By user: what is trained now. */
  readonly running = new Map<string, Training>();
  readonly #options: TrainingsOptions;
  #stop = new AbortController();
  #current: Promise<void> | undefined;
  #dueAgain = false;

  constructor(options: TrainingsOptions) {
    this.#options = options;
  }

  /** Aborted when the training that is under way is to end. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Trains what is due; what comes meanwhile may be due once that is done. */
  due(): void {
    if (this.#current) this.#dueAgain = true;
    else this.begin(this.#options.trainDue);
  }

  /** Only when none is under way. */
  begin(work: () => Promise<void>): void {
    this.#stop = new AbortController();
    this.#current = work()
      .catch((error: unknown) => {
        if (error instanceof TrainingStopped) return;
        this.#options.ownLog()?.logEvent({ what: 'training-failed', ...failureOf(error) });
        this.#options.tell(
          'notice',
          message('training.failed', { cause: error instanceof Error ? error.message : String(error) }),
        );
      })
      .finally(() => {
        this.#current = undefined;
        this.running.clear();
        const again = this.#dueAgain && !this.#stop.signal.aborted;
        this.#dueAgain = false;
        if (again) this.due();
      });
  }

  progress(user: string, progress: number): void {
    const { tell, memory, now } = this.#options;
    if (progress < 1) {
      const since = this.running.get(user)?.since ?? now();
      this.running.set(user, { progress, since });
    } else {
      this.running.delete(user);
      memory.trained();
    }
    tell('training', { user, progress });
  }

  /** Tells the training to stop; does not wait for it. */
  abort(): void {
    this.#stop.abort();
  }

  async stop(): Promise<void> {
    this.abort();
    await this.#current;
  }
}
