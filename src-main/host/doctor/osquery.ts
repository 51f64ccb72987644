import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { askServer, elsewhere, logAdvice } from '../../osquery/advice.ts';
import { readOsquery, type Osquery } from '../../osquery/read.ts';
import type { Finding } from './finding.ts';
import { ownCommand } from './own-command.ts';
import { quoted } from './shell.ts';

const fine = { remedy: null, command: null };
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
  if (program === undefined) {
    return {
      state: 'fail',
      why: `There is no ${DAEMON} on this machine.`,
      remedy: 'Install osquery from its own packages: https://osquery.io/downloads',
      command: null,
    };
  }
  const version = await versionOf(program);
  if (version !== undefined && isOlder(version, OLDEST))
    return {
      state: 'fail',
      why: `${program} is version ${version}: the pack asks for control groups, which osquery knows from ${OLDEST} on.`,
      remedy: 'Install a newer osquery from its own packages: https://osquery.io/downloads',
      command: null,
    };
  return { state: 'pass', why: `${program}${version === undefined ? '' : ` is version ${version}`}.`, ...fine };
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
    if (name.trim() === DAEMON) return { state: 'pass', why: `${DAEMON} runs as process ${pid}.`, ...fine };
  }
  // With hidepid others' processes are not there to be seen, and the first of all is one of them.
  const sees = await access(join(root, '/proc/1/comm'), constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!sees) return { state: 'unknown', why: 'This user may not see the processes of others.', ...fine };
  return {
    state: 'fail',
    why: `No ${DAEMON} runs.`,
    remedy: 'Start it, now and at every start of the machine.',
    command: `sudo systemctl enable --now ${DAEMON}`,
  };
}

/** What osquery is told to do, read as osquery reads it; the pack's own results prove more than any file. */
function isConfigured({ root, queries, log }: Machine): { configuration: Finding; isAsked: boolean } {
  const own = queries.filter((name) => name.includes(PACK) || /^pack_(external_pack|user_behavior)_/.test(name));
  if (own.length > 0) {
    const why = `The pack is loaded: the log has its results, ${own[0]!} among them.`;
    return { configuration: { state: 'pass', why, ...fine }, isAsked: true };
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
  if (off) {
    const why = `${off.by} switches osquery’s logging off.`;
    return { state: 'fail', why, remedy: logAdvice.off(off.by, off.value), command: null };
  }
  if (withoutFiles) {
    const { by, value } = withoutFiles;
    const why = `${by} has osquery log, but not to files.`;
    return { state: 'fail', why, remedy: logAdvice.withoutFiles(by, value), command: null };
  }
  if (logFolderBy === undefined || actual === log) return undefined;
  return {
    state: 'fail',
    why: `${logFolderBy.by} has osquery log to ${actual}, and ubad reads ${log}.`,
    remedy: 'Name that file in the settings.',
    command: `${ubad} config set log ${quoted(actual)}`,
  };
}

function whatItAsks(root: string, osquery: Osquery, read: string, ubad: string): Finding {
  const { byServer, sources, packs } = osquery;
  const pack = packs.find(({ name, place }) => name === PACK || (typeof place === 'string' && place.includes(PACK)));
  if (byServer !== undefined) {
    return {
      state: 'warn',
      why: `A server configures this osquery (${byServer}), and the log has no result of the pack yet.`,
      remedy: askServer(osquery) + elsewhere(osquery.log, read),
      command: null,
    };
  }
  const broken = sources.find(({ state }) => state === 'not-json' || state === 'unreadable');
  if (broken?.state === 'unreadable') {
    const why = `${broken.path} cannot be read (${broken.code}), and the log has no result of the pack yet.`;
    return { state: 'unknown', why, ...fine };
  }
  if (broken)
    return {
      state: 'fail',
      why: `${broken.path} is not JSON.`,
      remedy: 'Let osquery say where it is wrong.',
      command: 'sudo osqueryctl config-check',
    };
  const [main] = sources;
  if (main.state === 'missing') return missing(`There is no ${main.path}.`, ubad);
  if (!pack) return missing(`${main.path} does not name the pack ${PACK}.`, ubad);
  const { place, by } = pack;
  if (typeof place === 'string' && !isReadable(join(root, place)))
    return missing(`${by} names the pack ${place}, which is not there.`, ubad);
  return {
    state: 'warn',
    why: `${by} names the pack, and the log has no result of it yet.`,
    remedy: 'Start osquery again, and wait five minutes.',
    command: 'sudo systemctl restart osqueryd',
  };
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
const missing = (why: string, ubad: string): Finding => ({
  state: 'fail',
  why,
  remedy: 'Let ubad set osquery up: it shows first what it changes, keeps what is there, and starts osquery again.',
  command: `sudo ${ubad} setup`,
});
