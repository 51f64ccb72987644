import { message } from '../../contract/story/messages.ts';
import { seemingOf, seemingText, type Seeming } from '../../line-forms/sentences.ts';
import type { UserMessage } from '../options.ts';
import { oddities, savedTally, type SavedTally } from './tally.ts';
import type { Store } from '../store/store.ts';
import type { ParserState } from './parse-batch.ts';

/** What the reading of one log has come to. */
export interface LogHealth {
  readonly path: string;
  /** The most frequent reason first. */
  readonly refused: readonly { readonly reason: string; readonly count: number }[];
  /** Of a log in which no line was a result, what it seems to be. */
  readonly seems: Seeming | null;
  readonly odd: SavedTally['odd'];
}

/** Lines after which a log without a result is called something else: the first may be cut. */
const ENOUGH = 3;

/** Of each log that was read into the store, by path. */
export function logHealth(store: Pick<Store, 'checkpoints' | 'refusals'>): LogHealth[] {
  const counts = store.refusals.counts();
  return store.checkpoints.list().map(({ checkpoint: { path }, readerState }) => {
    const { results, odd } = savedTally(readerState);
    const refused = counts.filter((one) => one.path === path).map(({ reason, count }) => ({ reason, count }));
    const all = refused.reduce((sum, { count }) => sum + count, 0);
    const isForeign = results === 0 && all >= ENOUGH;
    const seems = isForeign ? seemingOf(refused.map(({ reason, count }) => [reason, count])) : undefined;
    return { path, refused, seems: seems ?? null, odd };
  });
}

/** Says once what a log seems to be of which nothing can be read, and what is odd about one. */
export function tellOfLog(store: Store, path: string, parserState: ParserState, notice: UserMessage | undefined): void {
  const seems = logHealth(store).find((one) => one.path === path)?.seems ?? null;
  if (seems !== null && !parserState.told.has(seems)) {
    parserState.told.add(seems);
    notice?.(seemingText(path, seems), { what: 'log-foreign', why: seems });
  }
  for (const odd of oddities) {
    if (parserState.odd[odd] === undefined || parserState.told.has(odd)) continue;
    parserState.told.add(odd);
    notice?.(message(`log.odd.${odd}`, { path }), { what: 'log-odd', why: odd });
  }
}
