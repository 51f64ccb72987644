import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { afterAll } from 'vitest';

import { linkTo } from '../../../src-main/host/fork-process.ts';
import type { Fork } from '../../../src-main/host/worker-link.ts';

const worker = join(import.meta.dirname, '..', '..', '..', 'src-main', 'worker.ts');
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** The worker as a child process: what Electron's utility process is, without Electron. */
export class ChildWorkers {
  child: ChildProcess | undefined;
  readonly fork: Fork = (...told) => {
    const child = fork(worker, [], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    return linkTo(child, ...told);
  };
}
