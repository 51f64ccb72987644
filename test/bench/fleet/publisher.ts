import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { PublishAsk } from './publish.ts';

/** The process of publish.ts. */
export class Publisher {
  readonly #process: ChildProcess;

  private constructor(process_: ChildProcess) {
    this.#process = process_;
  }

  static async start(url: string, tenant: string, partitions: number, users: number): Promise<Publisher> {
    const args = [url, tenant, String(partitions), String(users)];
    const started = fork(join(import.meta.dirname, 'publish.ts'), args);
    await once(started, 'message');
    return new Publisher(started);
  }

  /** @returns once all hosts' blocks are in the stream */
  async publish(ask: PublishAsk): Promise<void> {
    const done = once(this.#process, 'message');
    this.#process.send(ask);
    await done;
  }

  stop(): void {
    this.#process.kill();
  }
}
