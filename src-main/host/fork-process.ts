import { fork, type ChildProcess } from 'node:child_process';

import { message as said } from '../contract/story/messages.ts';
import type { FromWorker } from '../worker/serve.ts';
import type { Fork } from './worker-link.ts';

/**
 * Starts the worker as a child process of Node. In a process group of its own: Ctrl-C in a terminal is for the parent,
 * which lets the worker finish what it is storing.
 * @param file absolute
 */
export const forkProcess =
  (file: string): Fork =>
  (...told) => {
    const child = fork(file, [], {
      serialization: 'advanced',
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return linkTo(child, ...told);
  };

/** Hands on what a worker says, and that it ended, and speaks to it. */
export function linkTo(child: ChildProcess, ...[heard, ended]: Parameters<Fork>): ReturnType<Fork> {
  child.on('message', (message) => {
    heard(message as FromWorker);
  });
  let hasEnded = false;
  const end = (cause: string): void => {
    if (!hasEnded) ended(cause);
    hasEnded = true;
  };
  child.on('error', (error) => {
    end(error.message);
  });
  child.once('exit', (code, signal) => {
    end(signal ?? said('engine.exit', { code: code ?? 0 }));
  });
  return {
    post: (message) => {
      // One that dies meanwhile takes no more: that is told when it has ended.
      if (child.connected) child.send(message, ignored);
    },
    kill: () => {
      child.kill();
    },
  };
}

const ignored = (): void => undefined;
