import type { ExampleAt } from '../contract/contract.ts';
import { adoptShipped, isPrepared, pastOf } from '../example/prepare.ts';
import type { EngineSession } from './engine-session.ts';
import type { Tell } from './serve.ts';

/** Reads the example's first two weeks, or what is left of them, and takes the models that ship. Meanwhile others are answered. */
export async function prepareExample(session: EngineSession, { root, days }: ExampleAt, tell: Tell): Promise<void> {
  if (isPrepared(session.opened.store)) return;
  // Past the session, which would train: the models ship.
  for await (const batch of pastOf(session.opened.engine, root, days)) session.opened.engine.ingest(batch);
  let problem: string | undefined;
  await session.renew((store) => {
    problem = adoptShipped(store, session.opened.options, root);
  });
  if (problem === undefined) return;
  session.ownLog?.logEvent({ what: 'models-not-shipped' });
  tell('notice', problem);
}
