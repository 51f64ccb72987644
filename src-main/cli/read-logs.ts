import type { Batch } from '../contract/batch.ts';
import { OriginalCsv, type LogForm } from '../line-forms/original-csv.ts';
import { oddTexts, seemingOf, seemingText } from '../line-forms/sentences.ts';
import type { Pack } from '../engine/reading/pack.ts';
import { oddities, type Oddity } from '../engine/reading/tally.ts';
import type { SubjectResolver } from '../engine/reading/subject-resolver.ts';
import { ParserState, parseBatch, type Found } from '../engine/reading/parse-batch.ts';
import { readFile } from '../source/read-file.ts';
import { exitCodes, Failure } from './failure.ts';
import { absolute, now } from './setup.ts';

/** What reading logs found besides actions. */
export interface Tally {
  lines: number;
  refused: Map<string, number>;
  lost: number;
  /** Results, and what was odd about their lines. */
  results: number;
  readonly odd: Map<Oddity, number>;
  /** What each log seems to be of which no line is a result, as a sentence. */
  readonly foreign: string[];
}

export const newTally = (): Tally => ({
  lines: 0,
  refused: new Map(),
  lost: 0,
  results: 0,
  odd: new Map(),
  foreign: [],
});

/**
 * The actions of logs, one log after the other, in their order.
 * @param csv where they are data sets of the original project
 * @throws Failure when one cannot be read
 */
export async function* readLogs(
  paths: readonly string[],
  pack: Pack,
  resolver: SubjectResolver,
  tally: Tally,
  csv?: OriginalCsv,
): AsyncGenerator<Found> {
  const parserState = new ParserState(pack, resolver, undefined, now);
  for (const path of paths) {
    const before = parserState.results;
    const reasons = new Map<string, number>();
    try {
      for await (const batch of readFile(absolute(path))) {
        const { found, refused, lost } = parseBatch(csv ? converted(batch, csv) : batch, parserState);
        tally.lines += batch.lines.length + batch.refused.length;
        for (const { reason } of refused) {
          tally.refused.set(reason, (tally.refused.get(reason) ?? 0) + 1);
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        }
        for (const { count } of lost) tally.lost += count;
        yield* found;
      }
    } catch (error) {
      if (error instanceof Error) throw new Failure(`${path}: ${error.message}`, exitCodes.unreadable);
      throw error;
    }
    const seems = parserState.results === before ? seemingOf(reasons) : undefined;
    if (seems !== undefined) tally.foreign.push(seemingText(path, seems));
  }
  tally.results = parserState.results;
  for (const odd of oddities) if (parserState.odd[odd] !== undefined) tally.odd.set(odd, parserState.odd[odd]);
}

const converted = ({ lines, ...rest }: Batch, csv: OriginalCsv): Batch => ({
  ...rest,
  lines: lines.map(({ number, text }) => ({ number, text: csv.lineOf(text) })),
});

/** Of the option `--form`. @param begin Unix seconds of the first row; undefined: the form's own */
export const csvOf = ({ form }: { readonly form?: LogForm | undefined }, begin?: number): OriginalCsv | undefined =>
  form === 'original-csv' ? new OriginalCsv(begin) : undefined;

/** @throws Failure when nothing was read: what the logs seem to be, and what to do */
export function demandResults({ results, foreign, lines }: Tally, paths: readonly string[]): void {
  if (results > 0) return;
  if (foreign.length > 0) throw new Failure(foreign.join(' '), exitCodes.unreadable);
  if (lines === 0) throw new Failure(`${paths.join(', ')}: there is no line in it.`, exitCodes.unreadable);
}

/** "3 lines refused (2 not-json, 1 no-name)", or nothing when all was well. */
export function tallyText({ refused, lost, odd, foreign }: Tally): string {
  const count = [...refused.values()].reduce((sum, value) => sum + value, 0);
  const reasons = [...refused].map(([reason, value]) => `${value} ${reason}`).join(', ');
  const parts = [
    count > 0 ? `${count} lines refused (${reasons})` : '',
    lost > 0 ? `${lost} results lost by osquery` : '',
    ...[...odd].map(([one, lines]) => `${lines} lines ${oddTexts[one]}`),
    ...foreign,
  ];
  return parts.filter((part) => part !== '').join('; ');
}
