/** An engine that trains beside its batches, as a fleet's partition has it. */
import { fusedEngine } from '../../../models/fused.ts';
import { Engine } from '../../../src-main/engine/engine.ts';
import { trainHere, type Train } from '../../../src-main/engine/models/train.ts';
import type { EngineEvents } from '../../../src-main/engine/options.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import type { Action } from '../../../models/action.ts';
import { ordinary, stranger } from '../../models/ordinary.ts';
import { batchOf, lineOf } from '../log-lines.ts';

/** A batch is this many lines of one user. */
export const LINES = 50;
export const TRAIN_AFTER = 600;
/** where a model comes into use: this many actions, or seconds, after its training was begun. */
export const [ADOPT_AFTER, ADOPT_WITHIN] = [500, 3600];

const VISITED_AT = 1100;
/** Usual actions with a stranger's after the first model is in use, and before a second one is trained. */
export const lived = (count: number, user: number): Action[] =>
  [...ordinary(VISITED_AT, user), ...stranger(60), ...ordinary(count - VISITED_AT - 60, user + 50)].map((action) => ({
    ...action,
    columns: { ...action.columns, uid: String(1000 + user), username: `user-${user}` },
  }));

export class BesideEngine {
  readonly engine: Engine;
  readonly clock: { now: number };
  readonly #lines = new Map<number, number>();

  constructor(state: string, train: Train = trainHere, clock = { now: 1_800_000_000 }, events: EngineEvents = {}) {
    this.clock = clock;
    const opened = Engine.open(
      {
        state,
        pack: defaultPack(),
        algorithm: 'ocsvm',
        seed: 1,
        windowLength: 50,
        trainAfter: TRAIN_AFTER,
        storeAfter: 400,
        sensitivity: { alertsPerDay: 1 / 7 },
        train,
        math: fusedEngine(),
        now: () => clock.now,
        passwd: null,
        outbox: true,
        durability: 'replayable',
        trainsBeside: true,
      },
      events,
    );
    if (!opened.ok) throw new Error(opened.problem.message);
    this.engine = opened.engine;
  }

  /** Takes the user's next batch, a second later. @param at where in their life it begins */
  take(user: number, life: readonly Action[], at: number): void {
    this.clock.now++;
    // What every fourth line of the others tells was there before: it does not count for a training.
    const lines = life.slice(at, at + LINES).map((action, a) => lineOf(action, user > 0 && a % 4 === 0 ? 0 : 1));
    this.engine.ingest(batchOf(lines, at + 1, `/var/log/${user}.log`));
    this.#lines.set(user, at + lines.length);
  }

  /** The same from where they are up to an action of their life, each batch with what is due after it. */
  async live(user: number, life: readonly Action[], to: number): Promise<void> {
    for (let at = this.#lines.get(user) ?? 0; at < to; at += LINES) {
      this.take(user, life, at);
      await this.engine.trainDue();
    }
  }

  id(user: number): number {
    return this.engine.store.subjects.byName(`uid:${1000 + user}`)!.id;
  }
}

/** Trainings that end when they are let. */
export class HeldTrainings {
  /** By user and in order, of all that were begun: how many actions they learn from. */
  readonly begun: { readonly subject: string; readonly actions: number; readonly signal: AbortSignal | undefined }[] =
    [];
  readonly #held: (() => void)[] = [];

  readonly train: Train = async (past, request) => {
    this.begun.push({ subject: request.subject, actions: past.length, signal: request.signal });
    await new Promise<void>((resolve, reject) => {
      this.#held.push(resolve);
      request.signal?.addEventListener('abort', () => {
        reject(new Error('it was stopped'));
      });
    });
    return trainHere(past, request);
  };

  letGo(): void {
    for (const end of this.#held.splice(0)) end();
  }
}
