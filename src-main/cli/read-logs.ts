import type { Pack } from '../engine/reading/pack.ts';
import type { Who } from '../engine/reading/who.ts';
import { Readers, understand, type Found } from '../engine/understand.ts';
import { readFile } from '../source/read-file.ts';
import { exitCodes, Failure } from './failure.ts';
import { absolute } from './setup.ts';

/** What reading logs found besides actions. */
export interface Tally {
  lines: number;
  refused: Map<string, number>;
  lost: number;
}

export const newTally = (): Tally => ({ lines: 0, refused: new Map(), lost: 0 });

/** The actions of logs, one log after the other, in their order. @throws Failure when one cannot be read */
export async function* readLogs(paths: readonly string[], pack: Pack, who: Who, tally: Tally): AsyncGenerator<Found> {
  const readers = new Readers(pack, who);
  for (const path of paths) {
    try {
      for await (const batch of readFile(absolute(path))) {
        const { found, refused, lost } = understand(batch, readers);
        tally.lines += batch.lines.length + batch.refused.length;
        for (const { reason } of refused) tally.refused.set(reason, (tally.refused.get(reason) ?? 0) + 1);
        for (const { count } of lost) tally.lost += count;
        yield* found;
      }
    } catch (error) {
      if (error instanceof Error) throw new Failure(`${path}: ${error.message}`, exitCodes.unreadable);
      throw error;
    }
  }
}

/** "3 lines refused (2 not-json, 1 no-name)", or nothing when all was well. */
export function tallyText({ refused, lost }: Tally): string {
  const count = [...refused.values()].reduce((sum, value) => sum + value, 0);
  const reasons = [...refused].map(([reason, value]) => `${value} ${reason}`).join(', ');
  const parts = [
    count > 0 ? `${count} lines refused (${reasons})` : '',
    lost > 0 ? `${lost} results lost by osquery` : '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}
