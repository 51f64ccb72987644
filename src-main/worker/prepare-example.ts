import type { ExampleAt } from '../contract/contract.ts';
import { adoptShipped, isPrepared, pastOf } from '../example/prepare.ts';
import type { Room } from './room.ts';
import type { Tell } from './serve.ts';

/** Reads the example's first two weeks, or what is left of them, and takes the models that ship. Meanwhile others are answered. */
export async function prepareExample(room: Room, { root, weeks }: ExampleAt, tell: Tell): Promise<void> {
  if (isPrepared(room.opened.store)) return;
  // Past the room, which would train: the models ship.
  for await (const batch of pastOf(room.opened.engine, root, weeks)) room.opened.engine.ingest(batch);
  let problem: string | undefined;
  await room.renew((store) => {
    problem = adoptShipped(store, room.opened.options, root);
  });
  if (problem === undefined) return;
  room.ownLog?.note({ what: 'models-not-shipped' });
  tell('notice', problem);
}
