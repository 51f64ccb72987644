import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../checks/check.ts';
import { click } from '../../driver/mouse.ts';
import { until } from '../../until.ts';
import { findIcon } from '../icon.ts';
import { writeConfig } from '../subject.ts';
import { example, startWatching, waitForAddress } from './check.ts';

export const trayChecks: readonly Check[] = [
  {
    name: 'started hidden it is an icon in the panel that says what is watched, and no window',
    async run(application) {
      await startWatching(application);
      await findIcon(application, 'watching');
      const [line, ...labels] = await application.tray.labels();
      assert.match(line!, /^Watching 2 users · last event \d+ (s|min|h|days) ago$/);
      assert.deepEqual(labels, ['Open alerts (0)', 'Pause', 'Model: ready', 'Settings', 'Quit']);
      assert.match(await application.tray.property<string>('Id'), /ubad/);
      await sleep(500); // a window is not to come: there is nothing to wait for
      assert.deepEqual(await application.windows.visible(), [], 'a window has opened');
      assert.deepEqual(application.notifications.shown, [], 'ordinary work was notified');
    },
  },
  {
    name: 'an alert changes the icon and is an entry of the menu, which opens by mouse and leads to it',
    async run(application) {
      await startWatching(application);
      application.append(...example.untilAlarm);
      await application.tray.waitForToolTip(/ · 1 open alert$/);
      const icon = await findIcon(application, 'alert');
      const corner = await application.tray.openMenuAt(icon);
      const labels = await application.tray.labels();
      assert.match(labels[2]!, /^alice: medium \(\d+\), \d\d:\d\d/, 'the alert is not in the menu');
      // The entries are 27 pixels high; the third is the alert's.
      await click(application.desktop, { x: corner.x + 40, y: corner.y + 68 });
      await application.windows.waitFor(1);
      await waitForAddress(application, '#/alerts/1');
    },
  },
  {
    name: 'an open menu stays open, and each entry does what it says, while lines come',
    async run(application) {
      await startWatching(application);
      // In a pause no notification lies over the menu.
      await application.tray.choose(/^15 min/);
      const corner = await application.tray.openMenuAt(await findIcon(application, 'paused'));
      application.append(...example.untilAlarm);
      await application.tray.waitForToolTip(/1 open alert/);
      // GTK has pushed its rows down by one for the new entry: the second is "Open alerts" all the same.
      await click(application.desktop, { x: corner.x + 40, y: corner.y + 62 });
      await application.windows.waitFor(1);
      await waitForAddress(application, '#/alerts');
    },
  },
  {
    name: 'Pause holds notifications back, shows in icon and menu with its end, and Resume tells what came',
    async run(application) {
      await startWatching(application);
      await application.tray.choose(/^15 min \(ends \d\d:\d\d\)$/);
      await findIcon(application, 'paused');
      assert.ok((await application.tray.labels()).some((label) => /^Paused until \d\d:\d\d$/.test(label)));
      application.append(...example.untilAlarm);
      await application.tray.waitForToolTip(/1 open alert · paused until/);
      assert.deepEqual(application.notifications.shown, [], 'notified in a pause');
      await application.tray.choose(/^Resume now$/);
      const told = await application.notifications.waitFor(/^While it was quiet: 1 alert$/);
      assert.equal(told.body, 'alice 1.');
      await findIcon(application, 'alert');
      assert.equal(application.notifications.shown.length, 1);
    },
  },
  {
    name: 'a tray icon of the light variant is for dark panels, where the settings say so',
    async run(application) {
      writeConfig(application, { log: application.log, trayIcon: 'light' });
      await application.startAndWait(['--hidden']);
      await findIcon(application, 'watching', 'light');
    },
  },
  {
    name: 'the icon and its menu come back with a panel that crashed',
    async run(application) {
      await startWatching(application);
      await application.desktop.restartPanel();
      await until('the icon on the bus', async () => (await application.tray.items()).length > 0);
      await findIcon(application, 'watching');
      assert.ok((await application.tray.labels()).includes('Quit'));
    },
  },
  {
    name: 'without a tray the window opens and says so, even when started hidden; a tray that comes late is used',
    async run(application) {
      await application.desktop.withoutPanel(async () => {
        application.start(['--hidden']);
        // A panel may come late, and is waited for.
        await application.windows.waitFor(1, 15_000);
        await waitForAddress(application, '#/setup');
      });
      await until('the icon in the panel that came late', async () => (await application.tray.items()).length > 0, {
        within: 15_000,
      });
    },
  },
  {
    name: 'a log that cannot be read is a problem that the icon, menu and window tell, until it can be',
    async run(application) {
      chmodSync(application.log, 0);
      await application.startAndWait(['--hidden']);
      await application.tray.waitForToolTip(/The log .* cannot be read/);
      await findIcon(application, 'problem');
      assert.ok((await application.tray.labels()).some((label) => label.startsWith('Setup check')));
      chmodSync(application.log, 0o644);
      application.append(...example.quiet);
      await application.tray.waitForToolTip(/Watching 2 users/);
      await findIcon(application, 'watching');
    },
  },
];
