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
  /** What rows that do not tell the program's name call it: the file that runs it, or the container's engine. */
  readonly alias?: string;
  /** `program` is such an alias. */
  readonly byAlias?: true;
  /** What is known, once it is. */
  readonly key: string;
}

/** What a program that runs is: its name, and its class or the place that anybody may write to. */
export interface Program {
  readonly name: string;
  /** One of `ProgramClass`; of a place that anybody may write to, of `Place`; in a container `CONTAINED`. */
  readonly class: string;
  /** What rows that do not tell its name call it, where that is something else. */
  readonly alias?: string;
}

/** The class of whatever runs in a container: who starts it is an engine's helper, and its files are no files of this machine. */
const CONTAINED = 'contained';

/** The kernel keeps this many characters of a process's name (TASK_COMM_LEN − 1, sched.h). */
const LONGEST_NAME = 15;

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
  const file = baseOf(path);
  const called = alike(name === '' || (name.length === LONGEST_NAME && file.startsWith(name)) ? file : name);
  const byFile = path === '' ? 'other' : classOf(file);
  const kind = byFile === 'other' ? classOf(name) : byFile;
  // Who runs a first container starts all of an engine's helpers.
  if (kind === 'container' && !isOwnPlace(place)) return { name: kind, class: kind };
  if (parent?.class === 'container' || parent?.class === CONTAINED)
    return { name: called, class: CONTAINED, alias: 'container' };
  const alias = path === '' ? called : alike(file);
  return { name: called, class: isOwnPlace(place) ? place : kind, ...(alias !== called && { alias }) };
}

/** Whether a row tells that a process has begun. */
export const isProcess = ({ path, parent, parent_name: name, start_time: begun, syscall }: Columns): boolean =>
  path !== undefined && (parent ?? name ?? begun ?? syscall) !== undefined;

function start(columns: Columns, known: Program | undefined): Fact[] {
  const { path = '', parent_name: parentName = '', on_disk: onDisk, euid } = columns;
  const ran = programOf(columns, known);
  const { name: program, class: kind } = ran;
  const own = { program, ...(ran.alias !== undefined && { alias: ran.alias }) };
  // Where its file lies, and that it is not on this machine's disk, says nothing.
  if (kind === CONTAINED) return [{ family: `program ${kind}`, group: 'place', key: program, ...own }];
  const place = placeOf(path);
  const facts: Fact[] =
    kind === 'container'
      ? [{ family: `program ${place} other`, group: 'place', key: program, ...own }]
      : [
          { family: `place ${place}`, group: 'place', key: folderOf(path), ...own },
          { family: `program ${place} ${kind}`, group: 'place', key: alike(path), ...own },
          { family: `name ${kind}`, group: 'place', key: program, ...own },
        ];
  const parent = known ?? (parentName === '' ? undefined : programOf({ name: parentName }));
  // An engine's helpers start each other and leave their parents: whose children they are when they are looked at is chance.
  const isHelper = kind === 'container' && (parent?.class === 'container' || parent?.class === 'daemon');
  if (parent && !isHelper) {
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
  const family = `connection ${kind} ${portClass(port)}`;
  return [{ family, group: 'connection', key, program: name, ...byAlias(kind, columns) }];
}

function openPort(columns: Columns, port: string): Fact[] {
  const { name, class: kind } = programOf(columns);
  // Above these the system gives numbers out (net.ipv4.ip_local_port_range); a container's is chosen by who made what is in it.
  const isAny = Number(port) >= 32_768 || kind === 'container';
  const key = `${name}:${isAny ? 'any' : port}`;
  return [{ family: `port ${kind}`, group: 'port', key, program: name, ...byAlias(kind, columns) }];
}

/** An audit's row of a connection tells its program by the file alone, a container's port by the engine alone. */
const byAlias = (kind: string, { name }: Columns): Pick<Fact, 'byAlias'> =>
  kind === 'container' || name === undefined ? { byAlias: true } : {};

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
  if (host !== '' && !host.startsWith(':')) facts.push({ family: 'from', group: 'login', key: networkOf(host) });
  return facts;
}

/** Where somebody comes from: of an address that its own network gives out (RFC 1918, RFC 4193, RFC 3927, RFC 4291) that network. */
function networkOf(host: string): string {
  const four = /^(?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168|169\.254)\./.test(host) && /^(?:\d+\.){3}\d+$/.test(host);
  if (four) return host.replace(/\.\d+$/, '.*');
  const six = /^(?:f[cd][\da-f]{2}|fe[89ab][\da-f]):/i.test(host);
  return six ? `${host.toLowerCase().split(':').slice(0, 4).join(':')}:*` : host;
}

function file(columns: Columns, exe: string, path: string): Fact[] {
  const { name, class: kind } = programOf({ ...columns, path: exe });
  return [
    {
      family: `file ${kind}`,
      group: 'file',
      key: `${name} ${folderOf(path)}`,
      program: name,
      ...byAlias(kind, columns),
    },
  ];
}

function portClass(port: string): string {
  const number = Number(port);
  if (number === 80 || number === 443) return 'web';
  return number < 1024 ? 'well-known' : 'other';
}
