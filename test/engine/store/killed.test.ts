import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { expect, onTestFinished, test } from 'vitest';

import { NUMBERED_LOG } from './killed-writer.ts';
import { newFolder, opened, problemOf } from './store-at.ts';

/** @returns the child once it has begun to write */
async function writer(folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-writer.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString().trim()).toBe('writing');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test('whatever instant the writer is killed at, the rows are those up to the checkpoint', async () => {
  const folder = newFolder();
  let before = 0;
  for (const milliseconds of [1, 5, 12, 30, 55, 90]) {
    const child = await writer(folder);
    await setTimeout(milliseconds);
    await kill(child);
    expect(existsSync(join(folder, 'ubad.running'))).toBe(true);

    const store = opened(folder);
    const { line } = store.checkpoints.of(NUMBERED_LOG)?.checkpoint ?? { line: 0 };
    const { id, stored } = store.subjects.byName('ann') ?? { id: 0, stored: 0 };
    const lines = [...store.actions.after(id, 0)].map((each) => each.line);
    expect(lines).toEqual(Array.from({ length: line }, (_, at) => at + 1));
    expect(stored).toBe(line);
    expect(line).toBeGreaterThanOrEqual(before);
    before = line;
    store.close();
  }
  expect(before).toBeGreaterThan(0);
});

test('another process is kept out, and let in as soon as the first one is dead', async () => {
  const folder = newFolder();
  const child = await writer(folder);
  expect(problemOf(folder)).toMatchObject({ kind: 'in-use', pid: child.pid });
  const reader = opened(folder, { readOnly: true });
  expect(reader.subjects.list().length).toBeLessThanOrEqual(1);
  await kill(child);
  opened(folder);
});
