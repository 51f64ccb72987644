import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { afterAll } from 'vitest';

import type { Fork } from '../../../src-main/host/worker-link.ts';
import type { FromWorker } from '../../../src-main/worker/serve.ts';

const worker = join(import.meta.dirname, '..', '..', '..', 'src-main', 'worker.ts');
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** The worker as a child process: what Electron's utility process is, without Electron. */
export class ChildWorkers {
  child: ChildProcess | undefined;
  readonly fork: Fork = (heard, ended) => {
    const child = fork(worker, [], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.child = child;
    running.add(child);
    child.on('message', (message) => {
      heard(message as FromWorker);
    });
    child.once('exit', (code, signal) => {
      running.delete(child);
      ended(signal ?? `exit code ${code ?? 0}`);
    });
    return {
      post: (message) => {
        if (child.connected) child.send(message);
      },
      kill: () => {
        child.kill();
      },
    };
  };
}
