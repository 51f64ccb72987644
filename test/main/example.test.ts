import { join } from 'node:path';

import { beforeEach, expect, it, vi } from 'vitest';

import type { DesktopState } from '../../src-main/contract/desktop.ts';
import type { Answer } from '../../src-main/contract/ipc.ts';
import { scratch } from '../scratch.ts';
import '../../src-main/desktop/fork-worker.ts';
import * as electron from './support/electron.ts';
import { alertEvent } from './support/told.ts';

vi.mock('electron', () => import('./support/electron.ts'));

beforeEach(async () => {
  vi.resetModules();
  electron.startAnew();
  const folder = scratch();
  for (const name of ['CONFIG', 'STATE', 'CACHE']) vi.stubEnv(`XDG_${name}_HOME`, join(folder, name));
  vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nonexistent');
  vi.stubEnv('APPIMAGE', undefined);
  await import('../../src-main/main.ts');
  electron.becomeReady();
  await expect.poll(() => electron.happened).toContain('worker: checkpoint');
  return async () => {
    electron.app.quit();
    await expect.poll(() => electron.happened.at(-1), { timeout: 3000 }).toBe('quit');
    vi.unstubAllEnvs();
  };
});

const { FakeNotification, FakeWindow, FakeWorker } = electron;

const page = () => FakeWindow.made.at(-1)!.webContents;
async function ask(name: string, input: unknown = null): Promise<Answer> {
  const sender = page();
  return (await electron.handled.get('ask')!({ sender, senderFrame: sender.mainFrame }, name, input)) as Answer;
}
async function stateNow(): Promise<DesktopState> {
  return ((await ask('desktop')) as Extract<Answer, { ok: true }>).value as DesktopState;
}
/** What the page was told: events of one name. */
const told = (event: string): unknown[] =>
  page().sent.flatMap(([name, value]) => (name === `event:${event}` ? [value] : []));
const namesOf = (worker: InstanceType<typeof FakeWorker>): string[] => worker.asked.map(({ name }) => name);

async function start(): Promise<InstanceType<typeof FakeWorker>> {
  expect(await ask('startExample', { minutes: 3 })).toMatchObject({ ok: true });
  const worker = FakeWorker.made.at(-1)!;
  await expect.poll(async () => (await stateNow()).example).toMatchObject({ phase: 'running', minutes: 3 });
  return worker;
}

it('shows the example by an engine of its own, in a folder of its own', async () => {
  const [own] = FakeWorker.made;
  const example = await start();
  expect(FakeWorker.made).toEqual([own, example]);
  const [applied] = example.asked;
  expect(applied).toMatchObject({ name: 'applySettings', input: { algorithm: 'both' } });
  expect((applied!.input as { readonly state: string }).state).toMatch(
    `${join(process.env.XDG_STATE_HOME!, 'ubad')}/example-${process.pid}-`,
  );
  await ask('alerts', { limit: 1 });
  expect([namesOf(own!).includes('alerts'), namesOf(example).includes('alerts')]).toEqual([false, true]);
  expect(namesOf(own!).filter((name) => name === 'applySettings')).toHaveLength(1);
});

it('notifies of nothing in the example, and of everything on this machine meanwhile, which the window does not show', async () => {
  const example = await start();
  example.say('incident', alertEvent({ id: 3, user: 'carol', band: 'critical' }));
  expect(told('incident')).toMatchObject([{ id: 3 }]);
  expect(FakeNotification.made).toEqual([]);
  FakeWorker.made[0]!.say('incident', alertEvent({ id: 7 }));
  expect(told('incident')).toHaveLength(1);
  expect(FakeNotification.made.map(({ options }) => options.title)).toEqual([expect.stringContaining('alice')]);
  // A look at the example's seventh alert is none at this machine's.
  await ask('acknowledge', 7);
  expect(FakeNotification.made.map(({ closed }) => closed)).toEqual([false]);
  expect(await ask('snooze', { user: 'alice', minutes: 60 })).toMatchObject({ ok: false, code: 'refused' });
});

it('a notification leads to this machine, not to the alert of that number in the example', async () => {
  const example = await start();
  FakeWorker.made[0]!.say('incident', alertEvent({ id: 7 }));
  page().emit('did-finish-load');
  page().sent.length = 0;
  FakeNotification.made[0]!.emit('click', {});
  const [first, ...rest] = page().sent.filter(([name]) => name !== 'event:status');
  expect(first).toMatchObject(['event:desktop', { example: null }]);
  expect(rest).toContainEqual(['event:navigate', '#/alerts/7']);
  await expect.poll(() => namesOf(example)).toContain('close');
  // What it still says is heard by nobody.
  const before = told('incident').length;
  example.say('incident', alertEvent({ id: 9, band: 'critical' }));
  expect([told('incident').length, FakeNotification.made.length]).toEqual([before, 1]);
});

it('ends with “go live”, with its window, and with the program; the next start of it begins again', async () => {
  const first = await start();
  expect(await ask('goLive')).toMatchObject({ ok: true });
  expect([(await stateNow()).example, namesOf(first).at(-1)]).toEqual([null, 'close']);
  const second = await start();
  expect(second).not.toBe(first);
  expect(namesOf(second).slice(0, 1)).toEqual(['applySettings']);
  FakeWindow.made[0]!.close();
  await expect.poll(() => namesOf(second).at(-1)).toBe('close');
  electron.app.emit('second-instance', {}, ['ubad'], '/');
  expect((await stateNow()).example).toBeNull();
  const third = await start();
  electron.app.quit();
  await expect.poll(() => namesOf(third).at(-1)).toBe('close');
});
