import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { desktopCalls } from '../../src-main/contract/contract.ts';
import type { RememberedPlace } from '../../src-main/desktop/place.ts';
import { answerWindow } from '../../src-main/desktop/ipc.ts';
import type { Command } from '../../src-main/desktop/menu.ts';
import { Notifications } from '../../src-main/desktop/notifications.ts';
import { NotificationPolicy, type NotificationContent } from '../../src-main/desktop/notification-policy.ts';
import { whenNotificationServer } from '../../src-main/desktop/notification-server.ts';
import { fileOf, lockDown, openOutside, serveWindow } from '../../src-main/desktop/security.ts';
import { Tray } from '../../src-main/desktop/tray.ts';
import type { TrayInput } from '../../src-main/desktop/tray-state.ts';
import { Window } from '../../src-main/desktop/window.ts';
import { wordsIn } from '../../src-main/desktop/words/words.ts';
import type { Answer, Handlers } from '../../src-main/contract/ipc.ts';
import { scratch } from '../scratch.ts';
import * as electron from './support/electron.ts';
import { desktop, alertEvent, NOON, status, tray } from './support/told.ts';

vi.mock('electron', () => import('./support/electron.ts'));
beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
  for (const made of [electron.FakeWindow.made, electron.FakeTray.made, electron.FakeNotification.made])
    made.length = 0;
  electron.opened.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the tray', () => {
  function shown(input: TrayInput): { tray: Tray; made: electron.FakeTray; ran: Command[]; input: { now: TrayInput } } {
    const ran: Command[] = [];
    const now = { now: input };
    const options = {
      input: () => now.now,
      words: wordsIn.en,
      iconFile: (icon: string) => icon,
      run: (command: Command) => ran.push(command),
    };
    const made = new Tray(options);
    made.show();
    made.show();
    expect(electron.FakeTray.made).toHaveLength(1);
    return { tray: made, made: electron.FakeTray.made[0]!, ran, input: now };
  }

  it('changes its icon five times a second at most', () => {
    const { tray: made, made: fake, input } = shown(tray());
    for (let change = 0; change < 100; change++) {
      input.now = change % 2 === 0 ? tray({ desktop: desktop({ problem: 'x' }) }) : tray();
      made.changed();
      vi.advanceTimersByTime(10);
    }
    expect(fake.images.length).toBeLessThanOrEqual(6);
    vi.advanceTimersByTime(200);
    expect(fake.images.at(-1)).toBe('watching');
    made.destroy();
    expect(fake.destroyed).toBe(true);
  });

  it('sets its menu again only when something in it changed', () => {
    const { tray: made, made: fake, input } = shown(tray());
    for (let i = 0; i < 5; i++) {
      made.changed();
      vi.advanceTimersByTime(199);
    }
    expect(fake.menus).toHaveLength(1);
    input.now = tray({ status: status({ openAlerts: 2 }) });
    made.changed();
    vi.advanceTimersByTime(250);
    expect(fake.menus).toHaveLength(2);
    expect(fake.images).toEqual(['watching', 'alert']);
  });

  it('keeps its clock going by itself', () => {
    const { made } = shown(tray());
    expect(made.tooltip).toMatch(/8 s ago/);
    vi.advanceTimersByTime(20_500);
    expect(made.tooltip).toMatch(/28 s ago/);
  });

  it('runs what is chosen, and opens the alerts when it is clicked', () => {
    const { made, ran } = shown(tray());
    const [menu] = made.menus;
    menu!.find(({ label }) => label === 'Pause')!.submenu![1]!.click!();
    menu!.find(({ label }) => label === 'Quit')!.click!();
    made.emit('click');
    expect(ran).toEqual([{ do: 'pause', choice: '1-hour' }, { do: 'quit' }, { do: 'show', address: '#/alerts' }]);
  });
});

describe('notifications', () => {
  function notifications(): { shown: Notifications; pressed: [string, NotificationContent][] } {
    const pressed: [string, NotificationContent][] = [];
    const shown = new Notifications({
      icon: 'i',
      words: wordsIn.en,
      pressed: (what, note) => pressed.push([what, note]),
    });
    return { shown, pressed };
  }
  const orders = (changed = {}) => new NotificationPolicy().alertEvent(alertEvent(changed), NOON, false);

  it('take the place of those of the same alert', () => {
    const { shown } = notifications();
    shown.carryOut([...orders(), ...orders({ count: 2 })]);
    expect(electron.FakeNotification.made.map(({ shown: is, closed }) => [is, closed])).toEqual([
      [true, true],
      [true, false],
    ]);
  });

  it('have buttons only where the server knows them', () => {
    const { shown } = notifications();
    shown.carryOut(orders());
    const rest = ['Normal for alice', 'Snooze 1 h'];
    // What shows Electron's "View" as a button needs no "Show".
    for (const [name, version, capabilities, texts] of [
      ['Xfce Notify Daemon', '0.7.3', ['body'], []],
      ['Xfce Notify Daemon', '0.7.3', ['actions', 'body'], rest],
      ['Xfce Notify Daemon', '0.8.2', ['actions'], ['Show', ...rest]],
      ['Xfce Notify Daemon', '0.10.0', ['actions'], ['Show', ...rest]],
      ['gnome-shell', '0.7', ['actions'], ['Show', ...rest]],
    ] as const) {
      shown.server = { name, version, capabilities };
      expect(shown.buttons).toBe(texts.length > 0);
      shown.carryOut(orders());
      expect(electron.FakeNotification.made.at(-1)!.options.actions?.map(({ text }) => text)).toEqual(texts);
    }
    expect(electron.FakeNotification.made[0]!.options.actions).toEqual([]);
  });

  it('of a critical alert offer to lock the screen, and nothing that would keep it silent', () => {
    const { shown } = notifications();
    shown.server = { name: 'Plasma', version: '5.27.5', capabilities: ['actions'] };
    shown.carryOut(orders({ band: 'critical' }));
    const texts = electron.FakeNotification.made.at(-1)!.options.actions?.map(({ text }) => text);
    expect(texts).toEqual(['Show', 'Lock the screen', 'Normal for alice…']);
  });

  it('of a critical alert of another machine do not: that screen is not here', () => {
    const { shown } = notifications();
    shown.server = { name: 'Plasma', version: '5.27.5', capabilities: ['actions'] };
    shown.carryOut(orders({ band: 'critical', here: false }));
    const texts = electron.FakeNotification.made.at(-1)!.options.actions?.map(({ text }) => text);
    expect(texts).toEqual(['Show', 'Normal for alice…']);
  });

  it('tell what was pressed, and go', () => {
    const { shown, pressed } = notifications();
    shown.server = { name: 'Plasma', version: '5.27.5', capabilities: ['actions'] };
    for (const index of [0, 1, 2, 9]) {
      shown.carryOut(orders());
      electron.FakeNotification.made.at(-1)!.emit('action', { actionIndex: index });
    }
    shown.carryOut(orders());
    electron.FakeNotification.made.at(-1)!.emit('click', {});
    expect(pressed.map(([what, { address }]) => `${what} ${address}`)).toEqual(
      ['show', 'normal', 'snooze', 'click'].map((what) => `${what} #/alerts/7`),
    );
    expect(electron.FakeNotification.made.at(-1)!.closed).toBe(true);
  });
});

it('who shows notifications is asked until somebody does, unless it stops', async () => {
  const server = { name: 'Plasma', version: '5.27.5', capabilities: [] };
  const [found, ask] = [vi.fn(), vi.fn(() => Promise.resolve(ask.mock.calls.length < 3 ? undefined : server))];
  whenNotificationServer(found, ask);
  await vi.advanceTimersByTimeAsync(19_000);
  expect(found).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(found.mock.calls).toEqual([[server]]);
  expect(ask).toHaveBeenCalledTimes(3);
  const nobody = vi.fn(() => Promise.resolve(undefined));
  const stop = whenNotificationServer(found, nobody);
  await vi.advanceTimersByTimeAsync(15_000);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(nobody).toHaveBeenCalledTimes(2);
});

describe('the window', () => {
  function window(): { window: Window; remembered: () => RememberedPlace | null } {
    let place: RememberedPlace | null = null;
    const made = new Window({
      preload: '/p.cjs',
      icon: '/i.png',
      remembered: () => place,
      remember: (now) => (place = now),
      closed: () => undefined,
    });
    return { window: made, remembered: () => place };
  }

  it('is made when it is wanted, shown when it is drawn, and used again', () => {
    const { window: one } = window();
    one.show('#/alerts/7');
    const [made] = electron.FakeWindow.made;
    expect([made!.loaded, made!.did, made!.options.show]).toEqual(['app://ubad/index.html#/alerts/7', [], false]);
    made!.webContents.emit('did-finish-load');
    made!.emit('ready-to-show');
    made!.minimized = true;
    one.show('#/settings');
    expect(made!.did).toEqual(['show', 'restore', 'show', 'focus']);
    expect(made!.webContents.sent).toEqual([['event:navigate', '#/settings']]);
    expect(electron.FakeWindow.made).toHaveLength(1);
  });

  it('keeps an address that is wanted before the page listens, and the last of several', () => {
    const { window: one } = window();
    one.show('#/alerts');
    one.show('#/alerts/7');
    one.show('#/alerts/8');
    const [made] = electron.FakeWindow.made;
    expect(made!.webContents.sent).toEqual([]);
    made!.webContents.emit('did-finish-load');
    expect(made!.webContents.sent).toEqual([['event:navigate', '#/alerts/8']]);
  });

  it('keeps its page away from Node and from the program', () => {
    window().window.show('#/');
    expect(electron.FakeWindow.made[0]!.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
    });
  });

  it('is gone when it is closed, and comes back where it was', () => {
    const { window: one, remembered } = window();
    one.show('#/');
    one.close();
    expect([one.contents, remembered()]).toEqual([
      undefined,
      { x: 10, y: 40, width: 900, height: 700, maximized: false },
    ]);
    one.send('notice', 'nobody hears it');
    one.show('#/');
    const { maximized: _, ...place } = remembered()!;
    expect(electron.FakeWindow.made[1]!.options).toMatchObject(place);
  });

  it('that filled its screen does so again, and has its own size beneath', () => {
    const { window: one, remembered } = window();
    one.show('#/');
    electron.FakeWindow.made[0]!.maximize();
    one.close();
    expect(remembered()).toEqual({ x: 10, y: 40, width: 900, height: 700, maximized: true });
    one.show('#/');
    const [, again] = electron.FakeWindow.made;
    expect(again!.options).toMatchObject({ width: 900, height: 700 });
    again!.emit('ready-to-show');
    expect(again!.did).toEqual(['maximize', 'show']);
  });

  it('is made again when its page broke', () => {
    const { window: one } = window();
    one.show('#/');
    electron.FakeWindow.made[0]!.webContents.emit('render-process-gone');
    expect(one.contents).toBeUndefined();
  });
});

describe('a page', () => {
  const own = new electron.FakeContents();
  const handlers = new Proxy({}, { get: (_, name) => () => name }) as Handlers<typeof desktopCalls>;
  const asked = async (event: object, name: unknown, input: unknown = null): Promise<Answer> => {
    const engine = (call: string) => Promise.resolve({ ok: true, value: `engine ${call}` } as const);
    answerWindow(handlers, engine, () => own as never);
    return (await electron.handled.get('ask')!(event, name, input)) as Answer;
  };
  const ours = { sender: own, senderFrame: own.mainFrame };

  it('is answered by main or by the engine', async () => {
    expect(await asked(ours, 'desktop')).toEqual({ ok: true, value: 'desktop' });
    expect(await asked(ours, 'alerts')).toEqual({ ok: true, value: 'engine alerts' });
  });

  it.each(['ingest', 'applySettings', 'checkpoint', 'close', 'constructor'])('cannot ask for %s', async (name) => {
    expect(await asked(ours, name)).toMatchObject({ ok: false, code: 'unknown' });
  });

  it.each([
    ['of another window', { senderFrame: { ...own.mainFrame } }],
    ['in a frame', { senderFrame: { url: 'app://ubad/index.html', parent: own.mainFrame } }],
    ['that is gone', { senderFrame: null }],
  ])('%s is refused', async (_, event) => {
    expect(await asked(event, 'desktop')).toMatchObject({ ok: false, code: 'refused' });
  });

  it.each(['https://example.org/', 'app://ubad.example/', ''])('at the address %s is refused', async (address) => {
    const { url } = own.mainFrame;
    own.mainFrame.url = address;
    expect(await asked(ours, 'desktop')).toMatchObject({ ok: false, code: 'refused' });
    own.mainFrame.url = url;
  });

  it('goes nowhere, opens nothing here, and gets no permission', () => {
    lockDown();
    const contents = new electron.FakeContents();
    electron.app.emit('web-contents-created', {}, contents);
    for (const event of ['will-navigate', 'will-redirect', 'will-attach-webview']) {
      const preventDefault = vi.fn();
      contents.emit(event, { preventDefault });
      expect(preventDefault, event).toHaveBeenCalled();
    }
    for (const url of ['https://osquery.io/', 'http://osquery.io/', 'file:///etc/passwd', 'app://ubad/']) {
      expect(contents.opens({ url })).toEqual({ action: 'deny' });
    }
    expect(electron.opened).toEqual(['https://osquery.io/']);
    const decided: unknown[] = [];
    electron.permissions[0]!(contents, 'notifications', (is: boolean) => decided.push(is));
    expect([decided, electron.permissions[1]!()]).toEqual([[false], false]);
  });

  it('opens only https outside', async () => {
    for (const address of ['nonsense', 'javascript:alert(1)', 'HTTPS://osquery.io', 'smb://x'])
      await openOutside(address);
    expect(electron.opened).toEqual(['HTTPS://osquery.io']);
  });

  it('gets the files of its folder with a policy, and no other', async () => {
    const folder = join(scratch(), 'window');
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.html'), '<p>');
    writeFileSync(join(folder, '..', 'secret'), 'x');
    serveWindow(folder);
    const get = (address: string, init?: RequestInit) => electron.served.get('app')!(new Request(address, init));
    const page = await get('app://ubad/index.html');
    expect([page.status, await page.text(), page.headers.get('content-type')]).toEqual([
      200,
      '<p>',
      'text/html; charset=utf-8',
    ]);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';(?!.*unsafe)/);
    for (const path of ['%2e%2e/secret', '..%2fsecret', 'none', '%', '%00', '']) {
      expect((await get(`app://ubad/${path}`)).status, path).toBe(404);
    }
    expect((await get('app://other/index.html')).status).toBe(404);
    expect((await get('app://ubad/index.html', { method: 'POST' })).status).toBe(404);
  });

  it('never gets a path outside of its folder, whatever it asks for', () => {
    const parts = fc.array(fc.constantFrom('..', '%2e%2e', '/', '%2f', '\\', 'a', '%00', '.', '?', '#', '%25'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(parts, (path) => {
        const file = fileOf(`app://ubad/${path.join('')}`, '/srv/window');
        expect(file === undefined || file.startsWith('/srv/window/')).toBe(true);
      }),
    );
  });
});
