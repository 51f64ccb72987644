import type { Action } from '../action.ts';
import { alike, baseOf, folderOf, isOwnPlace, placeOf } from './place.ts';
import { classOf } from './program-class.ts';

/** One thing that a row tells, which a user has or has not done before. */
export interface Fact {
  /** Facts that are new about equally often. */
  readonly family: string;
  /** Of facts that tell of the same thing only one counts. */
  readonly group: string;
  /** The program that it tells of, by name. */
  readonly program?: string;
  /** Who started that program, by name. */
  readonly startedBy?: string;
  /** What is known, once it is. */
  readonly key: string;
}

/** What a program that runs is: its name, and its class or the place that anybody may write to. */
export interface Program {
  readonly name: string;
  /** One of `ProgramClass`; of a place that anybody may write to, of `Place`; in a container `CONTAINED`. */
  readonly class: string;
}

/** The class of whatever runs in a container: who starts it is an engine's helper, and its files are no files of this machine. */
const CONTAINED = 'contained';

type Columns = Action['columns'];

/**
 * What a row tells of what a user does, whatever the query is called: programs and who started them, where they lie, what they
 * connect to, shell commands, logins, sensitive files. By columns of osquery's tables.
 * @param parent the program that started the one of this row, where it is known from an earlier row
 */
export function factsOf(columns: Columns, parent?: Program): Fact[] {
  const { remote_port: port, verb, command, tty, exe } = columns;
  if (port !== undefined) return connection(columns, port);
  if (isProcess(columns)) return start(columns, parent);
  if (exe !== undefined && columns.path !== undefined) return file(columns, exe, columns.path);
  const line = verb ?? command;
  if (line !== undefined && columns.minute === undefined) return shellCommand(columns, line);
  if (tty !== undefined && columns.user !== undefined) return login(columns, tty);
  if (columns.port !== undefined && columns.name !== undefined) return openPort(columns, columns.port);
  return [];
}

/** The program of a row about a process. @param parent that started it, where an earlier row tells: what it is called alone is no proof */
export function programOf({ name = '', path = '' }: Columns, parent?: Program): Program {
  const place = placeOf(path);
  const called = alike(name === '' ? baseOf(path) : name);
  const byFile = path === '' ? 'other' : classOf(baseOf(path));
  const kind = byFile === 'other' ? classOf(name) : byFile;
  // Who runs a first container starts all of an engine's helpers.
  if (kind === 'container' && !isOwnPlace(place)) return { name: kind, class: kind };
  if (parent?.class === 'container' || parent?.class === CONTAINED) return { name: called, class: CONTAINED };
  return { name: called, class: isOwnPlace(place) ? place : kind };
}

/** Whether a row tells that a process has begun. */
export const isProcess = ({ path, parent, parent_name: name, start_time: begun, syscall }: Columns): boolean =>
  path !== undefined && (parent ?? name ?? begun ?? syscall) !== undefined;

function start(columns: Columns, known: Program | undefined): Fact[] {
  const { path = '', parent_name: parentName = '', on_disk: onDisk, euid } = columns;
  const { name: program, class: kind } = programOf(columns, known);
  // Where its file lies, and that it is not on this machine's disk, says nothing.
  if (kind === CONTAINED) return [{ family: `program ${kind}`, group: 'place', key: program, program }];
  const place = placeOf(path);
  const facts: Fact[] =
    kind === 'container'
      ? [{ family: `program ${kind}`, group: 'place', key: program, program }]
      : [
          { family: `place ${place}`, group: 'place', key: folderOf(path), program },
          { family: `program ${place} ${kind}`, group: 'place', key: alike(path), program },
          { family: `name ${kind}`, group: 'place', key: program, program },
        ];
  const parent = known ?? (parentName === '' ? undefined : programOf({ name: parentName }));
  if (parent) {
    const pair = `${parent.name} > ${program}`;
    const startedBy = parent.name;
    facts.push({ family: `pair ${parent.class} > ${kind}`, group: 'parent', key: pair, program, startedBy });
    facts.push({ family: `child ${kind}`, group: 'parent', key: startedBy, program, startedBy });
  }
  // What root put there and is gone was as a rule renewed with its package while it ran.
  if (onDisk === '0' && isOwnPlace(place))
    facts.push({ family: 'deleted', group: 'deleted', key: folderOf(path), program });
  if (euid === '0') facts.push({ family: `root ${kind}`, group: 'root', key: program, program });
  return facts;
}

function connection(columns: Columns, port: string): Fact[] {
  const { name, class: kind } = programOf(columns);
  const key = `${name}:${port}`;
  return [{ family: `connection ${kind} ${portClass(port)}`, group: 'connection', key, program: name }];
}

function openPort(columns: Columns, port: string): Fact[] {
  const { name, class: kind } = programOf(columns);
  // Above these the system gives numbers out (net.ipv4.ip_local_port_range); a container's is chosen by who made what is in it.
  const isAny = Number(port) >= 32_768 || kind === 'container';
  const key = `${name}:${isAny ? 'any' : port}`;
  return [{ family: `port ${kind}`, group: 'port', key, program: name }];
}

function shellCommand({ len, command }: Columns, line: string): Fact[] {
  const word = alike(baseOf(line.split(' ', 1)[0]!));
  const length = Number(len ?? command?.length ?? 0);
  return [
    { family: `command ${typedClass(word)}`, group: 'command', key: word, program: word },
    { family: 'length', group: 'length', key: String(Math.ceil(2 * Math.log2(Math.max(1, length)))) },
  ];
}

/** What a typed word is for: that nobody types the name of a daemon or a session does not make one that begins like it rare. */
function typedClass(word: string): string {
  const known = classOf(word);
  return known === 'shell' || known === 'interpreter' || known === 'network' ? known : 'other';
}

function login({ host = '' }: Columns, tty: string): Fact[] {
  const facts: Fact[] = [{ family: 'terminal', group: 'login', key: alike(tty) }];
  if (host !== '' && !host.startsWith(':')) facts.push({ family: 'from', group: 'login', key: host });
  return facts;
}

function file(columns: Columns, exe: string, path: string): Fact[] {
  const { name, class: kind } = programOf({ ...columns, path: exe });
  return [{ family: `file ${kind}`, group: 'file', key: `${name} ${folderOf(path)}`, program: name }];
}

function portClass(port: string): string {
  const number = Number(port);
  if (number === 80 || number === 443) return 'web';
  return number < 1024 ? 'well-known' : 'other';
}
