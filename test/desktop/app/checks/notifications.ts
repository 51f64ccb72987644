import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { Application } from '../../driver/application.ts';
import { until } from '../../until.ts';
import { findIcon } from '../icon.ts';
import { rememberBefore, writeConfig } from '../subject.ts';
import { askAsPage, example, remembered, startWatching, waitForAddress } from './check.ts';

const alice = /^alice: .+ — (medium|high|critical) \(\d+\)$/;
/** What the stranger's lines name, and no notification may. */
const secrets = /\/usr\/bin|\/home|curl|tar |crontab|base64|203\.0\.113|"columns"/;

/** Hours that are quiet now, by the clock of the desktop's processes. */
function quietNow(): { readonly from: string; readonly to: string } {
  const clock = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toTimeString().slice(0, 5);
  return { from: clock(-1), to: clock(2) };
}

async function showAlert(application: Application): Promise<void> {
  await startWatching(application);
  application.append(...example.untilAlert);
  await application.notifications.waitFor(alice);
}

export const notificationChecks: readonly Check[] = [
  {
    name: 'a line of the log notifies, and a mouse click on View opens the window at that incident',
    async run(application) {
      await startWatching(application);
      application.append(...example.untilAlert.slice(0, -1));
      await sleep(400); // nothing is to come of these
      assert.deepEqual(application.notifications.shown, [], 'notified before it was strange enough');
      application.append(example.untilAlert.at(-1)!);
      const { title, body, buttons, urgency } = await application.notifications.waitFor(alice);
      assert.match(body, /^Stranger than \d+(\.\d)? % of .+, at \d\d:\d\d.*\.$/);
      assert.doesNotMatch(`${title}${body}`, secrets, 'the notification names a command');
      // Before the buttons, which are others where it is critical.
      assert.equal(urgency, 1, 'not as urgent as its band');
      // This server shows Electron's own "View" as a button: a "Show" beside it would do the same.
      assert.deepEqual(buttons, ['View', 'Normal for alice', 'Snooze 1 h']);
      await application.notifications.press('View');
      await application.windows.waitFor(1);
      await waitForAddress(application, '#/alerts/1');
      await application.notifications.waitForOnScreen(0);
    },
  },
  {
    name: 'a second alert leads to itself, in the window that is open already',
    async run(application) {
      await showAlert(application);
      await application.notifications.press('View');
      await waitForAddress(application, '#/alerts/1');
      application.append(...example.asBob);
      const { urgency } = await application.notifications.waitFor(/^bob: .* critical/);
      assert.equal(urgency, 2, 'not as urgent as its band');
      await application.notifications.press('View');
      await waitForAddress(application, '#/alerts/2');
      await application.windows.waitFor(1);
    },
  },
  {
    name: 'an incident that grows has one notification, replaced with a count, and is not told at each step',
    async run(application) {
      await showAlert(application);
      for (const line of example.afterAlert.slice(0, 30)) {
        application.append(line);
        await sleep(60); // so that each is a batch of its own
      }
      await application.notifications.waitFor(/alice: .* critical/, /\d+ unusual moments so far/);
      await application.tray.waitForToolTip(/1 alert to answer, 1 going on/);
      await application.notifications.waitForOnScreen(1);
      const { shown } = application.notifications;
      assert.ok(shown.length <= 8, `told ${shown.length} times`);
      await until('one notification to be open', () => application.notifications.open().length === 1);
    },
  },
  {
    name: 'Normal for alice ends the incident, and the icon says so',
    async run(application) {
      await showAlert(application);
      await findIcon(application, 'alert-waiting');
      await application.notifications.press('Normal for alice');
      await application.notifications.waitForOnScreen(0);
      await findIcon(application, 'watching');
      assert.ok((await application.tray.labels()).includes('No alerts to answer'));
      assert.deepEqual(await application.windows.visible(), []);
    },
  },
  {
    name: 'Snooze holds alice back, and nobody else',
    async run(application) {
      await showAlert(application);
      await application.notifications.press('Snooze 1 h');
      await until('it to be remembered', () => 'alice' in (remembered(application).snoozed as object));
      application.append(...example.afterAlert);
      application.append(...example.asBob);
      await application.notifications.waitFor(/^bob: /);
      await application.tray.waitForToolTip(/2 alerts to answer, 2 going on/);
      assert.equal(
        application.notifications.shown.filter(({ title }) => title.startsWith('alice')).length,
        1,
        'alice was told',
      );
    },
  },
  {
    name: 'quiet hours hold back what the window lists; when they end it is told once, as one digest',
    async run(application) {
      writeConfig(application, { log: application.log, quietHours: quietNow() });
      await startWatching(application);
      application.append(...example.untilAlert, ...example.asBob);
      await application.tray.waitForToolTip(/2 alerts to answer, 2 going on/);
      assert.deepEqual(application.notifications.shown, [], 'notified in quiet hours');
      await application.tray.choose(/alerts to answer/);
      await application.windows.waitFor(1);
      const { value } = await askAsPage(application, 'desktop');
      assert.deepEqual((value as { heldBack: number[] }).heldBack, [1, 2], 'the window cannot list what is held back');
      await askAsPage(application, 'changeSettings', { quietHours: null });
      const digest = await application.notifications.waitFor(/^While it was quiet: 2 alerts$/);
      assert.equal(digest.body, '1 is about alice, 1 about bob; the worst is critical.');
      assert.equal(digest.urgency, 2, 'the digest is not as urgent as its worst');
      await sleep(300); // nothing more is to come
      assert.equal(application.notifications.shown.length, 1);
    },
  },
  {
    name: 'a pause ends by itself, and what was held back is told then',
    async run(application) {
      rememberBefore(application, { pausedUntil: Date.now() + 9_000 });
      await startWatching(application);
      await findIcon(application, 'paused');
      application.append(...example.untilAlert);
      await application.tray.waitForToolTip(/1 alert to answer, 1 going on · paused until/);
      assert.deepEqual(application.notifications.shown, [], 'notified in a pause');
      await application.notifications.waitFor(/^While it was quiet: 1 alert$/);
      await findIcon(application, 'alert-waiting');
    },
  },
  {
    name: 'what was told is not told again after a restart, and what was held back still is',
    async run(application) {
      await showAlert(application);
      await application.tray.choose(/^1 h \(ends/);
      await findIcon(application, 'paused-waiting');
      application.append(...example.asBob);
      await application.tray.waitForToolTip(/2 alerts to answer, 2 going on/);
      await application.tray.choose(/^Quit$/);
      await application.hasEnded();

      await application.startAndWait(['--hidden']);
      await application.tray.waitForToolTip(/2 alerts to answer, 2 going on/);
      await findIcon(application, 'paused-waiting');
      await application.tray.choose(/^Resume now$/);
      const digest = await application.notifications.waitFor(/^While it was quiet/);
      assert.equal(digest.body, 'It is about bob: critical.');
      await sleep(500); // nothing more is to come
      assert.equal(application.notifications.shown.length, 2, 'told again');
    },
  },
  {
    name: 'notifications go on with a notification daemon that crashed',
    async run(application) {
      await showAlert(application);
      await application.desktop.restartNotifications();
      application.append(...example.asBob);
      await application.notifications.waitFor(/^bob: /);
      await application.notifications.waitForOnScreen(1);
    },
  },
  {
    name: 'the self-test notifies, and says whether there are buttons',
    async run(application) {
      await application.startAndWait();
      const { value } = await askAsPage(application, 'testNotification');
      assert.deepEqual(value, { supported: true, buttons: true });
      await application.notifications.waitFor(/^ubad: this is a test$/);
      await application.notifications.press('View');
      await waitForAddress(application, '#/setup');
    },
  },
];
