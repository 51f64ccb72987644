import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { accessOf } from './access.ts';
import { addPacks } from './configuration.ts';
import { whatIsAt } from './files.ts';
import { readFlags } from './flags.ts';
import { BACKUP, LOG_NAME, packFiles, usual, type Places } from './places.ts';

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
  /** A number: names can be given anew. */
  readonly user: string;
  readonly before: string;
  /** Files of a folder that the user could read already. */
  readonly readBefore: readonly string[];
}

export interface Plan {
  readonly steps: readonly Step[];
  /** What setup leaves to the person, and why. */
  readonly advice: readonly string[];
}

export interface Wishes {
  /** Who is to read the log; undefined: nobody new. */
  readonly user: string | undefined;
  /** Messages of login and sudo too, through rsyslog. */
  readonly rsyslog: boolean;
}

export interface Known {
  /** Content of a file of conf/. */
  readonly shipped: (name: string) => string;
  /** What setup has done before. */
  readonly done: readonly Step[];
}

export function planSetup(places: Places, wishes: Wishes, known: Known): Plan {
  const advice: string[] = [];
  if (!whatIsAt(places.osquery) && !whatIsAt(places.orbit)) {
    return {
      steps: [],
      advice: ['osquery is not installed: take its package from https://osquery.io/downloads, then run this again.'],
    };
  }
  const steps = [
    ...asking(places, known, advice),
    ...(wishes.rsyslog ? messages(places, known, advice) : []),
    ...reading(places, wishes.user, advice),
  ];
  return { steps, advice };
}

/** What osquery is asked: the packs, and the lines that name them. */
function asking(places: Places, { shipped, done }: Known, advice: string[]): Step[] {
  const flagsText = textAt(places.flags);
  const flags = readFlags(flagsText ?? '', usual);
  if (flags.withoutFiles)
    advice.push(`${places.flags}: --logger_plugin is without "filesystem", so there is no log to read; add it.`);
  if (flags.byServer || whatIsAt(places.orbit)) {
    advice.push(
      'A server configures this osquery (Fleet, or another over TLS), so nothing of it is changed here. Give the queries of ' +
        'user-behavior.json to the server: for Fleet, "fleetctl convert -f user-behavior.json" makes the file that ' +
        '"fleetctl apply -f" takes. Let the agent log to files too: --logger_plugin=tls,filesystem.',
    );
    return [];
  }
  const byHand = (why: string): Step[] => {
    advice.push(
      `${places.config} is left as it is: ${why}. Add the "packs" of osquery.conf in ubad's folder conf/ to it by hand.`,
    );
    return [];
  };
  if (flags.otherConfig !== undefined) return byHand(`osquery reads ${flags.otherConfig}`);

  if (whatIsAt(places.packs)?.isDirectory() === false) return byHand(`${places.packs} is not a folder`);
  const packs = packFiles.map((name) => ({ name, path: join(places.packs, name), content: shipped(name) }));
  const isOurs = (path: string): boolean =>
    done.some((step) => step.do === 'create' && step.path === path && step.content === textAt(path));
  const foreign = packs.find(({ path, content }) => whatIsAt(path) && textAt(path) !== content && !isOurs(path));
  if (foreign) return byHand(`${foreign.path} is there already and is not this program's`);
  const folder: Step[] = whatIsAt(places.packs) ? [] : [{ do: 'folder', path: places.packs }];
  const files = packs.flatMap(({ path, content }): Step[] => {
    if (!whatIsAt(path)) return [{ do: 'create', path, content }];
    const before = textAt(path)!;
    return before === content ? [] : [{ do: 'renew', path, before, content }];
  });

  if (!whatIsAt(places.config)) {
    const create: Step[] = [{ do: 'create', path: places.config, content: shipped('osquery.conf') }];
    if (flagsText === undefined && !whatIsAt(places.flags)) {
      create.push({ do: 'create', path: places.flags, content: shipped('osquery.flags') });
    }
    return [...folder, ...files, ...create];
  }
  const config = textAt(places.config);
  if (config === undefined) return byHand('it is not a plain file');
  const entries = packFiles.map((name) => ({ name: name.replace('.json', ''), file: `/etc/osquery/packs/${name}` }));
  const added = addPacks(config, entries);
  if (!added.ok) return byHand(added.why);
  if (added.inserted === '') return [...folder, ...files];
  if (whatIsAt(places.config + BACKUP))
    return byHand(`${places.config}${BACKUP}, where it would be kept, is there already`);
  const { text, inserted } = added;
  return [...folder, ...files, { do: 'edit', path: places.config, before: config, content: text, inserted }];
}

function messages(places: Places, { shipped }: Known, advice: string[]): Step[] {
  const path = join(places.rsyslog, '90-osquery.conf');
  if (!whatIsAt(places.rsyslog)?.isDirectory()) {
    advice.push('rsyslog is not installed: without it osquery sees no messages of login and sudo.');
    return [];
  }
  const content = shipped('rsyslog-osquery.conf');
  if (!whatIsAt(path)) return [{ do: 'create', path, content }];
  if (textAt(path) !== content) advice.push(`${path} is there already and is left as it is.`);
  return [];
}

/** Who may read the log. osquery undoes a chmod at its next line; an access list lasts. */
function reading(places: Places, user: string | undefined, advice: string[]): Step[] {
  if (user === undefined) {
    advice.push('Nobody was named who is to read the log: --user NAME.');
    return [];
  }
  const found = whatIsAt(places.logFolder);
  if (!found?.isDirectory()) {
    advice.push(
      `${places.logFolder} is ${found ? 'not a folder' : 'not there yet: start osqueryd, then run this again'}.`,
    );
    return [];
  }
  const logs = readdirSync(places.logFolder)
    .filter((name) => name.startsWith(LOG_NAME))
    .map((name) => join(places.logFolder, name))
    .filter((path) => whatIsAt(path)?.isFile());
  const reads = (list: string): boolean => new RegExp(`^user:${user}:r`, 'm').test(list);
  const readBefore = logs.filter((path) => reads(accessOf(path)));
  return [places.logFolder, ...logs].flatMap((path): Step[] => {
    const before = accessOf(path);
    // A folder has to hand it on to the logs that come.
    const has = reads(before) && (path !== places.logFolder || before.includes(`default:user:${user}:r`));
    return has ? [] : [{ do: 'access', path, user, before, readBefore }];
  });
}

/** Of a plain file; undefined: there is none. */
function textAt(path: string): string | undefined {
  return whatIsAt(path)?.isFile() ? readFileSync(path, 'utf8') : undefined;
}
