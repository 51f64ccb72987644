import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { setupEn } from '../../contract/story/setup-en.ts';
import type { Phrase } from '../../contract/story/story.ts';
import { isObject, parseConfiguration } from '../../osquery/json.ts';
import { readOsquery, type Osquery } from '../../osquery/read.ts';
import { accessOf } from './access.ts';
import { addPacks } from './configuration.ts';
import { whatIsAt } from './files.ts';
import { logsIn, withLog } from './log-folder.ts';
import { BACKUP, LOG_NAME, packFiles, type Places } from './places.ts';
import { setupPhrase as say, SetupFailure } from './setup-words.ts';

/** One change to the system. */
export type Step =
  | { readonly do: 'folder'; readonly path: string }
  | { readonly do: 'create'; readonly path: string; readonly content: string }
  /** The file that was there is kept beside, with everything that belongs to it. */
  | {
      readonly do: 'edit';
      readonly path: string;
      readonly before: string;
      readonly content: string;
      readonly inserted: string;
    }
  /** A file that setup made and nobody changed, as this version ships it. */
  | { readonly do: 'renew'; readonly path: string; readonly before: string; readonly content: string }
  | Access;

/** The list that was there `before` is put back exactly. */
export interface Access {
  readonly do: 'access';
  readonly path: string;
  /** A number: names can be given again. */
  readonly user: string;
  readonly before: string;
  /** Files of a folder that the user could read already. */
  readonly readBefore: readonly string[];
}

export interface Plan {
  readonly steps: readonly Step[];
  /** What setup leaves to the person, and why. */
  readonly advice: readonly Phrase[];
}

export interface Wishes {
  /** Who is to read the log; undefined: nobody new. */
  readonly user: string | undefined;
  /** Messages of login and sudo too, through rsyslog or syslog-ng. */
  readonly rsyslog: boolean;
}

export interface Known {
  /** Content of a file of conf/. */
  readonly shipped: (name: string) => string;
  /** What setup has done before. */
  readonly done: readonly Step[];
}

export function planSetup(places: Places, wishes: Wishes, known: Known): Plan {
  const advice: Phrase[] = [];
  if (!whatIsAt(places.osquery) && !whatIsAt(places.orbit)) {
    return { steps: [], advice: [say('setup.no-osquery')] };
  }
  const osquery = readOsquery(places.root);
  logging(osquery, advice);
  const steps = [
    ...asking(places, known, osquery, advice),
    ...(wishes.rsyslog ? messages(places, known, advice) : []),
    ...reading(places, join(places.root, osquery.logFolder), wishes.user, advice),
  ];
  return { steps, advice };
}

type Left<Key> = Key extends `setup.left.${infer Why}` ? Exclude<Why, 'do'> : never;
/** Why a configuration is left to the person. */
type WhyLeft = Left<keyof typeof setupEn>;

/** What osquery is asked: the packs, and the lines that name them. */
function asking(places: Places, { shipped, done }: Known, osquery: Osquery, advice: Phrase[]): Step[] {
  if (osquery.byServer !== undefined) {
    advice.push(...serverAdvice(osquery.byServer, osquery));
    return [];
  }
  const [main] = osquery.sources;
  const config = join(places.root, main.path);
  const byHand = (why: WhyLeft, values: Phrase['values'] = {}, file = main.path): Step[] => {
    advice.push(say(`setup.left.${why}`, { file, ...values }), say('setup.left.do'));
    return [];
  };
  if (whatIsAt(config) && !whatIsAt(config)!.isFile()) return byHand('no-file');
  const broken = osquery.sources.find(({ state }) => state === 'not-json' || state === 'unreadable');
  if (broken) return byHand(broken.state === 'not-json' ? 'not-json' : 'unreadable', {}, broken.path);

  if (whatIsAt(places.packs)?.isDirectory() === false) return byHand('packs-file', { packs: places.packs });
  const named = new Map(osquery.packs.map(({ name, place }) => [name, place]));
  const packs = packFiles.map((file) => {
    const name = file.replace('.json', '');
    const place = named.get(name);
    // A file that the configuration names and that is gone comes back where it is looked for.
    const isGone = typeof place === 'string' && place.endsWith(`/${file}`) && !whatIsAt(join(places.root, place));
    const at = isGone ? place : `/etc/osquery/packs/${file}`;
    return { name, at, path: join(places.root, at), content: shipped(file), isNamed: place !== undefined, place };
  });
  const other = packs.find(({ place, at, isNamed }) => isNamed && place !== at && !isOurPack(places, place));
  if (other) return byHand('other-pack', { name: other.name });
  const wanted = packs.filter(({ isNamed, place, at }) => !isNamed || place === at);
  const isOurs = (path: string): boolean =>
    done.some((step) => step.do === 'create' && step.path === path && step.content === textAt(path));
  const foreign = wanted.find(({ path, content }) => whatIsAt(path) && textAt(path) !== content && !isOurs(path));
  if (foreign) return byHand('foreign', { path: foreign.path });
  const folders = [...new Set(wanted.map(({ path }) => dirname(path)))].filter((path) => !whatIsAt(path));
  const homeless = folders.find((path) => !whatIsAt(dirname(path))?.isDirectory());
  if (homeless !== undefined) return byHand('homeless', { folder: homeless });
  const files = [
    ...folders.map((path): Step => ({ do: 'folder', path })),
    ...wanted.flatMap(({ path, content }): Step[] => {
      if (!whatIsAt(path)) return [{ do: 'create', path, content }];
      const before = textAt(path)!;
      return before === content ? [] : [{ do: 'renew', path, before, content }];
    }),
  ];

  if (main.state === 'missing') {
    if (!whatIsAt(dirname(config))?.isDirectory()) return byHand('no-folder', { folder: dirname(config) });
    const create: Step[] = [{ do: 'create', path: config, content: shipped('osquery.conf') }];
    const flags = join(places.root, osquery.flagFile);
    if (!whatIsAt(flags) && whatIsAt(dirname(flags))?.isDirectory())
      create.push({ do: 'create', path: flags, content: flagsFor(main.path, shipped('osquery.flags')) });
    return [...files, ...create];
  }
  const text = textAt(config)!;
  const entries = packs.filter(({ isNamed }) => !isNamed).map(({ name, at: file }) => ({ name, file }));
  const added = addPacks(text, entries);
  if (!added.ok) return byHand(added.why, added.values);
  if (added.inserted === '') return files;
  if (whatIsAt(config + BACKUP)) return byHand('backup', { path: config + BACKUP });
  return [...files, { do: 'edit', path: config, before: text, content: added.text, inserted: added.inserted }];
}

const USUAL_LOG = `/var/log/osquery/${LOG_NAME}`;
const serverAdvice = (by: string, { toFiles, log }: Osquery): Phrase[] => [
  say('setup.server', { by }),
  say('doctor.server.do'),
  ...(toFiles ? [] : [say('doctor.server.files.do')]),
  ...(log === USUAL_LOG ? [] : [say('doctor.server.elsewhere.do', { log })]),
];

/** Whether a place holds what this program asks, of any version: then its own file asks for it already. */
function isOurPack(places: Places, place: unknown): boolean {
  const text = typeof place === 'string' && place.startsWith('/') ? textAt(join(places.root, place)) : undefined;
  const queries = text === undefined ? undefined : parseConfiguration(text)?.queries;
  return isObject(queries) && ('process_start' in queries || 'ev_process' in queries);
}

/** The flags that ship name the usual configuration. */
const flagsFor = (config: string, text: string): string =>
  text.replace(/^--config_path=.*$/m, `--config_path=${config}`);

/** Where results go, when that is not where they are looked for. */
function logging(osquery: Osquery, advice: Phrase[]): void {
  const { off, withoutFiles, logFolderBy, log } = osquery;
  if (off) advice.push(say('doctor.logs.off.do', { ...off }));
  if (withoutFiles) advice.push(say('doctor.logs.no-files.do', { ...withoutFiles }));
  if (logFolderBy) advice.push(say('setup.elsewhere', { by: logFolderBy.by, log }));
}

/** For each daemon that is set up here; only the one that runs reads it. */
function messages(places: Places, { shipped }: Known, advice: Phrase[]): Step[] {
  const snippets = [
    { folder: places.rsyslog, name: 'rsyslog-osquery.conf' },
    { folder: places.syslogNg, name: 'syslog-ng-osquery.conf' },
  ].filter(({ folder }) => whatIsAt(folder)?.isDirectory());
  if (snippets.length === 0) advice.push(say('setup.no-syslog'));
  return snippets.flatMap(({ folder, name }): Step[] => {
    const path = join(folder, '90-osquery.conf');
    const content = shipped(name);
    if (!whatIsAt(path)) return [{ do: 'create', path, content }];
    if (textAt(path) !== content) advice.push(say('setup.snippet-left', { path }));
    return [];
  });
}

/** Who may read the log. osquery undoes a chmod at its next line; an access list lasts. */
function reading(places: Places, logFolder: string, user: string | undefined, advice: Phrase[]): Step[] {
  if (user === undefined) {
    advice.push(say('setup.no-user'));
    return [];
  }
  const found = whatIsAt(logFolder);
  if (!found?.isDirectory()) {
    advice.push(say(found ? 'setup.logs.no-folder' : 'setup.logs.later', { folder: logFolder }));
    return [];
  }
  const list = (path: string): string => withLog(places.root, path, accessOf);
  const reads = (text: string): boolean => new RegExp(`^user:${user}:r`, 'm').test(text);
  try {
    const logs = logsIn(places.root, logFolder)
      .filter((name) => name.startsWith(LOG_NAME))
      .map((name) => join(logFolder, name))
      .filter((path) => whatIsAt(path)?.isFile());
    const readBefore = logs.filter((path) => reads(list(path)));
    return [logFolder, ...logs].flatMap((path): Step[] => {
      const before = list(path);
      // A folder has to hand it on to the logs that come.
      const has = reads(before) && (path !== logFolder || before.includes(`default:user:${user}:r`));
      return has ? [] : [{ do: 'access', path, user, before, readBefore }];
    });
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    advice.push(error.said);
    return [];
  }
}

/** Of a plain file; undefined: there is none. */
function textAt(path: string): string | undefined {
  return whatIsAt(path)?.isFile() ? readFileSync(path, 'utf8') : undefined;
}
