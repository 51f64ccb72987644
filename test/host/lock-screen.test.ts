import { expect, it } from 'vitest';

import { lockScreen, type Run } from '../../src-main/host/lock-screen.ts';

/** A machine where these programs are there and answer so; what was asked of it. */
function machine(answers: Readonly<Record<string, string>>): { readonly run: Run; readonly asked: string[] } {
  const asked: string[] = [];
  const run: Run = (program, args) => {
    const line = [program, ...args].join(' ');
    asked.push(line);
    const known = Object.keys(answers).find((begin) => line.startsWith(begin));
    return Promise.resolve(known === undefined ? undefined : answers[known]);
  };
  return { run, asked };
}

it('locks by logind, and says so once the session says that it is locked', async () => {
  const { run, asked } = machine({ 'loginctl lock-session': '', 'loginctl show-session': 'yes\n' });
  expect(await lockScreen({ XDG_SESSION_ID: '3', XDG_CURRENT_DESKTOP: 'XFCE' }, run)).toBe('locked');
  expect(asked).toEqual(['loginctl lock-session 3', 'loginctl show-session 3 --property=LockedHint --value']);
});

it.each([
  ['XFCE', 'xflock4'],
  ['ubuntu:GNOME', 'dbus-send --session --print-reply --dest=org.gnome.ScreenSaver'],
  ['MATE', 'mate-screensaver-command --lock'],
  ['sway', 'dbus-send --session --print-reply --dest=org.freedesktop.ScreenSaver'],
])('on %s it goes on with what that has where nobody listens to logind', async (desktop, line) => {
  const { run, asked } = machine({ 'loginctl lock-session': '', 'loginctl show-session': 'no\n', [line]: '' });
  expect(await lockScreen({ XDG_CURRENT_DESKTOP: desktop }, run)).toBe('asked');
  expect(asked.at(-1)).toMatch(new RegExp(`^${line}`));
});

it('says that nothing could where nothing can', async () => {
  expect(await lockScreen({}, machine({}).run)).toBeUndefined();
});
