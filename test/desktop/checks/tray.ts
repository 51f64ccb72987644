import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { click } from '../driver/mouse.ts';
import { takePicture } from '../session/screen.ts';
import { until } from '../until.ts';
import { colours, lines, type Check } from './check.ts';

export const trayChecks: readonly Check[] = [
  {
    name: 'the tray icon is on the bus and painted in the panel, with its menu; no window at --hidden',
    async run(application) {
      await application.startAndWait(['--hidden']);
      await application.tray.waitForToolTip(/0 events, 0 alerts, engine running/);
      await application.tray.find(colours.watching);
      assert.match(await application.tray.property<string>('Id'), /BenchSample/);
      const labels = await application.tray.labels();
      assert.deepEqual(labels, ['Open', '0 events, 0 alerts, engine running', 'Pause', 'Start at login', 'Quit']);
      await takePicture(application.desktop, 'tray');
      await sleep(1_500); // a window is not to come: there is nothing to wait for
      assert.deepEqual(await application.windows.visible(), [], 'a window has opened');
    },
  },
  {
    name: 'the menu opens by mouse, and its first entry opens the window',
    async run(application) {
      await application.startAndWait(['--hidden']);
      await application.tray.waitForToolTip(/running/);
      const corner = await application.tray.openMenu(colours.watching);
      await takePicture(application.desktop, 'menu');
      await click(application.desktop, { x: corner.x + 40, y: corner.y + 18 });
      await application.windows.waitFor(1);
    },
  },
  {
    name: 'a line of the log reaches tool tip, menu and icon; an ordinary one notifies nobody',
    async run(application) {
      await application.startAndWait(['--hidden']);
      application.append(lines.ordinary('ann'), lines.ordinary('ann'));
      await application.tray.waitForToolTip(/2 events, 0 alerts/);
      assert.deepEqual(application.notifications.shown, []);
      application.append(lines.strange('bob'));
      await application.tray.waitForToolTip(/3 events, 1 alerts/);
      await application.tray.find(colours.alert);
      assert.deepEqual((await application.tray.labels()).slice(0, 3), [
        ...['Open', '3 events, 1 alerts, engine running', 'Last: bob'],
      ]);
    },
  },
  {
    name: 'a pause is kept: in the menu, over a restart, and for notifications',
    async run(application) {
      const isPaused = async (): Promise<boolean> =>
        (await application.tray.menu()).some((entry) => entry.label === 'Pause' && entry.checked);
      const first = await application.startAndWait(['--hidden']);
      assert.equal(await isPaused(), false);
      await application.tray.choose(/^Pause$/);
      await until('the menu to say that it is paused', isPaused);
      await application.tray.choose(/^Quit$/);
      await application.ending(first);

      await application.startAndWait(['--hidden']);
      await until('the menu to say that it is still paused', isPaused);
      application.append(lines.strange('eve'));
      await application.tray.waitForToolTip(/1 alerts/);
      // What comes after the pause shows that nothing came in it.
      await application.tray.choose(/^Pause$/);
      await until('the menu to say that the pause is over', async () => !(await isPaused()));
      application.append(lines.strange('eve'));
      await application.notifications.waitFor(/eve/, /^2 times$/);
      assert.equal(application.notifications.shown.length, 1, 'notified in a pause');
    },
  },
  {
    name: 'start at login is a file that survives spaces in the program’s path, and goes again',
    async run(application) {
      const program = '/opt/A folder/Sample.AppImage';
      const file = application.configPath('autostart', 'bench-sample.desktop');
      await application.startAndWait(['--hidden'], { APPIMAGE: program });
      await application.tray.choose(/^Start at login$/);
      await until('the autostart file', () => existsSync(file));
      const commands = readFileSync(file, 'utf8')
        .split('\n')
        .filter((one) => one.startsWith('Exec='));
      assert.deepEqual(commands, [`Exec="${program}" --hidden`], 'the autostart file does not name the program');
      await until('the menu to say so', async () =>
        (await application.tray.menu()).some((entry) => entry.label === 'Start at login' && entry.checked),
      );
      await application.tray.choose(/^Start at login$/);
      await until('the autostart file to go', () => !existsSync(file));
    },
  },
  {
    name: 'the icon comes back with a panel that crashed',
    async run(application) {
      await application.startAndWait(['--hidden']);
      const before = await application.tray.items();
      await application.desktop.restartPanel();
      await until('the icon on the bus', async () => (await application.tray.items()).length > 0);
      assert.deepEqual(await application.tray.items(), before);
      await application.tray.find(colours.watching);
    },
  },
  {
    name: 'without a tray the window opens, so that nobody runs a program that cannot be seen',
    async run(application) {
      await application.desktop.withoutPanel(async () => {
        application.start(['--hidden']);
        await application.windows.waitFor(1);
      });
    },
  },
];
