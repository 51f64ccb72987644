import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { linkTo } from '../../src-main/host/fork-process.ts';
import { scratch } from '../scratch.ts';

it('loses what a worker that has just died does not take, and tells its end once', async () => {
  const program = join(scratch(), 'worker.mjs');
  writeFileSync(program, `process.send('up'); setInterval(() => undefined, 1000);`);
  const child = fork(program, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const causes: string[] = [];
  const link = linkTo(
    child,
    () => undefined,
    (cause) => causes.push(cause),
  );
  await once(child, 'message');
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  // Without a turn of the loop, so that nothing here knows yet that the other end of the pipe is gone.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  expect(child.connected).toBe(true);
  for (let i = 0; i < 3; i++) link.post({ name: 'ingest' } as never);
  await exited;
  link.post({ name: 'ingest' } as never);
  expect(causes).toEqual(['SIGKILL']);
});
