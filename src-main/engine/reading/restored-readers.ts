import type { EngineOptions } from '../options.ts';
import { MOST_PROCESSES } from './processes.ts';
import type { Who } from './who.ts';
import type { Store } from '../store/store.ts';
import { Readers } from './understand.ts';

/** What reading a log remembered when it last stopped: from its checkpoint, and the processes from what is stored of them. */
export function restoredReaders(
  store: Store,
  { pack, now }: Pick<EngineOptions, 'pack' | 'now'>,
  who: Who,
  path: string,
): Readers {
  const clock = store.state.inventedTimes() ? () => Infinity : now;
  const readers = new Readers(pack, who, store.checkpoints.of(path)?.readerState, clock);
  const { hosts, processes } = readers;
  const told = store.actions.ofProcesses(MOST_PROCESSES).filter((row) => row.path === path);
  for (const { host, action } of told.reverse()) processes.see(hosts.nameOf(host), action);
  return readers;
}
