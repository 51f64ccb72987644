import { existsSync } from 'node:fs';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { shown, violations } from './journeys/access.ts';
import { Backend } from './stage/backend.ts';
import { CHROMIUM, Stage } from './stage/browser.ts';
import { until } from './stage/learned.ts';

const NOW = Math.floor(Date.now() / 1000);
const YEAR = 365 * 86_400;

const result = (n: number, unixTime = NOW - 60): string =>
  JSON.stringify({
    name: 'pack_user-behavior_net_out',
    hostIdentifier: 'desk',
    unixTime,
    epoch: 0,
    counter: 1,
    numerics: false,
    columns: { uid: '1000', path: '/usr/bin/curl', remote_address: `203.0.113.${n}` },
    action: 'added',
  });
const status = (n: number): string => `I1128 17:20:0${n}.123456  4711 scheduler.cpp:105] Executing scheduled query`;

const foreign = [status(1), status(2), status(3), 'Nov 28 17:20:00 desk sshd[811]: Accepted publickey for alice'];
/** Each is read, and is odd in another way. */
const odd = [
  `Nov 28 17:20:00 desk osqueryd[811]: ${result(1)}`,
  result(2) + result(3),
  `[${result(4)}]`,
  JSON.stringify({ message: result(5) }),
  result(6, NOW + YEAR),
];

const refused = ['3 lines refused: osqueryd’s own messages.', '1 line refused: no JSON.'];
const unwrapped = [
  /^1 line had something before its JSON/,
  /^1 line held several results/,
  /^1 line was one of a JSON array/,
  /^1 line was wrapped by a log shipper/,
  /^1 row claims a time in the future/,
];

// One log: nothing in it is a result at first.
describe.skipIf(!existsSync(CHROMIUM))('how the reading of a log goes', () => {
  let stage: Stage;
  let backend: Backend;

  beforeAll(async () => {
    stage = await Stage.open();
    backend = new Backend();
    await backend.start();
    backend.write(foreign);
    await read('all lines refused', ({ refused: all }) => all === foreign.length);
  });
  afterAll(async () => {
    await stage.close();
    await backend.stop();
  });

  async function read(
    what: string,
    done: (health: Awaited<ReturnType<typeof backend.side.engine.overview>>['health']) => boolean,
  ) {
    await until(what, async () => (done((await backend.side.engine.overview(undefined)).health) ? true : undefined));
  }

  /** Opens the overview again, looks, and asks axe. */
  async function overview(options: Parameters<Stage['page']>[2], look: (page: Page) => Promise<void>): Promise<void> {
    const page = await stage.page(backend, '#/', options);
    await shown(page, '#/');
    await page.getByText(backend.log).waitFor();
    await look(page);
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  }

  const items = (page: Page): Promise<string[]> => page.locator('main .log li').allInnerTexts();

  it.each(['light', 'dark'] as const)('says what a log seems to be that holds no result, %s', async (colorScheme) => {
    await overview({ colorScheme }, async (page) => {
      const told = page.locator('main .log').getByRole('status');
      expect(await told.innerText()).toMatch(/^It holds no result of osquery\. It seems to be osquery’s status log/);
      expect(await items(page)).toEqual(refused);
      await page.getByText('No line of the log can be used: 4 were refused').waitFor();
      expect(await page.getByText('Nothing has been read yet').count()).toBe(0);
      await page.locator('header .state.bad').getByText('No line of the log can be used').waitFor();
    });
  });

  it('says the same in German', async () => {
    await overview({ locale: 'de-DE' }, async (page) => {
      const told = page.locator('main .log').getByRole('status');
      expect(await told.innerText()).toMatch(/^Es enthält kein Ergebnis von osquery\. .*Statusprotokoll/);
      expect((await items(page))[0]).toBe('3 Zeilen abgewiesen: Meldungen von osqueryd selbst.');
      await page.getByText('Keine Zeile des Protokolls ist brauchbar: 4 wurden abgewiesen').waitFor();
      await page.locator('header .state.bad').getByText('Keine Zeile des Protokolls ist brauchbar').waitFor();
    });
  });

  it('says what was odd about lines that were read, and no longer that it holds no result', async () => {
    backend.write(odd);
    await read('every oddity', ({ logs }) => Object.keys(logs[0]?.odd ?? {}).length === odd.length);
    for (const colorScheme of ['light', 'dark'] as const) {
      await overview({ colorScheme }, async (page) => {
        expect(await page.locator('main .log').getByRole('status').count()).toBe(0);
        await page.locator('header .state').waitFor();
        expect(await page.locator('header .state').innerText()).not.toContain('No line of the log can be used');
        expect(await items(page)).toEqual([
          ...refused,
          ...unwrapped.map((text) => expect.stringMatching(text) as unknown),
        ]);
      });
    }
  });

  it('never broke its policy and never threw', () => {
    expect(stage.complaints).toEqual([]);
  });
});
