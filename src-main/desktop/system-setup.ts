import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';

import * as v from 'valibot';

import type { SetupPlan } from '../contract/doctor.ts';
import { AskFailed } from '../contract/ipc.ts';
import { message } from '../contract/story/messages.ts';

/** pkexec(1): the person closed the question, or may not have it answered. */
const DISMISSED = 126;
const NOT_ALLOWED = 127;
/** A diff of osquery's configuration is a few kilobytes. */
const MOST_OUTPUT = 4 << 20;

const plan: v.GenericSchema<unknown, SetupPlan> = v.object({
  digest: v.string(),
  steps: v.array(v.string()),
  advice: v.array(v.string()),
});

/**
 * The command line program beside this one, where root may run it: not in an AppImage, whose files root cannot read.
 * @param program the running one's path
 */
export function installedCommand(
  program: string,
  { APPIMAGE: image }: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const command = join(dirname(program), 'bin', 'ubad');
  if (image !== undefined) return undefined;
  try {
    accessSync(command, constants.X_OK);
    return command;
  } catch {
    return undefined;
  }
}

/** Sets osquery up from the window: `ubad setup` shows what it would change, and pkexec lets it, as root. */
export class SystemSetup {
  readonly #command: string | undefined;
  readonly #elevate: string;

  /** @param command `ubad`, as an absolute path; undefined where root cannot run it */
  constructor(command: string | undefined, elevate = 'pkexec') {
    this.#command = command;
    this.#elevate = elevate;
  }

  /** Reads, and changes nothing. null where it can be done in a terminal only. */
  async plan(): Promise<SetupPlan | null> {
    if (this.#command === undefined) return null;
    const { code, stdout, stderr } = await run(this.#command, ['setup', '--json']);
    if (code !== 0) throw new AskFailed('failed', said(stderr, code));
    return v.parse(plan, JSON.parse(stdout));
  }

  /** @returns whether the person let it @throws AskFailed when it was let, and failed */
  async carryOut(digest: string): Promise<boolean> {
    if (this.#command === undefined) throw new AskFailed('not-here', message('not-here.setup'));
    const asked = ['setup', '--yes', '--json', '--digest', digest];
    const { code, stderr } = await run(this.#elevate, [this.#command, ...asked]);
    if (code === DISMISSED || code === NOT_ALLOWED) return false;
    if (code === 'ENOENT') throw new AskFailed('not-here', message('not-here.pkexec'));
    if (code !== 0) throw new AskFailed('failed', said(stderr, code));
    return true;
  }
}

interface Ran {
  /** Of the exit, or why it could not be started. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { maxBuffer: MOST_OUTPUT }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal ?? 'unknown') : 0, stdout, stderr });
    });
  });
}

/** The last thing that it said, which says why. */
function said(stderr: string, code: number | string): string {
  const last = stderr
    .trim()
    .split('\n')
    .at(-1)!
    .replace(/^ubad: /, '');
  return last === '' ? `ubad setup ended with ${code}.` : last;
}
