import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { askAsPage, example } from '../desktop/app/checks/check.ts';
import { appSubject } from '../desktop/app/subject.ts';
import { Application } from '../desktop/driver/application.ts';
import { packaged } from '../desktop/driver/electron.ts';
import { giveTo } from '../desktop/session/account.ts';
import type { Desktop } from '../desktop/session/desktop.ts';
import { takePicture } from '../desktop/session/screen.ts';
import { until } from '../desktop/until.ts';

const SLOW = 30_000;

/** A program of a package on a desktop, with a trained model of each user. @param program what a person starts */
export function prepare(desktop: Desktop, program: string, state: string): Promise<Application> {
  return Application.prepare(desktop, packaged(desktop.account, program), appSubject(dirname(program), state));
}

/** Feeds ordinary work, then the stranger's, until the notification is there. */
export async function driveToAlert(application: Application, picture: string): Promise<void> {
  application.append(...example.quiet);
  await until(
    'the tray to say whom it watches',
    async () => (await application.tray.toolTip()).includes('Watching 2 users · last event'),
    {
      within: SLOW,
    },
  );
  application.append(...example.untilAlert);
  const { title } = await application.notifications.waitFor(/^alice: .+ — (medium|high|critical) /);
  expect(title).toMatch(/— (medium|high|critical) \(\d+\)$/);
  await takePicture(application.desktop, picture);
}

/** Ends what a menu or a login has started too: that is no child of ours. */
export async function end(application: Application): Promise<void> {
  const display = `DISPLAY=${application.desktop.env.DISPLAY!}`;
  const isOurs = (pid: string): boolean => {
    try {
      const of = (file: string): string[] => readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
      return of('environ').includes(display) && of('cmdline').some((word) => /\/ubad(\.AppImage)?$/.test(word));
    } catch {
      return false; // gone meanwhile, or somebody else's
    }
  };
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOurs(name)))
    process.kill(Number(pid));
  await application.stop();
}

/** Switches autostart on as the window does. @returns the entry's text */
export async function switchAutostartOn(application: Application): Promise<string> {
  expect(await askAsPage(application, 'setAutostart', true)).toMatchObject({ ok: true, value: true });
  return readFileSync(application.configPath('autostart', 'ubad.desktop'), 'utf8');
}

/** What an entry's `Exec` starts, of a value without quotes. */
export function execOf(entry: string): readonly string[] {
  return /^Exec=(.+)$/m.exec(entry)![1]!.split(' ');
}

/** A file that the desktop's account can run, in a folder of its own. */
export function giveFile({ folder, account }: Desktop, file: string, name: string): string {
  const to = join(folder, 'given', name);
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(file, to);
  giveTo(account, dirname(to));
  return to;
}
