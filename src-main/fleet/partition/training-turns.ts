import type { Train } from '../../engine/models/train.ts';
import type { TrainingState } from './status.ts';
import { TrainingStopped, trainUntil } from '../../training/train-in-thread.ts';

/** Where a training waits for its turn. */
export interface Turns {
  /** @param begin called once, when it may begin */
  ask(partition: number, begin: () => void): void;
  /** It has ended, or does not wait any more. */
  leave(partition: number): void;
}

export interface TurnOptions {
  readonly turns: Turns;
  readonly partition: number;
  /** Ends it, while it waits and while it runs: whoever has the partition next begins it again. */
  readonly ending: AbortSignal;
  readonly onState: (state: TrainingState) => void;
}

/** Trains in a thread when it is this partition's turn. @throws TrainingStopped where it was told to stop before */
export function trainInTurn({ turns, partition, ending, onState }: TurnOptions): Train {
  const train = trainUntil(ending);
  return async (past, request) => {
    const until = request.signal ? AbortSignal.any([ending, request.signal]) : ending;
    const { promise: turn, resolve, reject } = Promise.withResolvers<undefined>();
    const stop = (): void => {
      reject(new TrainingStopped('the training was stopped while it waited for its turn'));
    };
    onState('waits');
    try {
      turns.ask(partition, () => {
        resolve(undefined);
      });
      if (until.aborted) stop();
      until.addEventListener('abort', stop, { once: true });
      await turn;
      onState('runs');
      return await train(past, request);
    } finally {
      until.removeEventListener('abort', stop);
      turns.leave(partition);
      onState('none');
    }
  };
}
