import type { Action, Change } from '../../../models/action.ts';
import { escapeUnseen } from '../../contract/visible-text.ts';
import { ColumnMasks } from './masking/columns.ts';
import type { Pack } from './pack.ts';
import { QueryNames, type Named } from './query-name.ts';
import { unescaped } from './unescaped.ts';

/** Why a line is not a result. Counted and shown, never thrown. */
export type Refusal = 'not-json' | 'not-an-object' | 'no-name' | 'no-time' | 'no-rows' | 'bad-row' | 'bad-action';

export type Parsed =
  | {
      readonly ok: true;
      readonly host: string;
      readonly query: string;
      /** osquery's whole name of the result; and whether a gap in its counter means lost results. */
      readonly name: string;
      readonly counted: boolean;
      /** osquery's own, where the line has them: a new epoch is a new start, the counter counts results. */
      readonly epoch: number | undefined;
      readonly counter: number | undefined;
      readonly actions: readonly Action[];
      /** Rows of a batch or snapshot that are no objects, or nested too deeply; the others are kept. */
      readonly badRows: number;
    }
  | { readonly ok: false; readonly refusal: Refusal; readonly detail: string };

/** Not before osquery existed by a wide margin, and not after the year 9999. Unix seconds. */
const EARLIEST = 946_684_800;
const LATEST = 253_402_300_799;
/** An event's own time may lie this much after the line's: clocks differ. Seconds. */
const TOLERANCE = 86_400;
const DETAIL_LENGTH = 200;
/** A backslash and an x, as JSON has them. */
const ESCAPE = String.raw`\\x`;

/** Makes the function that reads one line of osqueryd.results.log or osqueryd.snapshots.log. Never throws. */
export function lineParser(pack: Pack): (text: string) => Parsed {
  const names = new QueryNames(pack);
  const masks = (isOwn: boolean): ReadonlyMap<string, ColumnMasks> =>
    new Map([...pack.learning].map(([query, { columns }]) => [query, new ColumnMasks(columns, isOwn)]));
  const [own, alike, unknown] = [masks(true), masks(false), new ColumnMasks()];
  // Another pack's query of the same name may answer anything in these columns.
  const masksOf = (named: Named): ColumnMasks => (named.own ? own : alike).get(named.query) ?? unknown;
  return (text) => parseLine(text, names, masksOf);
}

function parseLine(text: string, names: QueryNames, masksOf: (named: Named) => ColumnMasks): Parsed {
  let raw: unknown;
  try {
    raw = JSON.parse(withoutPadding(text));
  } catch (error) {
    return refuse('not-json', error instanceof Error ? withoutQuote(error.message) : '');
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return refuse('not-an-object', typeof raw);
  const line = raw as Record<string, unknown>;
  const { name, action } = line;
  if (typeof name !== 'string' || name === '') return refuse('no-name', `name is ${typeof name}`);
  const time = timeOf(line.unixTime);
  if (time === undefined) return refuse('no-time', `unixTime is ${show(line.unixTime)}`);
  const rows = rowsOf(line);
  if (!rows) {
    return line.columns === undefined && (action === undefined || isChange(action))
      ? refuse('no-rows', 'neither columns nor diffResults nor snapshot')
      : refuse('bad-action', `action is ${show(action)}`);
  }
  const named = names.find(name);
  const counter = count(line.counter);
  const reading: RowReading = {
    named,
    masks: masksOf(named),
    time,
    isFirst: counter === 0,
    // Most lines hold no backslash at all, which is quick to see.
    isEscaped: text.includes('\\') && text.includes(ESCAPE),
  };
  const actions: Action[] = [];
  let badRows = 0;
  for (const [change, values] of rows) {
    for (const row of values) {
      const isRow = typeof row === 'object' && row !== null && !Array.isArray(row);
      const action = isRow ? actionOf(reading, change, row as Record<string, unknown>) : undefined;
      if (action === undefined) badRows++;
      else actions.push(action);
    }
  }
  if (actions.length === 0 && badRows > 0) return refuse('bad-row', 'no row is an object that can be read');
  return {
    ok: true,
    host: hostOf(line),
    query: named.query,
    name,
    counted: named.counted,
    epoch: count(line.epoch),
    counter,
    actions,
    badRows,
  };
}

/** V8 quotes the text around the fault, and there may be a secret: `Unexpected token 'x', ..."word=x"... is not valid JSON`. */
const withoutQuote = (message: string): string => message.replace(/, (?:\.\.\.)?"[^]*$/, '');

const isChange = (action: unknown): action is Change =>
  action === 'added' || action === 'removed' || action === 'snapshot';

/** What copytruncate, editors and other systems leave around a line is not part of it. */
function withoutPadding(text: string): string {
  return text.startsWith('{') && text.endsWith('}') ? text : text.replace(/^[\0\uFEFF]+|(?<!\0)\0+$/g, '');
}

function hostOf({ hostIdentifier, hostname }: Record<string, unknown>): string {
  if (typeof hostIdentifier === 'string' && hostIdentifier !== '') return hostIdentifier;
  return typeof hostname === 'string' && hostname !== '' ? hostname : 'unknown';
}

/** The rows of each form of a line; undefined when it is none of them. */
function rowsOf({
  action,
  columns,
  snapshot,
  diffResults,
}: Record<string, unknown>): [Change, readonly unknown[]][] | undefined {
  if (isList(snapshot)) return [['snapshot', listOf(snapshot)]];
  if (isChange(action)) return columns === undefined ? undefined : [[action, [columns]]];
  if (typeof diffResults !== 'object' || diffResults === null) return undefined;
  const { added, removed } = diffResults as { added?: unknown; removed?: unknown };
  if (!isList(added) && !isList(removed)) return undefined;
  return [
    ['removed', listOf(removed)],
    ['added', listOf(added)],
  ];
}

/** Older osqueryds wrote an empty list as an empty text. */
const isList = (value: unknown): boolean => Array.isArray(value) || value === '';

/** Something else in a list's place counts as one bad row. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value === '' ? [] : [undefined];
}

/** What the rows of a line have in common. */
interface RowReading {
  readonly named: Named;
  readonly masks: ColumnMasks;
  /** Unix seconds: when osquery logged it. */
  readonly time: number;
  /**
   * The line's counter is 0, which means a full first result for differential queries only: snapshots always carry 0, and so do
   * the events of older osqueryds.
   */
  readonly isFirst: boolean;
  /** Some value may hold bytes as older osqueryds wrote them. */
  readonly isEscaped: boolean;
}

/** @returns undefined when a value is nested too deeply */
function actionOf(
  { named: { query, evented }, masks, time, isFirst, isEscaped }: RowReading,
  change: Change,
  row: Record<string, unknown>,
): Action | undefined {
  const columns: Record<string, string> = {};
  // A name that an assignment would not make a column of.
  let odd: string | undefined;
  let own: number | undefined;
  for (const column in row) {
    const mask = masks.of(column);
    let value = text(mask === null ? row[column] : asLine(row[column]));
    if (value === undefined) return undefined;
    if (isEscaped) value = unescaped(value);
    if (mask !== null) value = mask(value, row);
    if (column === '__proto__') odd = value;
    else columns[column] = value;
    // Elsewhere `time` is when a state began, e.g. a login's, also on the row that tells of its end.
    if (evented && column === 'time') own = timeOf(value);
  }
  const happened = own !== undefined && own <= time + TOLERANCE ? own : time;
  const all = odd === undefined ? columns : Object.fromEntries([...Object.entries(columns), ['__proto__', odd]]);
  const action = { query, change, time: happened, columns: all };
  return isFirst && !evented && change !== 'snapshot' ? { ...action, baseline: true } : action;
}

/** A list of arguments as osquery itself writes one. */
const asLine = (value: unknown): unknown =>
  Array.isArray(value) && value.every((argument) => typeof argument !== 'object') ? value.join(' ') : value;

/** Undefined for what is nested too deeply. */
function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return written(value);
}

/** JSON is read to any depth, but to write it takes stack: some thousand levels, 10 kB of line, are too many. */
function written(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Unix seconds from a number or a string of digits; undefined when it is not a sane time. */
function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof time === 'number' && time >= EARLIEST && time <= LATEST ? Math.floor(time) : undefined;
}

function count(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function refuse(refusal: Refusal, detail: string): Parsed {
  return { ok: false, refusal, detail: escapeUnseen(detail).slice(0, DETAIL_LENGTH) };
}

const show = (value: unknown): string =>
  value === undefined ? 'missing' : (written(value) ?? 'nested too deeply').slice(0, 40);
