import { execFile, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Account } from './account.ts';

const execute = promisify(execFile);

export type Environment = Readonly<Record<string, string>>;

/** Every process of a desktop is a child of ours and is ended by its pid, the latest first. */
export class Processes {
  readonly #folder: string;
  readonly #account: Account;
  readonly #all: ChildProcess[] = [];

  /** @param folder where each program's log goes */
  constructor(folder: string, account: Account) {
    this.#folder = folder;
    this.#account = account;
  }

  /** Starts a program; what it prints goes to `<its name>.log`, or where `stdio` says. */
  start(command: string, args: readonly string[], env: Environment, stdio?: StdioOptions): ChildProcess {
    const log = openSync(join(this.#folder, `${basename(command)}.log`), 'a');
    const child = spawn(command, args, { env, stdio: stdio ?? ['ignore', log, log], ...this.#account.ids });
    closeSync(log);
    // Without a listener a program that is not there would end the test run; its absence is told by who waits for it.
    child.on('error', () => undefined);
    this.#all.push(child);
    return child;
  }

  /** Runs a program to its end and gives what it printed, trimmed. @param timeout milliseconds */
  async run(command: string, args: readonly string[], env: Environment, timeout = 20_000): Promise<string> {
    const { stdout } = await execute(command, args, { env, ...this.#account.ids, timeout });
    return stdout.trim();
  }

  /** As `run`, but as raw bytes. */
  async read(command: string, args: readonly string[], env: Environment): Promise<Buffer> {
    const options = { env, ...this.#account.ids, encoding: 'buffer' as const, maxBuffer: 2 ** 26, timeout: 20_000 };
    return (await execute(command, args, options)).stdout;
  }

  async endAll(): Promise<void> {
    for (const child of this.#all.splice(0).reverse()) await end(child);
  }
}

/** Asks a process to end and ends it after two seconds. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const inTime = await Promise.race([gone.then(() => true), sleep(2_000, false)]);
  if (!inTime) {
    child.kill('SIGKILL');
    await gone;
  }
}

export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** The first line that a program prints to this stream. */
export async function firstLine(stream: Readable, of: string): Promise<string> {
  let read = '';
  for await (const part of stream) {
    read += String(part);
    const end = read.indexOf('\n');
    if (end >= 0) return read.slice(0, end);
  }
  throw new Error(`${of} ended before it printed a line`);
}
