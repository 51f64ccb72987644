import assert from 'node:assert/strict';
import { until } from '../until.ts';
import { lines, type Check } from './check.ts';
import { descendants } from './processes.ts';

export const lifeChecks: readonly Check[] = [
  {
    name: 'a second start opens the first one’s window and ends well',
    async run(application) {
      await application.startAndWait(['--hidden']);
      const second = application.start();
      assert.equal(await application.ending(second), 0);
      await application.windows.waitFor(1);
      assert.equal((await application.tray.items()).length, 1);
    },
  },
  {
    name: 'an engine that is killed is told of, started again, and misses nothing',
    async run(application) {
      const { pid } = await application.startAndWait(['--hidden']);
      application.append(lines.ordinary('ann'));
      await application.tray.waitForToolTip(/1 events, 0 alerts, engine running/);
      const worker = descendants(pid!).find(({ command }) => command.includes('worker.js'));
      process.kill(worker!.pid, 'SIGKILL');
      await application.tray.waitForToolTip(/engine stopped/);
      application.append(lines.ordinary('ann'));
      await application.tray.waitForToolTip(/2 events, 0 alerts, engine running/);
    },
  },
  {
    name: 'Quit in the menu ends everything, with an open window too, and nothing was said of errors',
    async run(application) {
      const child = await application.startAndWait();
      await application.windows.waitFor(1);
      await (await application.page()).waitForText('#status', /0 events/);
      const family = descendants(child.pid!);
      assert.ok(family.length > 0);
      await application.tray.choose(/^Quit$/);
      assert.equal(await application.ending(child), 0);
      await until('the tray to be empty', async () => (await application.tray.items()).length === 0);
      await until('its processes to end', () => family.every((one) => !one.isAlive()));
      const complaints = application.output.split('\n').filter((line) => /error|unhandled|unable|deprecat/i.test(line));
      assert.deepEqual(complaints, []);
    },
  },
];
