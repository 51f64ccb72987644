import type { EngineOptions } from '../options.ts';
import { MOST_PROCESSES } from './processes.ts';
import type { SubjectResolver } from './subject-resolver.ts';
import type { Store } from '../store/store.ts';
import { ParserState } from './parse-batch.ts';

/** What reading a log remembered when it last stopped: from its checkpoint, and the processes from what is stored of them. */
export function restoredParserState(
  store: Store,
  { pack, now }: Pick<EngineOptions, 'pack' | 'now'>,
  resolver: SubjectResolver,
  path: string,
): ParserState {
  const clock = store.state.inventedTimes() ? () => Infinity : now;
  const parserState = new ParserState(pack, resolver, store.checkpoints.of(path)?.readerState, clock);
  const { hosts, processes } = parserState;
  const told = store.actions.ofProcesses(MOST_PROCESSES).filter((row) => row.path === path);
  for (const { host, action } of told.reverse()) processes.see(hosts.nameOf(host), action);
  return parserState;
}
