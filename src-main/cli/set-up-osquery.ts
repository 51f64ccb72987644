import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

import { ask, canAsk } from '../terminal/terminal.ts';
import { exitCodes, Failure } from './failure.ts';
import { isUser } from './osquery/access.ts';
import { carryOut, recordedSteps, undo } from './osquery/carry-out.ts';
import { describeStep } from './osquery/diff.ts';
import { placesUnder, type Places } from './osquery/places.ts';
import { planSetup, type Plan } from './osquery/plan.ts';
import { inWords, SetupFailure, setupText } from './osquery/setup-words.ts';
import { tellUser, say, sayJson, sayLines } from './output.ts';

export interface SetUpOptions {
  readonly undo?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly user?: string;
  readonly rsyslog?: boolean;
  readonly digest?: string;
  readonly root: string;
}

/**
 * `ubad setup`: lets osquery ask what this program learns from, and a user read the log; shows all of it first, and can undo it.
 * @param conf folder of what ships for osquery
 */
export async function setUp(options: SetUpOptions, conf: string): Promise<void> {
  if (!isAbsolute(options.root)) throw new Failure('--root: use an absolute path.', exitCodes.usage);
  const places = placesUnder(options.root);
  if (options.undo) {
    takeBack(places, options);
    return;
  }
  const shipped = (name: string): string => readFileSync(join(conf, name), 'utf8');
  const done = readRecord(places);
  const plan = planSetup(places, { user: userOf(options), rsyslog: options.rsyslog ?? false }, { shipped, done });
  const digest = createHash('sha256').update(JSON.stringify(plan.steps)).digest('hex');
  if (options.json)
    sayJson({
      digest,
      advice: plan.advice.map(inWords),
      steps: plan.steps.map((step) => describeStep(step).join('\n')),
    });
  else show(plan);
  if (plan.steps.length === 0) return;
  if (options.digest !== undefined && options.digest !== digest) {
    throw new SetupFailure('setup.other-now');
  }
  if (!(options.yes ?? false) && !(await isAgreed(options))) return;
  mustBeRoot(places);
  carryOut(places, plan.steps);
  if (!options.json) say(setupText('setup.done'));
  restartOsquery(places);
}

function takeBack(places: Places, { json = false }: SetUpOptions): void {
  mustBeRoot(places);
  const steps = recordedSteps(places);
  const kept = undo(places);
  for (const what of kept) tellUser(setupText('setup.kept', { what: inWords(what) }), 'warning');
  if (json) sayJson({ undone: steps.length - kept.length, kept: kept.map(inWords) });
  else say(setupText(steps.length === 0 ? 'setup.nothing-undone' : 'setup.undone'));
  if (steps.length > 0) restartOsquery(places);
}

function show({ steps, advice }: Plan): void {
  for (const step of steps) sayLines(describeStep(step));
  for (const one of advice) tellUser(inWords(one));
  if (steps.length === 0) say(setupText('setup.nothing'));
}

/** The record is root's; without it a plan can still be shown. */
function readRecord(places: Places): ReturnType<typeof recordedSteps> {
  try {
    return recordedSteps(places);
  } catch (error) {
    if (process.geteuid?.() === 0) throw error;
    return [];
  }
}

/** Whoever asked, behind sudo or pkexec; a number. */
function userOf({ user }: SetUpOptions): string | undefined {
  const { SUDO_UID: bySudo, PKEXEC_UID: byPkexec } = process.env;
  const name = user ?? byPkexec ?? bySudo ?? (process.getuid?.() === 0 ? undefined : String(process.getuid?.()));
  if (name === undefined) return undefined;
  if (!isUser(name)) throw new Failure(`--user «${name}»: that is no name of a user.`, exitCodes.usage);
  if (/^\d+$/.test(name)) return name;
  const { status, stdout } = spawnSync('id', ['-u', '--', name], { encoding: 'utf8' });
  if (status !== 0) throw new Failure(`--user «${name}»: there is no such user.`, exitCodes.usage);
  return stdout.trim();
}

async function isAgreed({ json = false }: SetUpOptions): Promise<boolean> {
  if (json || !canAsk()) {
    if (!json) tellUser(setupText('setup.not-asked'));
    return false;
  }
  return /^(y(es)?|ja?)$/i.test((await ask(setupText('setup.ask'))).trim());
}

function mustBeRoot({ root }: Places): void {
  if (root !== '/' || process.geteuid?.() === 0) return;
  throw new SetupFailure('setup.need-root');
}

/** It reads its configuration when it starts. */
function restartOsquery({ root }: Places): void {
  if (root !== '/') return;
  const { status } = spawnSync('systemctl', ['try-restart', 'osqueryd.service'], { stdio: 'ignore' });
  if (status !== 0) tellUser(setupText('setup.not-restarted'), 'warning');
}
