import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Finding } from './finding.ts';

const fine = { remedy: null, command: null };
const DAEMON = 'osqueryd';
const CONFIGURATION = '/etc/osquery/osquery.conf';
const FLAGS = '/etc/osquery/osquery.flags';
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
}

export async function lookAtOsquery(
  machine: Machine,
): Promise<Record<'osquery-installed' | 'osquery-running' | 'configuration', Finding>> {
  const program = await findProgram(machine);
  const [installed, running, configuration] = await Promise.all([
    isInstalled(program),
    isRunning(machine),
    isConfigured(machine),
  ]);
  return { 'osquery-installed': installed, 'osquery-running': running, configuration };
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
      ...{ state: 'fail', why: `There is no ${DAEMON} on this machine.` },
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

async function isConfigured({ root, queries }: Machine): Promise<Finding> {
  const own = queries.filter((name) => name.includes(PACK) || /^pack_(external_pack|user_behavior)_/.test(name));
  if (own.length > 0)
    return { state: 'pass', why: `The pack is loaded: the log has its results, ${own[0]!} among them.`, ...fine };
  const flags = await readFile(join(root, FLAGS), 'utf8').catch(() => '');
  const path = /^--config_path=(\S+)/m.exec(flags)?.[1] ?? CONFIGURATION;
  let text: string;
  try {
    text = await readFile(join(root, path), 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT')
      return {
        state: 'unknown',
        why: `${path} cannot be read (${code}), and the log has no result of the pack yet.`,
        ...fine,
      };
    return missing(`There is no ${path}.`);
  }
  const packs = packsIn(text);
  if (!packs)
    return {
      state: 'fail',
      why: `${path} is not JSON.`,
      remedy: 'Let osquery say where it is wrong.',
      command: `sudo osqueryctl config-check`,
    };
  const named = Object.entries(packs).find(
    ([name, place]) => name === PACK || (typeof place === 'string' && place.includes(PACK)),
  );
  if (!named) return missing(`${path} does not name the pack ${PACK}.`);
  const [, file] = named;
  if (
    typeof file === 'string' &&
    !(await access(join(root, file), constants.R_OK).then(
      () => true,
      () => false,
    ))
  )
    return missing(`${path} names the pack ${file}, which is not there.`);
  return {
    state: 'warn',
    why: `${path} names the pack, and the log has no result of it yet.`,
    remedy: 'Start osquery again, and wait five minutes.',
    command: 'sudo systemctl restart osqueryd',
  };
}

/** osquery takes lines of comments. @returns undefined for what is not JSON */
function packsIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed = JSON.parse(text.replace(/^\s*(#|\/\/).*$/gm, '')) as {
      readonly packs?: Readonly<Record<string, unknown>>;
    } | null;
    return parsed?.packs ?? {};
  } catch {
    return undefined;
  }
}

const missing = (why: string): Finding => ({
  ...{ state: 'fail', why },
  remedy: 'Install the pack as docs/osquery.md says, from where ubad’s files are, and start osquery again.',
  command: [
    'sudo install -D -m 644 -t /usr/share/ubad/conf conf/user-behavior.json conf/user-behavior-events.json',
    `sudo install -D -m 644 conf/osquery.conf ${CONFIGURATION}`,
    'sudo systemctl restart osqueryd',
  ].join(' && '),
});
