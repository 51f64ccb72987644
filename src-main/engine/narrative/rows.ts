import { baseOf, isOwnPlace, placeOf } from '../../../models/facts/place.ts';
import { classOf } from '../../../models/facts/program-class.ts';
import type { EntityRow, Phrase } from '../../contract/story/story.ts';
import { isUsual } from '../../contract/story/tell.ts';
import { addressOf, type Act } from './act.ts';
import type { Familiar } from './familiar.ts';
import { isOwnFile } from './own-files.ts';
import { publishesPort, toolOf, useOf } from './tool.ts';

/** A row, and the first act of it. */
export interface Told {
  readonly row: EntityRow;
  readonly act: Act;
  /** A connection of a program that has connected before: only where it goes to is new. */
  readonly isElsewhere: boolean;
  /** What alarmed: something about it was never there before. */
  readonly isNew: boolean;
}

/** A program that connects to more addresses within an incident is one row. */
const WIDE_HERE = 3;

/** Acts that look alike are one row: nothing stands twice. In order of time. */
export function rowsOf(acts: readonly Act[], familiar: Familiar, newFacts: ReadonlySet<number> = new Set()): Told[] {
  const parents = new Map<string, string>();
  const reached = new Map<string, Set<string>>();
  for (const { kind, program = '', parent, address = '' } of acts) {
    if (kind === 'program' && parent !== undefined && !parents.has(program)) parents.set(program, parent);
    if (kind === 'connection') reached.set(program, (reached.get(program) ?? new Set()).add(address));
  }
  const rows = new Map<string, Told>();
  for (const act of acts) {
    const { program = '' } = act;
    // It was started more than once: by whom the last time counts.
    if (act.kind === 'program' && act.parent !== undefined && !act.ended) parents.set(program, act.parent);
    const wide = familiar.isWide(act) || (reached.get(program)?.size ?? 0) > WIDE_HERE;
    const kind = kindOf(act, familiar);
    const phrase = phraseOf(act, kind, wide);
    const chain = chainOf(act, wide, parents.get(program));
    const key = JSON.stringify([phrase, chain]);
    const known = rows.get(key);
    const seen = kind === 'shell' ? familiar.seenFrom(act) : familiar.seen(act);
    if (known) {
      const { row } = known;
      const [first, last] = [Math.min(row.first, act.time), Math.max(row.last, act.time)];
      rows.set(key, {
        ...known,
        isNew: known.isNew || newFacts.has(act.id),
        row: { ...row, first, last, count: row.count + 1, seen: Math.max(row.seen, seen) },
      });
      continue;
    }
    const isNewFrom = kind === 'program' && act.parent !== undefined && familiar.seenFrom(act) === 0;
    const tool = runs.has(kind) ? toolOf(act.program ?? act.name) : undefined;
    const row: EntityRow = {
      ...(isNewFrom && { newFrom: act.parent }),
      ...(tool !== undefined && { tool }),
      act: kind,
      phrase,
      chain,
      first: act.time,
      last: act.time,
      count: 1,
      seen,
      action: act.id,
    };
    const isElsewhere = row.act === 'connection' && familiar.connects(act);
    rows.set(key, { act, row, isElsewhere, isNew: newFacts.has(act.id) });
  }
  const counted = [...rows.values()].map((told) => ({ ...told, row: withCount(told.row) }));
  return counted.sort((a, b) => a.row.first - b.row.first || a.row.action - b.row.action);
}

/** Kinds of act that run a program by its name. */
const runs: ReadonlySet<string> = new Set(['program', 'command']);

const withCount = (row: EntityRow): EntityRow =>
  row.phrase.id === 'row.connections'
    ? { ...row, phrase: { id: row.phrase.id, values: { ...row.phrase.values, n: row.count } } }
    : row;

/** What kind of act it is, as the catalogue's `kind.…` has it; "ended", "session" and "own-file" tell nothing by themselves. */
function kindOf(act: Act, familiar: Familiar): string {
  const { kind, ended, program = '', parent = '', address, file = '' } = act;
  if (ended) return 'ended';
  const type = classOf(baseOf(program));
  switch (kind) {
    case 'login':
      return address === undefined ? 'session' : 'login';
    case 'program':
      if (type === 'shell' && startsNoShell(baseOf(parent))) return 'shell';
      return isOddPlace(act, familiar) ? 'place' : 'program';
    case 'connection':
      if (type === 'shell' || type === 'interpreter') return 'shell-net';
      return isOddPlace(act, familiar) ? 'place-net' : 'connection';
    case 'file':
      return isOwnFile(program, file) ? 'own-file' : 'read';
    case 'port':
      return publishesPort(program || act.name) ? 'container-port' : kind;
    default:
      return kind;
  }
}

/** Documents, browsers and services; but the first process takes over whatever has lost its parent. */
const startsNoShell = (name: string): boolean =>
  ['document', 'daemon'].includes(classOf(name)) && !/^(systemd|init)\b/.test(name);

/**
 * Where the account may put a program and people seldom do: their own builds lie in their homes, and a hidden folder from which
 * programs are started every day (~/.cargo/bin) hides nothing.
 */
function isOddPlace(act: Act, familiar: Familiar): boolean {
  const place = placeOf(act.program ?? '');
  if (!isOwnPlace(place) || place === 'home') return false;
  return place === 'tmp' || place === 'tmp-hidden' || !isUsual({ act: 'program', seen: familiar.startedIn(act) });
}

function phraseOf(act: Act, as: string, wide: boolean): Phrase {
  const { kind, ended, label, name, address, file = name, port = '' } = act;
  const program = baseOf(act.program ?? '') || name;
  const uses = useIn('programIs', act.program ?? name);
  if (ended) return { id: 'row.ended', values: { label, name: name === label ? '' : name } };
  switch (kind) {
    case 'login':
      return address === undefined
        ? { id: 'row.login.local', values: {} }
        : { id: 'row.login.remote', values: { address } };
    case 'session':
      return { id: 'row.session', values: {} };
    case 'program':
      return as === 'place'
        ? { id: 'row.place', values: { program, ...uses, folder: placeText(act.program ?? '') } }
        : { id: 'row.program', values: { program, ...uses } };
    case 'command':
      return { id: 'row.command', values: { name, ...useIn('nameIs', name) } };
    case 'connection':
      return wide
        ? { id: 'row.connections', values: { program, ...uses } }
        : { id: 'row.connection', values: { program, ...uses, address: addressOf(act) } };
    case 'file':
      return { id: 'row.file', values: { program, ...uses, file } };
    case 'port':
      return { id: act.isLoopback ? 'row.port.local' : 'row.port', values: { program, ...uses, port } };
    case 'other':
      return { id: 'row.other', values: { label, name: name === label ? '' : name } };
    default:
      return { id: `row.${kind}`, values: { name } };
  }
}

/** What a program is for, as the value of a phrase. */
export const useIn = (place: string, program: string): Phrase['values'] => {
  const use = useOf(program);
  return use === undefined ? {} : { [place]: use };
};

function chainOf(act: Act, wide: boolean, started: string | undefined): string[] {
  const { kind, program, parent = started, file, tty, ended } = act;
  if (ended) return [];
  if (kind === 'login') return tty === undefined ? [] : [tty];
  if (program === undefined) return [];
  const end = kind === 'connection' && !wide ? addressOf(act) : kind === 'file' ? file : undefined;
  return [parent, program, end].filter((part) => part !== undefined);
}

/** Where a program lies, as a headline names it. */
export const placeText = (program: string): string => program.slice(0, Math.max(1, program.lastIndexOf('/')));
