import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, it } from 'vitest';

import { Announcement } from '../../src-main/web/announce.ts';
import { browserFolder } from '../../src-main/web/browser-folder.ts';
import { scratch } from '../scratch.ts';

const FIREFOX = 'firefox_firefox.desktop';

it('is the snap’s own, for this user alone, where the browser is one that was started before', () => {
  const home = scratch();
  expect(browserFolder(home, FIREFOX)).toBeUndefined();
  mkdirSync(join(home, 'snap/firefox/common'), { recursive: true });
  const folder = browserFolder(home, FIREFOX)!;
  expect(folder).toBe(join(home, 'snap/firefox/common/ubad'));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const other of ['', 'firefox.desktop', 'firefox-esr.desktop', '../x_y.desktop', 'chromium_chromium.desktop'])
    expect([other, browserFolder(home, other)]).toEqual([other, undefined]);
  // No hidden folder on the way, which a snap could not read.
  expect(folder.slice(home.length)).not.toContain('/.');
});

it('takes the page that leads to the address, and keeps nothing of it when the server ends', () => {
  const folder = scratch();
  mkdirSync(join(folder, 'snap/firefox/common'), { recursive: true });
  const own = new Announcement(join(folder, 'run'), '/state', () => browserFolder(folder, FIREFOX));
  own.tell({ origin: 'http://127.0.0.1:1', secret: 's'.repeat(43), token: 't' });
  const page = own.page('http://127.0.0.1:1/#key=k');
  expect(dirname(page)).toBe(join(folder, 'snap/firefox/common/ubad'));
  expect(readFileSync(page, 'utf8')).toContain('url=http://127.0.0.1:1/#key=k');
  expect(statSync(page).mode & 0o777).toBe(0o600);
  own.end({ secret: 's'.repeat(43) });
  expect(existsSync(page)).toBe(false);
});
