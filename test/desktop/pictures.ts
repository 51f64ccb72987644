/**
 * `node test/desktop/pictures.ts`: takes the pictures in docs/pictures/desktop/: the tray's states, its menu, notifications and
 * window, as a person sees them on Xfce with a light and with a dark theme. Takes a minute.
 */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { example, startWatching, waitForAddress } from './app/checks/check.ts';
import { findIcon } from './app/icon.ts';
import { AppStage } from './app/stage.ts';
import { pathIn, writeConfig } from './app/subject.ts';
import type { Application } from './driver/application.ts';
import { click, xdotool } from './driver/mouse.ts';
import { pickElectron } from './driver/electron.ts';
import { giveTo } from './session/account.ts';
import { repository, type Theme } from './session/desktop.ts';
import type { TrayIcon } from '../../src-main/desktop/tray-state.ts';

/** Parts of the screen, and how much larger they are shown: a panel of 30 pixels is lost on a page. */
const parts = {
  tray: ['-crop', '150x30+1130+0', '+repage', '-scale', '300%'],
  corner: ['-crop', '660x330+620+0', '+repage'],
  screen: [],
} as const;
const folder = join(repository, 'docs', 'pictures', 'desktop');

/** @returns what takes a picture of a part of this application's screen */
function cameraOn({ desktop }: Application, theme: Theme) {
  return async (name: string, part: keyof typeof parts): Promise<void> => {
    // A pointer on the icon would show the tool tip; what is found already may not be painted to its end.
    await xdotool(desktop, 'mousemove', '300', '700');
    await sleep(400);
    const [raw, cut] = [join(desktop.folder, 'tmp', 'raw.png'), join(desktop.folder, 'tmp', 'cut.png')];
    await desktop.processes.run('import', ['-silent', '-window', 'root', raw], desktop.env);
    await desktop.processes.run('convert', [raw, ...parts[part], '-strip', cut], desktop.env);
    copyFileSync(cut, join(folder, `${name}-${theme}.png`));
  };
}

async function picturesOf(stage: AppStage, theme: Theme): Promise<void> {
  const trayIcon = theme === 'dark' ? 'light' : 'dark';
  const scene = (
    name: string,
    play: (application: Application, take: ReturnType<typeof cameraOn>) => Promise<void>,
  ): Promise<void> =>
    stage.perform({
      name,
      run(application) {
        writeConfig(application, { log: application.log, trayIcon, theme });
        return play(application, cameraOn(application, theme));
      },
    });
  const trayOf = async (
    application: Application,
    take: ReturnType<typeof cameraOn>,
    icon: TrayIcon,
  ): Promise<{ x: number; y: number }> => {
    const at = await findIcon(application, icon, trayIcon);
    await take(`tray-${icon}`, 'tray');
    return at;
  };

  await scene('learning', async (application, take) => {
    const state = pathIn(application, 'XDG_STATE_HOME');
    rmSync(state, { recursive: true });
    mkdirSync(state, { mode: 0o700 });
    giveTo(application.desktop.account, state);
    await application.startAndWait(['--hidden']);
    application.append(...example.quiet);
    await application.tray.waitForToolTip(/Watching 2 users/);
    await trayOf(application, take, 'learning');
  });
  await scene('problem', async (application, take) => {
    // Where it is on anybody's machine, and not on this one.
    writeConfig(application, { log: '/var/log/osquery/osqueryd.results.log', trayIcon, theme });
    await application.startAndWait(['--hidden']);
    await application.tray.openMenuAt(await trayOf(application, take, 'problem'));
    await take('menu-problem', 'corner');
  });
  await scene('alerts', async (application, take) => {
    await startWatching(application);
    await trayOf(application, take, 'watching');
    application.append(...example.untilAlert);
    await application.notifications.waitFor(/medium/);
    await application.tray.waitForToolTip(/1 alert to answer, 1 going on/);
    await trayOf(application, take, 'alert-waiting');
    await take('notification-medium', 'corner');
    application.append(...example.asBob);
    await application.notifications.waitFor(/bob: .* critical/);
    await application.notifications.waitForOnScreen(2);
    await take('notification-two', 'corner');
    await application.notifications.dismissAll();
    await application.tray.waitForToolTip(/2 alerts to answer, 2 going on/);
    await application.tray.openMenuAt(await findIcon(application, 'alert-waiting', trayIcon));
    await take('menu', 'corner');
  });
  await scene('quiet', async (application, take) => {
    await startWatching(application);
    await application.tray.choose(/^1 h/);
    await trayOf(application, take, 'paused');
    application.append(...example.untilAlert, ...example.asBob);
    await application.tray.waitForToolTip(/2 alerts to answer, 2 going on/);
    await application.tray.openMenuAt(await findIcon(application, 'paused-waiting', trayIcon));
    await take('menu-paused', 'corner');
    await click(application.desktop, { x: 300, y: 700 }); // closes the menu
    await application.tray.choose(/^Resume/);
    await application.notifications.waitFor(/While it was quiet/);
    await application.notifications.waitForOnScreen(1);
    await take('notification-digest', 'corner');
  });
  await scene('window', async (application, take) => {
    await startWatching(application);
    application.append(...example.untilAlert);
    await application.notifications.waitFor(/alice/);
    await application.notifications.press('View');
    await application.windows.waitFor(1);
    await waitForAddress(application, '#/alerts/1');
    await take('window', 'screen');
  });
}

mkdirSync(folder, { recursive: true });
for (const theme of ['light', 'dark'] as const) {
  const stage = await AppStage.open(pickElectron, undefined, theme);
  console.log(`${theme}: ${stage.says}`);
  try {
    await picturesOf(stage, theme);
  } finally {
    await stage.close();
  }
}
