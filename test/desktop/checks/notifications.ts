import assert from 'node:assert/strict';
import { takePicture } from '../session/screen.ts';
import { lines, type Check } from './check.ts';

export const notificationChecks: readonly Check[] = [
  {
    name: 'something strange notifies, and the button opens the window at what it was about',
    async run(application) {
      await application.startAndWait(['--hidden']);
      application.append(lines.ordinary('ann'), lines.strange('bob'));
      const shown = await application.notifications.waitFor(/^bob: unusual$/);
      const { application: name, body, buttons, urgency } = shown;
      assert.deepEqual({ name, body, urgency }, { name: 'BenchSample', body: 'never seen before', urgency: 1 });
      assert.deepEqual(buttons.slice(-1), ['Show']);
      await application.notifications.press('Show');
      await application.windows.waitFor(1);
      const page = await application.page();
      await page.waitForText('#alert', /^bob: something strange$/);
      assert.equal(await page.evaluate('location.hash'), '#/alerts/1');
      await application.notifications.waitForOnScreen(0);
    },
  },
  {
    name: 'the default action opens the window too',
    async run(application) {
      await application.startAndWait(['--hidden']);
      application.append(lines.strange('bob'));
      await application.notifications.waitFor(/bob/);
      await application.notifications.press('View');
      await application.windows.waitFor(1);
      await (await application.page()).waitForText('#alert', /^bob: something strange$/);
    },
  },
  {
    name: 'one cause has one notification, with a count; another cause has its own',
    async run(application) {
      await application.startAndWait(['--hidden']);
      application.append(lines.strange('bob'));
      await application.notifications.waitFor(/bob/, /never seen/);
      application.append(lines.strange('bob'));
      await application.notifications.waitFor(/bob/, /^2 times$/);
      application.append(lines.strange('eve'));
      await application.notifications.waitFor(/eve/);
      await application.notifications.waitForOnScreen(2);
      await takePicture(application.desktop, 'notifications');
      const open = application.notifications.open().map(({ title, body }) => `${title}, ${body}`);
      assert.deepEqual(open.sort(), ['bob: unusual, 2 times', 'eve: unusual, never seen before']);
    },
  },
];
