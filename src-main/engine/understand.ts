import type { Action } from '../../models/action.ts';
import type { Batch } from '../contract.ts';
import { Hosts } from './reading/hosts.ts';
import { LostLines } from './reading/lost-lines.ts';
import type { Pack } from './reading/pack.ts';
import { lineParser } from './reading/parse-line.ts';
import { Processes } from './reading/processes.ts';
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
  /** By osquery's whole name of the result. */
  readonly lost: readonly { readonly host: string; readonly query: string; readonly count: number }[];
}

/** What reading a log must remember from line to line. */
export class Readers {
  readonly who: Who;
  readonly lost: LostLines;
  readonly hosts: Hosts;
  /** Not saved with the others: what is stored tells of them, and is gone when a person wants it to be. */
  readonly processes = new Processes();
  readonly parse: ReturnType<typeof lineParser>;

  /** @param who shared by all logs; @param saved what `save` gave, anything else begins anew */
  constructor(pack: Pack, who: Who, saved?: unknown) {
    const { places, hosts } = (typeof saved === 'object' ? (saved ?? {}) : {}) as Partial<ReturnType<Readers['save']>>;
    this.parse = lineParser(pack);
    this.who = who;
    this.lost = new LostLines(places);
    this.hosts = new Hosts(hosts);
  }

  save(): { places: ReturnType<LostLines['save']>; hosts: ReturnType<Hosts['save']> } {
    return { places: this.lost.save(), hosts: this.hosts.save() };
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
    const { host, name, counted, epoch, counter, actions, badRows } = parsed;
    const machine = readers.hosts.see(host);
    const count = counted ? readers.lost.see({ host, name, epoch, counter }) : 0;
    if (count > 0) lost.push({ host, query: name, count });
    for (let bad = 0; bad < badRows; bad++) refused.push({ line: number, reason: 'bad-row', detail: 'not an object' });
    for (const told of actions) {
      const action = readers.processes.see(machine.name, told) ? { ...told, again: true } : told;
      found.push({ subject: readers.who.subjectOf(action, host, machine), action, host, line: number });
    }
  }
  return { found, refused, lost };
}
