import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { thisMachine } from '../../src-main/engine/answer/machine.ts';
import { fileOf } from '../../src-main/engine/report/file.ts';
import { reportOf } from '../../src-main/engine/report/report.ts';
import { incidentOf } from '../engine/answer/incident-of.ts';
import { AT, connect, row, start, times, typed } from '../engine/narrative/tell.ts';
import { scratch } from '../scratch.ts';
import { violations } from './journeys/access.ts';
import { CHROMIUM, Stage } from './stage/browser.ts';

// As whoever it was handed to opens it: a file, without a network.
describe.skipIf(!existsSync(CHROMIUM))('an incident report in a browser', () => {
  const folder = scratch();
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(async () => {
    await stage.close();
  });

  const written = (language: 'en' | 'de'): string => {
    const made = incidentOf(
      [
        row('logins', { type: 'user', user: 'alice', tty: 'pts/7', host: '203.0.113.190' }),
        start('/tmp/m/<img src=http://127.0.0.1:9/x>', 'bash'),
        connect('/tmp/m/xmrig', '198.51.100.1', '3333'),
        row('authorized_keys', { username: 'alice', comment: 'x@evil', key_file: '/home/alice/.ssh/authorized_keys' }),
      ],
      times(30, typed('ls')),
    );
    const options = { language, severity: 78, machine: thisMachine(), version: '1.2.3', now: AT + 3600 };
    const file = join(folder, `${language}.html`);
    writeFileSync(file, fileOf(reportOf(made, made.incident, options), 'html').text);
    return pathToFileURL(file).href;
  };

  it.each([
    ['en', 'light', 1100],
    ['en', 'dark', 1100],
    ['de', 'light', 360],
    ['de', 'dark', 360],
  ] as const)(
    '%s, %s, %i px: hinders nobody, asks nobody, and is not wider than the window',
    async (language, colorScheme, width) => {
      const page = await stage.elsewhere('about:blank', {
        colorScheme,
        viewport: { width, height: 760 },
        bypassCSP: true,
      });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.context().setOffline(true);
      const address = written(language);
      await page.goto(address);
      expect(asked).toEqual([address]);
      await page.locator('h1').waitFor();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
      const dark = await page.evaluate(() => {
        const [red = 0] = getComputedStyle(document.body).backgroundColor.match(/\d+/g)!.map(Number);
        const [own = 0, , , alpha = 1] = getComputedStyle(document.documentElement)
          .backgroundColor.match(/\d+/g)!
          .map(Number);
        return (alpha === 0 ? red : own) < 128;
      });
      expect(dark).toBe(colorScheme === 'dark');
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    },
  );
});
