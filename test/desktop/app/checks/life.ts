import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { Application } from '../../driver/application.ts';
import { descendants } from '../../driver/descendants.ts';
import { giveTo } from '../../session/account.ts';
import { until } from '../../until.ts';
import { findIcon } from '../icon.ts';
import { pathIn, writeConfig } from '../subject.ts';
import { copyOfDatabase, fillDisk, freeDisk, onSmallDisk } from '../small-disk.ts';
import { databaseOf, storedOf, type Stored } from '../stored.ts';
import { watchByCommand } from '../watch-by-command.ts';
import { askAsPage, example, mustHaveNoWindow, startWatching, waitForAddress, workerOf } from './check.ts';

const alice = /^alice: /;
const stored = (application: Application): Promise<Stored> => storedOf(application, databaseOf(application));
const untilRead = (application: Application, lines: number): Promise<boolean> =>
  until('the log to be read', async () => (await stored(application)).lastLine === lines);

async function mustHaveReadOnce(application: Application, all: number): Promise<void> {
  const { actions, lines, lastLine } = await stored(application);
  assert.equal(lastLine, all, 'not all was read');
  assert.equal(actions, lines, 'something was read twice');
  assert.equal(actions, lastLine, 'something was lost');
}

export const lifeChecks: readonly Check[] = [
  {
    name: 'a second start opens the first one’s window and ends well; a second hidden one opens none',
    async run(application) {
      const pid = await startWatching(application);
      assert.equal(await application.ending(application.start(['--hidden'])), 0);
      await sleep(300); // the first one hears of it, and does nothing
      await mustHaveNoWindow(application, pid, 'a hidden start has opened a window');
      assert.equal(await application.ending(application.start()), 0);
      await application.windows.waitFor(1);
      assert.equal((await application.tray.items()).length, 1);
    },
  },
  {
    name: 'a worker that is killed again and again is told of and started again; nothing is lost, nothing read twice',
    async run(application) {
      const { pid } = await application.startAndWait(['--hidden']);
      const third = Math.floor(example.quiet.length / 3);
      await application.tray.waitForToolTip(/Watching 2 users/);
      let read = 0;
      for (let round = 0; round < 3; round++) {
        const worker = await workerOf(pid!);
        const lines = example.quiet.slice(round * third, (round + 1) * third);
        read += lines.length;
        // Once with lines on their way to it, then with lines that come while there is none.
        if (round === 0) application.append(...lines);
        process.kill(worker.pid, 'SIGKILL');
        if (round > 0) application.append(...lines);
        // The third time it is waited for long enough to be seen.
        if (round === 2) await application.tray.waitForToolTip(/The engine stopped/);
        await until('another worker', async () => (await workerOf(pid!)).pid !== worker.pid);
        // The next one dies at work, not at its start.
        await untilRead(application, read);
      }
      // Before anything alarms: what was read twice can hide what comes after it.
      await mustHaveReadOnce(application, read);
      application.append(...example.untilAlert);
      await application.notifications.waitFor(alice);
      await findIcon(application, 'alert-waiting');
      await mustHaveReadOnce(application, read + example.untilAlert.length);
    },
  },
  {
    name: 'a full disk is told of and waited for; when there is room again nothing is lost and nothing read twice',
    async run(application) {
      const { pid } = await application.startAndWait(['--hidden'], {}, onSmallDisk(application));
      application.append(...example.quiet.slice(0, 200));
      await application.tray.waitForToolTip(/Watching 2 users/);
      await fillDisk(application, pid!);
      application.append(...example.quiet.slice(200), ...example.untilAlert);
      await application.tray.waitForToolTip(/The disk is full/);
      await findIcon(application, 'problem');
      assert.deepEqual(application.notifications.shown, []);
      await freeDisk(application, pid!);
      await application.notifications.waitFor(alice);
      await findIcon(application, 'alert-waiting');
      const { actions, lines, lastLine } = await storedOf(application, await copyOfDatabase(application, pid!));
      const all = example.quiet.length + example.untilAlert.length;
      assert.deepEqual({ actions, lines, lastLine }, { actions: all, lines: all, lastLine: all });
    },
  },
  {
    name: 'Quit with a window open ends everything within two seconds, with all that was read stored',
    async run(application) {
      const child = await application.startAndWait();
      await application.windows.waitFor(1);
      application.append(...example.quiet);
      await application.tray.waitForToolTip(/Watching 2 users/);
      await untilRead(application, example.quiet.length);
      application.append(...example.untilAlert.slice(0, 3));
      const family = descendants(child.pid!);
      await application.tray.choose(/^Quit$/);
      const began = performance.now();
      assert.equal(await application.ending(child), 0);
      const took = performance.now() - began;
      // Not speed, but a promise to a desktop that logs out.
      assert.ok(took < 4_000, `it took ${took} ms`);
      await until('its processes to end', () => family.every((one) => !one.isAlive()));
      await until('the tray to be empty', async () => (await application.tray.items()).length === 0);
      const { offset, lastLine } = await stored(application);
      const before =
        Buffer.byteLength(readFileSync(application.log, 'utf8').split('\n').slice(0, lastLine).join('\n')) + 1;
      assert.equal(offset, before, 'the checkpoint is not where the last stored line ends');
      const complaints = application.output
        .split('\n')
        .filter((line) => /error|unhandled|warning|deprecat/i.test(line));
      assert.deepEqual(complaints, []);
    },
  },
  {
    name: 'the end of a session ends it well, and the next start reads on where it was',
    async run(application) {
      const { pid } = await application.startAndWait(['--hidden']);
      application.append(...example.quiet);
      await untilRead(application, example.quiet.length);
      process.kill(pid!, 'SIGTERM');
      await application.hasEnded();
      application.append(...example.untilAlert);
      await application.startAndWait(['--hidden']);
      await application.notifications.waitFor(alice);
      const { actions, lines, lastLine } = await stored(application);
      const all = example.quiet.length + example.untilAlert.length;
      assert.deepEqual({ actions, lines, lastLine }, { actions: all, lines: all, lastLine: all });
    },
  },
  {
    name: 'what was over while nothing could be told is told at the next start, once',
    async run(application) {
      await startWatching(application);
      application.append(...example.asBob);
      await application.notifications.waitFor(/^bob: /);
      await application.tray.choose(/^Quit$/);
      await application.hasEnded();
      application.append(...example.untilAlert, ...example.calm);
      const { quiet, asBob, untilAlert, calm } = example;
      await watchByCommand(application, quiet.length + asBob.length + untilAlert.length + calm.length);

      await application.startAndWait(['--hidden']);
      await application.notifications.waitFor(alice);
      await application.tray.choose(/^Quit$/);
      await application.hasEnded();
      await application.startAndWait(['--hidden']);
      await application.tray.waitForToolTip(/Watching 2 users/);
      const told = application.notifications.shown.map(({ title }) => title.split(':')[0]);
      assert.deepEqual(told, ['bob', 'alice'], 'told again, or not at all');
    },
  },
  {
    name: 'a broken settings file is kept aside and told of, and the program runs with its defaults',
    async run(application) {
      writeConfig(application, '{"log": ');
      await application.startAndWait();
      const { value } = await askAsPage(application, 'setup');
      const { log, notices } = value as { log: string; notices: string[] };
      assert.equal(log, '/var/log/osquery/osqueryd.results.log');
      assert.match(notices.join(), /config\.json.*kept as .*config\.json\.broken/);
      assert.equal(readFileSync(pathIn(application, 'XDG_CONFIG_HOME', 'config.json.broken'), 'utf8'), '{"log": ');
    },
  },
  {
    name: 'a settings file that is broken while the program runs stops nothing',
    async run(application) {
      await startWatching(application);
      writeConfig(application, '{"log": ');
      application.append(...example.untilAlert);
      await application.notifications.waitFor(alice);
      await findIcon(application, 'alert-waiting');
    },
  },
  {
    name: 'a log that is not there yet is waited for',
    async run(application) {
      renameSync(application.log, `${application.log}.away`);
      await application.startAndWait(['--hidden']);
      await application.tray.waitForToolTip(/The log .* is missing/);
      await findIcon(application, 'problem');
      writeFileSync(application.log, '');
      application.append(...example.quiet, ...example.untilAlert);
      await application.notifications.waitFor(alice);
    },
  },
  {
    name: 'start at login is a file that starts it hidden, and that the desktop may switch off',
    async run(application) {
      const program = '/opt/A folder/ubad.AppImage';
      await application.startAndWait([], { APPIMAGE: program });
      const file = application.configPath('autostart', 'ubad.desktop');
      assert.deepEqual(await askAsPage(application, 'setAutostart', true), { ok: true, value: true });
      assert.match(readFileSync(file, 'utf8'), /^Exec="\/opt\/A folder\/ubad\.AppImage" --hidden$/m);
      appendFileSync(file, 'Hidden=true\n');
      const { value } = await askAsPage(application, 'setup');
      assert.equal((value as { autostart: boolean }).autostart, false, 'Hidden=true is not honoured');
      await askAsPage(application, 'setAutostart', false);
      assert.equal(existsSync(file), false);
    },
  },
  {
    name: 'an autostart entry of a program that has moved is brought up to date at its start',
    async run(application) {
      const file = application.configPath('autostart', 'ubad.desktop');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '[Desktop Entry]\nType=Application\nExec=/old/ubad --hidden\n');
      giveTo(application.desktop.account, dirname(file));
      await application.startAndWait(['--hidden'], { APPIMAGE: '/new/ubad.AppImage' });
      assert.match(readFileSync(file, 'utf8'), /^Exec=\/new\/ubad\.AppImage --hidden$/m);
    },
  },
  {
    name: 'an autostart entry that cannot be written is told of, and hinders no start',
    async run(application) {
      const file = application.configPath('autostart', 'ubad.desktop');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '[Desktop Entry]\nType=Application\nExec=/old/ubad --hidden\n');
      giveTo(application.desktop.account, dirname(file));
      chmodSync(dirname(file), 0o500);
      try {
        await startWatching(application);
        await application.tray.activate();
        const { value } = await askAsPage(application, 'setup');
        const [notice] = (value as { notices: string[] }).notices;
        assert.match(notice!, /ubad\.desktop .* cannot be written: EACCES/);
      } finally {
        chmodSync(dirname(file), 0o700);
      }
    },
  },
  {
    name: 'the window comes back where it was, and as large',
    async run(application) {
      await application.startAndWait();
      await application.windows.waitFor(1);
      await waitForAddress(application, '#/alerts');
      await application.windows.moveTo({ x: 100, y: 120 });
      const at = await application.windows.place();
      await application.windows.close();
      await application.windows.waitFor(0);
      await application.tray.activate();
      await application.windows.waitFor(1);
      const { x, y } = await application.windows.place();
      assert.ok(Math.abs(x - at.x) < 40 && Math.abs(y - at.y) < 80, `it was at ${at.x},${at.y} and is at ${x},${y}`);
      await application.windows.maximize();
      const full = await until('the window to fill its screen', async () => {
        const place = await application.windows.place();
        return place.width > 1200 && place;
      });
      await application.windows.close();
      await application.windows.waitFor(0);
      const { window } = JSON.parse(readFileSync(pathIn(application, 'XDG_CONFIG_HOME', 'desktop.json'), 'utf8')) as {
        readonly window: { readonly maximized: boolean; readonly width: number };
      };
      assert.deepEqual([window.maximized, window.width < full.width], [true, true], 'its own size is forgotten');
      await application.tray.activate();
      await application.windows.waitFor(1);
      await until('the window to fill its screen again', async () => {
        return (await application.windows.place()).width === full.width;
      });
    },
  },
];
