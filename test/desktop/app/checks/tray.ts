import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import type { Check } from '../../check.ts';
import { click } from '../../driver/mouse.ts';
import { until } from '../../until.ts';
import { findIcon } from '../icon.ts';
import { writeConfig } from '../subject.ts';
import { example, mustHaveNoWindow, startWatching, waitForAddress } from './check.ts';

export const trayChecks: readonly Check[] = [
  {
    name: 'started hidden it is an icon in the panel that says what is watched, and no window',
    async run(application) {
      const pid = await startWatching(application);
      await findIcon(application, 'watching');
      const [line, ...labels] = await application.tray.labels();
      assert.match(line!, /^Watching 2 users · last event \d+ (s|min|h|days) ago$/);
      assert.deepEqual(labels, ['No alerts to answer', 'Pause', 'Model: ready', 'Settings', 'Lock the screen', 'Quit']);
      assert.match(await application.tray.property<string>('Id'), /ubad/);
      await mustHaveNoWindow(application, pid, 'a window has opened');
      assert.deepEqual(application.notifications.shown, [], 'ordinary work was notified');
    },
  },
  {
    name: 'an alert changes the icon and is an entry of the menu, which opens by mouse and leads to it',
    async run(application) {
      await startWatching(application);
      application.append(...example.untilAlert);
      await application.tray.waitForToolTip(/ · 1 alert to answer, 1 going on$/);
      const icon = await findIcon(application, 'alert-waiting');
      const corner = await application.tray.openMenuAt(icon);
      const labels = await application.tray.labels();
      assert.match(labels[2]!, /^alice: high \(\d+\), \d\d:\d\d.*, going on$/, 'the alert is not in the menu');
      // The entries are 27 pixels high; the third is the alert's.
      await click(application.desktop, { x: corner.x + 40, y: corner.y + 68 });
      await application.windows.waitFor(1);
      await waitForAddress(application, '#/alerts/1');
    },
  },
  {
    name: 'an alert that is over waits in icon, tool tip and menu until somebody has opened it',
    async run(application) {
      await startWatching(application);
      application.append(...example.untilAlert);
      await findIcon(application, 'alert-waiting');
      application.append(...example.calm);
      await application.tray.waitForToolTip(/ ago · 1 alert to answer$/);
      await findIcon(application, 'watching-waiting');
      const [, waiting, alert] = await application.tray.labels();
      assert.equal(waiting, '1 alert to answer');
      assert.match(alert!, /^alice: (medium|high|critical) \(\d+\), [^,]*$/, 'the alert that waits is not in the menu');
      await application.tray.choose(/^alice/);
      await application.windows.waitFor(1);
      await waitForAddress(application, '#/alerts/1');
      await findIcon(application, 'watching');
      assert.equal((await application.tray.labels())[1], '1 alert to answer');
      await application.notifications.waitForOnScreen(0);
    },
  },
  {
    name: 'an alert that was looked at still shows that it goes on, and waits again when it becomes worse',
    async run(application) {
      await startWatching(application);
      application.append(...example.untilAlert);
      await findIcon(application, 'alert-waiting');
      await application.tray.choose(/^alice/);
      await findIcon(application, 'alert');
      // Looked at is not answered.
      assert.equal((await application.tray.labels())[1], '1 alert to answer, 1 going on');
      await application.windows.waitFor(1); // the page has looked before its window is seen
      await application.windows.close();
      await application.windows.waitFor(0);
      application.append(...example.afterAlert);
      await findIcon(application, 'alert-waiting');
    },
  },
  {
    name: 'an open menu stays open, and each entry does what it says, while lines come',
    async run(application) {
      await startWatching(application);
      // In a pause no notification lies over the menu.
      await application.tray.choose(/^15 min/);
      const corner = await application.tray.openMenuAt(await findIcon(application, 'paused'));
      application.append(...example.untilAlert);
      await application.tray.waitForToolTip(/1 alert to answer, 1 going on/);
      // GTK has pushed its rows down by one for the new entry: the second is that of all alerts all the same.
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
      application.append(...example.untilAlert);
      await application.tray.waitForToolTip(/1 alert to answer, 1 going on · paused until/);
      assert.deepEqual(application.notifications.shown, [], 'notified in a pause');
      await application.tray.choose(/^Resume now$/);
      const told = await application.notifications.waitFor(/^While it was quiet: 1 alert$/);
      assert.equal(told.body, 'It is about alice: high.');
      await findIcon(application, 'alert-waiting');
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
        await application.windows.waitFor(1, 30_000);
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
