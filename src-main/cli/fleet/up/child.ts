import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';

export interface ChildOptions {
  /** As people are told of it. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** The line by which it says that it works; undefined: it says nothing. */
  readonly ready?: RegExp;
  /** A line that it wrote. */
  readonly onLine?: (line: string) => void;
}

/** Ends a program when whoever started it is gone, however that ended; of util-linux. */
const SETPRIV = '/usr/bin/setpriv';
const END_MS = 30_000;

/** A process of a fleet of one machine. It ends with the one that started it. */
export class Child {
  readonly name: string;
  readonly #process: ChildProcess;
  /** The line by which it said that it works. @throws Error when it ended before */
  readonly ready: Promise<string>;
  /** Once it has ended: how. */
  readonly ended: Promise<string>;

  constructor({ name, program, args, environment, ready, onLine }: ChildOptions) {
    this.name = name;
    const [command, ...words] = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'TERM', '--', program] : [program];
    this.#process = spawn(command, [...words, ...args], {
      // Ctrl-C goes to a whole group: they are ended one after the other instead.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment ?? process.env,
    });
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.ready = promise;
    this.ready.catch(() => undefined);
    if (ready === undefined) resolve('');
    for (const stream of [this.#process.stdout, this.#process.stderr])
      eachLine(stream, (line) => {
        onLine?.(line);
        if (ready?.test(line)) resolve(line);
      });
    const { promise: ended, resolve: end } = Promise.withResolvers<string>();
    this.ended = ended;
    this.#process.once('error', (error) => {
      end(error.message);
    });
    this.#process.once('exit', (code, signal) => {
      end(signal ?? `status ${code ?? 'unknown'}`);
    });
    void ended.then((how) => {
      reject(new Error(`${name} ended (${how})`));
    });
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null && this.#process.pid !== undefined;
  }

  /** Ends it as systemd would. @returns once it has ended */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.#process.kill('SIGTERM');
    const late = setTimeout(() => this.#process.kill('SIGKILL'), END_MS);
    await this.ended;
    clearTimeout(late);
  }
}

function eachLine(stream: Readable | null, take: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
}
