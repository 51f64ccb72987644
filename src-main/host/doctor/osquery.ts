import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Phrase } from '../../contract/story/story.ts';
import { readOsquery, type Osquery } from '../../osquery/read.ts';
import { found, sentence, type Finding } from './finding.ts';
import { ownCommand } from './own-command.ts';
import { quoted } from './shell.ts';

const DAEMON = 'osqueryd';
/** As docs/osquery.md names it: the pack is known by it, in a configuration and in the names of results. */
const PACK = 'user-behavior';
const TIMEOUT_MS = 3000;
/** `processes.cgroup_path` came with it, by which people are told apart behind sudo. */
const OLDEST = '5.5.1';

export interface Machine {
  /** '' on a real one. */
  readonly root: string;
  readonly path: readonly string[];
  /** Names of results in the log: what is logged is loaded, whoever may read the configuration. */
  readonly queries: readonly string[];
  /** The log that ubad reads, absolute. */
  readonly log: string;
}

export interface OsqueryFound {
  readonly steps: Readonly<Record<'osquery-installed' | 'osquery-running' | 'configuration', Finding>>;
  /** Whether the pack's results come by themselves, as all is now. */
  readonly resultsCome: boolean;
}

export async function lookAtOsquery(machine: Machine): Promise<OsqueryFound> {
  const program = await findProgram(machine);
  const [installed, running] = await Promise.all([isInstalled(program), isRunning(machine)]);
  const { configuration, isAsked } = isConfigured(machine);
  const steps = { 'osquery-installed': installed, 'osquery-running': running, configuration };
  return { steps, resultsCome: isAsked && Object.values(steps).every(({ state }) => state !== 'fail') };
}

async function findProgram({ root, path }: Machine): Promise<string | undefined> {
  for (const folder of path) {
    const program = join(root, folder, DAEMON);
    if (
      await access(program, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return program;
  }
  return undefined;
}

async function isInstalled(program: string | undefined): Promise<Finding> {
  if (program === undefined) return found('fail', [sentence('osquery.none')], [sentence('osquery.none.do')]);
  const version = await versionOf(program);
  if (version === undefined) return found('pass', [sentence('osquery.pass.unknown', { program })]);
  if (!isOlder(version, OLDEST)) return found('pass', [sentence('osquery.pass', { program, version })]);
  return found('fail', [sentence('osquery.old', { program, version, oldest: OLDEST })], [sentence('osquery.old.do')]);
}

/** Whether a version is before another one, both as `5.12.1`. */
function isOlder(version: string, other: string): boolean {
  const [one, two] = [version, other].map((text) => text.split('.').map(Number));
  const at = one!.findIndex((part, p) => part !== (two![p] ?? 0));
  return at >= 0 && one![at]! < (two![at] ?? 0);
}

function versionOf(program: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], { timeout: TIMEOUT_MS }, (error, output) => {
      resolve(error ? undefined : /\d+\.\d+(\.\d+)?/.exec(output)?.[0]);
    });
  });
}

async function isRunning({ root }: Machine): Promise<Finding> {
  const processes = (await readdir(join(root, '/proc')).catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    const name = await readFile(join(root, '/proc', pid, 'comm'), 'utf8').catch(() => '');
    if (name.trim() === DAEMON) return found('pass', [sentence('running.pass', { pid })]);
  }
  // With hidepid others' processes are not there to be seen, and the first of all is one of them.
  const sees = await access(join(root, '/proc/1/comm'), constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!sees) return found('unknown', [sentence('running.hidden')]);
  const command = `sudo systemctl enable --now ${DAEMON}`;
  return found('fail', [sentence('running.none')], [sentence('running.none.do')], command);
}

/** What osquery is told to do, read as osquery reads it; the pack's own results prove more than any file. */
function isConfigured({ root, queries, log }: Machine): { configuration: Finding; isAsked: boolean } {
  const own = queries.filter((name) => name.includes(PACK) || /^pack_(external_pack|user_behavior)_/.test(name));
  if (own.length > 0) {
    return { configuration: found('pass', [sentence('pack.pass', { name: own[0]! })]), isAsked: true };
  }
  const osquery = readOsquery(root);
  const read = log.slice(root.length);
  const ubad = ownCommand(root);
  const configuration = whereItLogs(osquery, read, ubad) ?? whatItAsks(root, osquery, read, ubad);
  // A server has to be given the pack first.
  return { configuration, isAsked: osquery.byServer === undefined };
}

/** Undefined where osquery logs results to the file that is read. */
function whereItLogs(osquery: Osquery, log: string, ubad: string): Finding | undefined {
  const { off, withoutFiles, logFolderBy, log: actual } = osquery;
  if (off) return found('fail', [sentence('logs.off', { by: off.by })], [sentence('logs.off.do', { ...off })]);
  if (withoutFiles) {
    const { by } = withoutFiles;
    return found('fail', [sentence('logs.no-files', { by })], [sentence('logs.no-files.do', { ...withoutFiles })]);
  }
  if (logFolderBy === undefined || actual === log) return undefined;
  const why = sentence('logs.elsewhere', { by: logFolderBy.by, actual, log });
  return found('fail', [why], [sentence('logs.elsewhere.do')], `${ubad} config set log ${quoted(actual)}`);
}

function whatItAsks(root: string, osquery: Osquery, read: string, ubad: string): Finding {
  const { byServer, sources, packs } = osquery;
  const pack = packs.find(({ name, place }) => name === PACK || (typeof place === 'string' && place.includes(PACK)));
  if (byServer !== undefined) {
    const remedy = [
      sentence('server.do'),
      ...(osquery.toFiles ? [] : [sentence('server.files.do')]),
      ...(osquery.log === read ? [] : [sentence('server.elsewhere.do', { log: osquery.log })]),
    ];
    return found('warn', [sentence('server', { by: byServer })], remedy);
  }
  const broken = sources.find(({ state }) => state === 'not-json' || state === 'unreadable');
  if (broken?.state === 'unreadable')
    return found('unknown', [sentence('pack.unreadable', { path: broken.path, code: broken.code })]);
  if (broken) {
    const why = sentence('pack.not-json', { path: broken.path });
    return found('fail', [why], [sentence('pack.not-json.do')], 'sudo osqueryctl config-check');
  }
  const [main] = sources;
  const { path } = main;
  if (main.state === 'missing') return missing(sentence('pack.no-file', { path }), ubad);
  if (!pack) return missing(sentence('pack.not-named', { path, pack: PACK }), ubad);
  const { place, by } = pack;
  if (typeof place === 'string' && !isReadable(join(root, place)))
    return missing(sentence('pack.not-there', { by, place }), ubad);
  const why = sentence('pack.no-result', { by });
  return found('warn', [why], [sentence('pack.no-result.do')], 'sudo systemctl restart osqueryd');
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch (error) {
    // What only this user may not see is there for osquery, which is root.
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

/** Adds to what is there, and where it may not says what to do by hand. */
const missing = (why: Phrase, ubad: string): Finding =>
  found('fail', [why], [sentence('pack.missing.do')], `sudo ${ubad} setup`);
