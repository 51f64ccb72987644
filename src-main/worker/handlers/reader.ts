import type { readerCalls } from '../../contract/contract.ts';
import type { Handlers } from '../../contract/ipc.ts';
import { prepareExample } from '../prepare-example.ts';
import type { Context } from './context.ts';

/** What the main process alone asks. */
export function readerHandlers({ session, tell }: Context): Handlers<typeof readerCalls> {
  return {
    applySettings: (settings) => session.apply(settings),
    prepareExample: (example) => prepareExample(session, example, tell),
    checkpoint: (path) => session.checkpoint(path),
    ingest: (batch) => session.ingest(batch),
    missed: (after) => session.opened.incidents.missed(after),
    close: () => session.close(),
    recordPause({ from, to }) {
      const { store } = session.opened;
      store.transaction(() => {
        store.pauses.put({ from: from / 1000, to: to / 1000 });
      });
    },
  };
}
