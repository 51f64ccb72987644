import type { Action } from '../../../models/action.ts';
import type { Batch } from '../../contract/batch.ts';
import { unwrap, wrappings, type Wrapping } from '../../line-forms/unwrap.ts';
import { LogClock } from './clock.ts';
import { Hosts } from './hosts.ts';
import { LostLines } from './lost-lines.ts';
import type { Pack } from './pack.ts';
import { lineParser, type Parsed } from './parse-line.ts';
import { Processes } from './processes.ts';
import { savedTally, type Oddity, type SavedTally } from './tally.ts';
import type { SubjectResolver } from './subject-resolver.ts';

/** An action, whose it is, and where it stood. */
export interface Found {
  readonly subject: string;
  readonly action: Action;
  readonly host: string;
  readonly line: number;
}

export interface ParsedBatch {
  readonly found: readonly Found[];
  readonly refused: readonly { readonly line: number; readonly reason: string; readonly detail: string }[];
  /** By osquery's whole name of the result. */
  readonly lost: readonly { readonly host: string; readonly query: string; readonly count: number }[];
}

interface Refused {
  line: number;
  reason: string;
  detail: string;
}

interface SavedParserState {
  readonly format: number;
  readonly places: ReturnType<LostLines['save']>;
  readonly hosts: unknown;
  readonly time: number | null;
  readonly tally: SavedTally;
}

/** The form of what a checkpoint keeps of reading. Without one it is of an earlier version, which is the first. */
const FORMAT = 1;

/** What reading a log must remember from line to line. */
export class ParserState {
  readonly resolver: SubjectResolver;
  readonly lost: LostLines;
  readonly hosts: Hosts;
  /** Not saved with the others: what is stored tells of them, and is gone when a person wants it to be. */
  readonly processes = new Processes();
  readonly clock: LogClock;
  readonly parse: ReturnType<typeof lineParser>;
  /** Lines that were results, and what was odd about any. */
  results: number;
  readonly odd: Partial<Record<Oddity, number>>;
  /** What of this was said to a person. */
  readonly told: Set<string>;

  /**
   * @param resolver shared by all logs
   * @param saved what `save` gave, anything else begins again
   * @param now Unix seconds
   */
  constructor(pack: Pack, resolver: SubjectResolver, saved?: unknown, now: () => number = () => Infinity) {
    const kept = (typeof saved === 'object' ? (saved ?? {}) : {}) as Record<string, unknown>;
    const { places, hosts, time, ...rest } = (kept.format ?? FORMAT) === FORMAT ? kept : {};
    const { results, odd } = savedTally(rest);
    this.results = results;
    this.odd = { ...odd };
    this.told = new Set(Object.keys(odd));
    this.clock = new LogClock(now, time);
    this.parse = lineParser(pack);
    this.resolver = resolver;
    this.lost = new LostLines(places);
    this.hosts = new Hosts(hosts);
  }

  save(): SavedParserState {
    const tally = { results: this.results, odd: this.odd };
    return { format: FORMAT, places: this.lost.save(), hosts: this.hosts.save(), time: this.clock.save(), tally };
  }

  countOddity(odd: Oddity): void {
    this.odd[odd] = (this.odd[odd] ?? 0) + 1;
  }
}

/** What the lines of a batch say, in their order. */
export function parseBatch(
  { lines, refused: unread, host: only }: Pick<Batch, 'lines' | 'refused' | 'host'>,
  parserState: ParserState,
): ParsedBatch {
  const found: Found[] = [];
  const lost: { host: string; query: string; count: number }[] = [];
  const refused: Refused[] = [];
  const take = ({ host: told, name, counted, epoch, counter, actions, badRows }: Result, line: number): void => {
    const host = only ?? told;
    const machine = parserState.hosts.see(host);
    const count = counted ? parserState.lost.see({ host, name, epoch, counter }) : 0;
    if (count > 0) lost.push({ host, query: name, count });
    for (let bad = 0; bad < badRows; bad++) refused.push({ line, reason: 'bad-row', detail: 'not an object' });
    for (const row of actions) {
      const action = placed(row, machine.name, parserState);
      found.push({ subject: parserState.resolver.subjectOf(action, host, machine), action, host, line });
    }
  };
  parserState.clock.look();
  for (const { number, reason } of unread) refused.push({ line: number, reason, detail: '' });
  for (const { number, text } of lines) {
    if (text === '') continue;
    const parsed = parserState.parse(text);
    if (parsed.ok) {
      parserState.results++;
      take(parsed, number);
      continue;
    }
    const results = resultsIn(number, text, parsed, parserState, refused);
    if (results.length > 0) parserState.results++;
    for (const result of results) take(result, number);
  }
  return { found, refused, lost };
}

/** The action where it belongs in time, and known for what it is. */
function placed(told: Action, machine: string, parserState: ParserState): Action {
  const time = parserState.clock.of(told.time);
  const again = parserState.processes.see(machine, told);
  if (time === told.time && !again) return told;
  if (time !== told.time) parserState.countOddity('future');
  return again ? { ...told, time, again } : { ...told, time };
}

type Result = Extract<Parsed, { readonly ok: true }>;
/** Wrappers in wrappers: a shipper's around syslog's. */
const DEEPEST = 3;

/** What a line holds that is no result by itself. What cannot be read of it is refused. */
function resultsIn(
  line: number,
  text: string,
  refusal: Extract<Parsed, { readonly ok: false }>,
  parserState: ParserState,
  refused: Refused[],
): Result[] {
  const { form, inner } = innerOf(text, parserState, 0);
  const results = inner.filter((one) => one.ok);
  if (results.length > 0) parserState.countOddity(form as Oddity);
  // A bracket of an array holds nothing, and hides nothing.
  else if (form === 'array' && inner.length === 0) return [];
  else {
    const reason = form !== undefined && !isWrapping(form) ? form : refusal.refusal;
    refused.push({ line, reason, detail: refusal.detail });
    return [];
  }
  for (const one of inner) if (!one.ok) refused.push({ line, reason: one.refusal, detail: one.detail });
  return results;
}

function innerOf(text: string, parserState: ParserState, depth: number): { form: string | undefined; inner: Parsed[] } {
  const unwrapped = depth < DEEPEST ? unwrap(text) : undefined;
  if (!unwrapped?.lines) return { form: unwrapped?.form, inner: [] };
  const inner = unwrapped.lines.flatMap((line) => {
    const parsed = parserState.parse(line);
    if (parsed.ok) return [parsed];
    const deeper = innerOf(line, parserState, depth + 1).inner;
    return deeper.length > 0 ? deeper : [parsed];
  });
  return { form: unwrapped.form, inner };
}

const isWrapping = (form: string): form is Wrapping => (wrappings as readonly string[]).includes(form);
