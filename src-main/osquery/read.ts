/**
 * What osquery on this machine is told to do, read as osquery itself reads it: the service's flag file, the configuration,
 * the files beside it, and the options in them, which win over flags. The one reader, of `ubad setup` and of the doctor.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { flagsIn, isOn, type Flags, type FlagValue } from './flags.ts';
import { isObject, parseConfiguration, type Parsed } from './json.ts';

/** Where its packages put things (osqueryd.service names the first two). */
const usual = { flags: '/etc/osquery/osquery.flags', config: '/etc/osquery/osquery.conf', log: '/var/log/osquery' };
const ORBIT = '/opt/orbit';
const ORBIT_LOG = '/opt/orbit/osquery_log';
const RESULTS = 'osqueryd.results.log';
/** The service's own settings, on Debian and on Fedora. */
const SERVICE = ['/etc/default/osqueryd', '/etc/sysconfig/osqueryd'];
/** Nobody writes a configuration of this size; a file of another kind is not read to its end. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_FILES = 200;
/** What osquery takes from its start only, whatever an option says. */
const AT_START = new Set(['config_path', 'config_plugin', 'flagfile', 'config_tls_endpoint']);

/** A file of the configuration. */
export type Source =
  | { readonly path: string; readonly state: 'read'; readonly text: string; readonly content: Parsed }
  | { readonly path: string; readonly state: 'not-json'; readonly text: string }
  /** `code` is the system's. */
  | { readonly path: string; readonly state: 'missing' | 'unreadable'; readonly code: string };

export interface Pack {
  readonly name: string;
  /** The file that it is in, or the pack itself. */
  readonly place: unknown;
  /** The configuration's file that names it. */
  readonly by: string;
}

export interface Osquery {
  /** Where a server gives the configuration: by what that is known. */
  readonly byServer: string | undefined;
  readonly flagFile: string;
  /** The configuration's main file, first, then what lies in the folder beside it. */
  readonly sources: readonly [Source, ...Source[]];
  readonly packs: readonly Pack[];
  /** Results are logged at all; else who says that they are not. */
  readonly off: FlagValue | undefined;
  /** Results are logged elsewhere than into files; else undefined. */
  readonly withoutFiles: FlagValue | undefined;
  /** It is said that results are logged into files; not said, it depends on who started osquery. */
  readonly toFiles: boolean;
  readonly logFolder: string;
  /** Who says so; undefined: nobody, it is the usual one. */
  readonly logFolderBy: FlagValue | undefined;
  /** The file of results. */
  readonly log: string;
}

/** @param root where the machine's files are: '' or '/', but in tests. Paths in the answer are the machine's own. */
export function readOsquery(root: string): Osquery {
  const read = (path: string): string | undefined => {
    const source = sourceAt(root, path);
    return source.state === 'read' || source.state === 'not-json' ? source.text : undefined;
  };
  const service = SERVICE.map(read).find((text) => text !== undefined) ?? '';
  const flagFile = assigned(service, 'FLAG_FILE') ?? usual.flags;
  const flags = flagsIn(flagFile, read);
  // The service gives it after the flag file, and a later flag wins.
  const config = assigned(service, 'CONFIG_FILE') ?? absolute(flags.get('config_path')) ?? usual.config;
  const main = sourceAt(root, config);
  // Without its main file osquery reads none of the others.
  const beside = main.state === 'missing' ? [] : filesBeside(root, config);
  const sources = [main, ...beside.map((path) => sourceAt(root, path))] as const;
  const said = withOptions(flags, sources);
  const plugins = said.get('logger_plugin');
  const folder = absolute(said.get('logger_path'));
  const logFolder = folder ?? (hasOrbit(root) ? ORBIT_LOG : usual.log);
  return {
    byServer: serverOf(root, flags),
    flagFile,
    sources: [...sources],
    packs: sources.flatMap((source) => packsOf(root, source)),
    off: isOn(said.get('disable_logging')) ? said.get('disable_logging') : undefined,
    withoutFiles: plugins && !isToFiles(plugins) ? plugins : undefined,
    toFiles: plugins !== undefined && isToFiles(plugins),
    logFolder,
    logFolderBy: folder === usual.log ? undefined : said.get('logger_path'),
    log: join(logFolder, RESULTS),
  };
}

const isToFiles = ({ value }: FlagValue): boolean => value.split(',').some((one) => one.trim() === 'filesystem');

/** What is read of one file. A pipe or device is no configuration, and would be waited for. */
function sourceAt(root: string, path: string): Source {
  const place = join(root, path);
  try {
    const { size } = statSync(place);
    if (!statSync(place).isFile()) return { path, state: 'unreadable', code: 'no plain file' };
    if (size > MOST_BYTES) return { path, state: 'unreadable', code: 'too large' };
    const text = readFileSync(place, 'utf8');
    const content = parseConfiguration(text);
    return content ? { path, state: 'read', text, content } : { path, state: 'not-json', text };
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return { path, state: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable', code };
  }
}

/** `NAME="value"` of a service's settings; absolute paths only. */
function assigned(text: string, name: string): string | undefined {
  const value = new RegExp(`^\\s*(?:export\\s+)?${name}=(["']?)(/.*?)\\1\\s*$`, 'm').exec(text)?.[2];
  return value?.trim();
}

function absolute(said: FlagValue | undefined): string | undefined {
  const path = said?.value.replace(/(?<=.)\/+$/, '');
  return path?.startsWith('/') ? path : undefined;
}

function filesBeside(root: string, config: string): string[] {
  try {
    const names = readdirSync(join(root, `${config}.d`)).filter((name) => name.endsWith('.conf'));
    return names
      .sort()
      .slice(0, MOST_FILES)
      .map((name) => join(`${config}.d`, name));
  } catch {
    return [];
  }
}

/** Options of all files, in the order in which osquery takes them in, over the flags. */
function withOptions(flags: Flags, sources: readonly Source[]): Flags {
  const said = new Map(flags);
  for (const source of sources) {
    const options = source.state === 'read' ? source.content.options : undefined;
    if (!isObject(options)) continue;
    for (const [name, value] of Object.entries(options)) {
      const isText = typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';
      if (isText && value !== '' && !AT_START.has(name)) said.set(name, { value: String(value), by: source.path });
    }
  }
  return said;
}

function packsOf(root: string, source: Source): Pack[] {
  const packs = source.state === 'read' ? source.content.packs : undefined;
  if (!isObject(packs)) return [];
  return Object.entries(packs).flatMap(([name, place]): Pack[] =>
    name === '*' && typeof place === 'string'
      ? matching(root, place).map((path) => ({
          name: basename(path).replace(/\.[^.]*$/, ''),
          place: path,
          by: source.path,
        }))
      : [{ name, place, by: source.path }],
  );
}

/** Files of one folder by a pattern of osquery: `%` and `*` stand for any name. */
function matching(root: string, pattern: string): string[] {
  const parts = basename(pattern).split(/[%*]+/);
  try {
    const names = readdirSync(join(root, dirname(pattern))).filter((name) => isLike(name, parts));
    return names
      .sort()
      .slice(0, MOST_FILES)
      .map((name) => join(dirname(pattern), name));
  } catch {
    return [];
  }
}

/** Whether a name is these parts with anything between them. No regular expression: its time would grow with the pattern. */
function isLike(name: string, parts: readonly string[]): boolean {
  const last = parts.at(-1)!;
  if (parts.length === 1) return name === last;
  if (!name.startsWith(parts[0]!)) return false;
  let from = parts[0]!.length;
  for (const part of parts.slice(1, -1)) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}

/** Fleet's agent brings an osquery of its own, which its server configures. */
function serverOf(root: string, flags: Flags): string | undefined {
  const plugin = flags.get('config_plugin');
  if (plugin && plugin.value !== 'filesystem' && plugin.value !== 'update')
    return `${plugin.by} says --config_plugin=${plugin.value}`;
  return hasOrbit(root) ? `Fleet's agent is in ${ORBIT}` : undefined;
}

function hasOrbit(root: string): boolean {
  try {
    return statSync(join(root, ORBIT)).isDirectory();
  } catch {
    return false;
  }
}
