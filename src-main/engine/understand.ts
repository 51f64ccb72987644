import type { Action } from '../../models/action.ts';
import type { Batch } from '../contract.ts';
import { LostLines } from './reading/lost-lines.ts';
import type { Pack } from './reading/pack.ts';
import { lineParser } from './reading/parse-line.ts';
import type { Who } from './reading/who.ts';

/** An action, whose it is, and where it stood. */
export interface Found {
  readonly subject: string;
  readonly action: Action;
  readonly host: string;
  readonly line: number;
}

export interface Understood {
  readonly found: readonly Found[];
  readonly refused: readonly { readonly line: number; readonly reason: string; readonly detail: string }[];
  readonly lost: readonly { readonly host: string; readonly query: string; readonly count: number }[];
}

/** What reading a log must remember from line to line. */
export class Readers {
  readonly who: Who;
  readonly lost: LostLines;
  readonly parse: ReturnType<typeof lineParser>;
  readonly pack: Pack;

  /** @param who shared by all logs; @param saved what `save` gave, anything else begins anew */
  constructor(pack: Pack, who: Who, saved?: unknown) {
    const { places } = (typeof saved === 'object' ? (saved ?? {}) : {}) as Partial<ReturnType<Readers['save']>>;
    this.pack = pack;
    this.parse = lineParser(pack);
    this.who = who;
    this.lost = new LostLines(places);
  }

  save(): { places: ReturnType<LostLines['save']> } {
    return { places: this.lost.save() };
  }
}

/** What the lines of a batch say, in their order. */
export function understand({ lines, refused: unread }: Pick<Batch, 'lines' | 'refused'>, readers: Readers): Understood {
  const found: Found[] = [];
  const lost: { host: string; query: string; count: number }[] = [];
  const refused: { line: number; reason: string; detail: string }[] = [];
  for (const { number, reason } of unread) refused.push({ line: number, reason, detail: '' });
  for (const { number, text } of lines) {
    if (text === '') continue;
    const parsed = readers.parse(text);
    if (!parsed.ok) {
      refused.push({ line: number, reason: parsed.refusal, detail: parsed.detail });
      continue;
    }
    const { host, query, epoch, counter, actions, badRows } = parsed;
    const count = readers.lost.see(readers.pack, host, query, epoch, counter);
    if (count > 0) lost.push({ host, query, count });
    for (let bad = 0; bad < badRows; bad++) refused.push({ line: number, reason: 'bad-row', detail: 'not an object' });
    for (const action of actions)
      found.push({ subject: readers.who.subjectOf(action, host), action, host, line: number });
  }
  return { found, refused, lost };
}
