import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Readable } from 'node:stream';
import { app } from './app.ts';
import { demandReady, lifecycle } from './lifecycle.ts';

interface ForkOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly execArgv?: readonly string[];
  readonly serviceName?: string;
  readonly stdio?: 'pipe' | 'ignore' | 'inherit';
}

const childSide = pathToFileURL(join(import.meta.dirname, 'utility-child.ts')).href;

/** A child process that is spoken to by messages, and ends with the application. */
class UtilityProcess extends EventEmitter {
  pid: number | undefined;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  readonly #child: ChildProcess;

  constructor(path: string, args: readonly string[], options: ForkOptions) {
    super();
    const output = options.stdio ?? 'inherit';
    this.#child = fork(path, args, {
      execPath: lifecycle.boot.node,
      env: options.env ?? process.env,
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      serialization: 'advanced',
      stdio: ['ignore', output, output, 'ipc'],
      execArgv: [...(options.execArgv ?? []), '--import', childSide],
    });
    this.stdout = this.#child.stdout;
    this.stderr = this.#child.stderr;
    this.#child.on('spawn', () => {
      this.pid = this.#child.pid;
      this.emit('spawn');
    });
    this.#child.on('message', (message) => this.emit('message', (message as { readonly data: unknown }).data));
    this.#child.on('exit', (code, signal) => {
      this.#exited(code ?? 128 + constants.signals[signal!], signal !== null, options.serviceName);
    });
    lifecycle.atExit.push(() => this.kill());
  }

  postMessage(data: unknown, ports: readonly unknown[] = []): void {
    if (ports.length > 0) throw new Error('electron stand-in: message ports are not among what this host does');
    // As Electron: what a process that dies meanwhile does not take is lost, and no error.
    if (this.#child.connected) this.#child.send({ data }, () => undefined);
  }

  kill(): boolean {
    return this.pid !== undefined && this.#child.kill();
  }

  #exited(exitCode: number, killed: boolean, name = 'Node Utility Process'): void {
    this.pid = undefined;
    this.emit('exit', exitCode);
    if (exitCode === 0) return;
    const reason = killed ? 'killed' : 'abnormal-exit';
    app.emit('child-process-gone', {}, { type: 'Utility', reason, exitCode, name });
  }
}

export const utilityProcess = {
  fork(path: string, args: readonly string[] = [], options: ForkOptions = {}): UtilityProcess {
    demandReady('UtilityProcess');
    return new UtilityProcess(path, args, options);
  },
};
