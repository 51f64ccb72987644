import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, expect, it, vi } from 'vitest';

import { scratch } from '../scratch.ts';
import '../../src-main/desktop/fork-worker.ts';
import * as electron from './support/electron.ts';

vi.mock('electron', () => import('./support/electron.ts'));

beforeEach(() => {
  // The program's modules begin again with each test; Electron, which was met above, does not.
  vi.resetModules();
  electron.startAnew();
  const folder = scratch();
  for (const name of ['CONFIG', 'STATE', 'CACHE']) vi.stubEnv(`XDG_${name}_HOME`, join(folder, name));
  vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nonexistent');
  vi.stubEnv('APPIMAGE', undefined);
  return () => {
    vi.unstubAllEnvs();
  };
});

async function boot(...args: string[]): Promise<typeof electron> {
  const { argv } = process;
  process.argv = ['electron', '.', ...args];
  await import('../../src-main/main.ts');
  electron.becomeReady();
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.argv = argv;
  return electron;
}

async function quit({ app, happened }: typeof electron): Promise<string[]> {
  app.quit();
  await expect.poll(() => happened.at(-1), { timeout: 2000 }).toBe('quit');
  return happened;
}

it('is evaluated before Electron is ready, opens its window, and quits when the worker has closed', async () => {
  const { happened, FakeWindow } = await boot();
  expect(happened.slice(0, 2)).toEqual(['scheme', 'ready']);
  expect(FakeWindow.made.map(({ loaded }) => loaded)).toEqual(['app://ubad/index.html#/alerts']);
  await expect.poll(() => happened).toContain('worker: checkpoint');
  expect(happened.indexOf('worker: applySettings')).toBeLessThan(happened.indexOf('worker: checkpoint'));
  expect((await quit(electron)).slice(-3)).toEqual(['worker: close', 'quit prevented', 'quit']);
});

it('started hidden it has no window, until a second start asks for it', async () => {
  const { app, FakeWindow } = await boot('--hidden');
  expect(FakeWindow.made).toEqual([]);
  app.emit('second-instance', {}, ['ubad', '--hidden'], '/');
  expect(FakeWindow.made).toEqual([]);
  app.emit('second-instance', {}, ['ubad'], '/');
  app.emit('second-instance', {}, ['ubad'], '/');
  expect(FakeWindow.made).toHaveLength(1);
  await quit(electron);
});

it('does what the actions of its menu entry ask for, at the first start and at a later one', async () => {
  const { app, FakeWindow } = await boot('--setup-check');
  expect(FakeWindow.made.map(({ loaded }) => loaded)).toEqual(['app://ubad/index.html#/setup']);
  app.emit('second-instance', {}, ['ubad', '--allow-file-access-from-files', '--pause'], '/');
  const { pausedUntil } = JSON.parse(readFileSync(join(app.getPath('userData'), 'desktop.json'), 'utf8')) as {
    readonly pausedUntil: number;
  };
  expect(pausedUntil - Date.now()).toBeGreaterThan(59 * 60_000);
  await quit(electron);
});

it('asked twice to quit, waits for the worker all the same', async () => {
  const { app, happened } = await boot();
  app.quit();
  app.quit();
  await expect.poll(() => happened.at(-1), { timeout: 2000 }).toBe('quit');
  expect(happened.filter((one) => one === 'worker: close')).toHaveLength(1);
  expect(happened.indexOf('worker: close')).toBeLessThan(happened.indexOf('quit'));
});

it('comes back when it was started again while it was quitting, and does what that start asked for', async () => {
  const { app, happened, FakeWindow } = await boot('--hidden');
  app.quit();
  app.emit('second-instance', {}, ['ubad', '--allow-file-access-from-files', '--setup-check'], '/');
  await expect.poll(() => happened.at(-1), { timeout: 2000 }).toBe('quit');
  expect(happened.slice(-2)).toEqual([expect.stringMatching(/^relaunch (?!.*--hidden).* --setup-check$/), 'quit']);
  expect(FakeWindow.made).toEqual([]);
});

it('says what hinders it and what to do when its settings folder cannot be used, and ends', async () => {
  const folder = process.env.XDG_CONFIG_HOME!;
  writeFileSync(folder, 'a file where a folder should be');
  const errors = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const { happened, FakeWindow } = await boot();
  expect(happened.at(-1)).toBe('exit 1');
  expect(happened.join()).toMatch(
    /error box: ubad cannot start: The folder .*CONFIG\/ubad, where .* cannot be used: ENOTDIR/,
  );
  expect(errors).toHaveBeenCalledOnce();
  expect(FakeWindow.made).toEqual([]);
  expect(existsSync(join(process.env.XDG_STATE_HOME!, 'ubad'))).toBe(false);
});

it('a second one ends at once and touches nothing', async () => {
  electron.lock.free = false;
  const { happened, FakeWindow } = await boot();
  expect(happened).toEqual(['scheme', 'quit', 'ready']);
  expect(FakeWindow.made).toEqual([]);
  expect(existsSync(join(process.env.XDG_STATE_HOME!, 'ubad'))).toBe(false);
});

it('goes on when its window is closed', async () => {
  const { app, FakeWindow, happened } = await boot();
  FakeWindow.made[0]!.close();
  app.emit('window-all-closed');
  expect(happened).not.toContain('quit');
  await quit(electron);
});
