import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import { until } from '../../until.ts';
import { askAsPage, example, startWatching, waitForAddress, workerOf } from './check.ts';

/** Adds a script to the page and gives the rule of the policy that forbids it. */
const injectScript = `new Promise((resolve) => {
  addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
  const script = document.createElement('script');
  script.textContent = 'globalThis.injected = true';
  document.body.append(script);
  setTimeout(() => resolve('allowed'), 1000);
})`;

export const windowChecks: readonly Check[] = [
  {
    name: 'the window is destroyed when it is closed; tray and worker live on, and a click brings a new one',
    async run(application) {
      const child = await application.startAndWait();
      await application.windows.waitFor(1);
      const worker = await workerOf(child.pid!);
      const first = await application.page();
      await application.windows.close();
      await application.windows.waitFor(0);
      await until('the page to be gone, not only hidden', () => !first.isOpen());
      assert.equal(child.exitCode, null, 'the application has ended with its window');
      assert.ok(worker.isAlive(), 'the worker has ended with the window');
      application.append(...example.quiet, ...example.untilAlert);
      await application.notifications.waitFor(/^alice: /);
      await application.tray.activate();
      await application.windows.waitFor(1);
      await waitForAddress(application, '#/alerts');
    },
  },
  {
    name: 'the page has no Node, a frozen bridge of two functions, no network, no permission, no script of its own',
    async run(application) {
      await application.startAndWait();
      const page = await application.page();
      await waitForAddress(application, '#/alerts');
      const kinds = await page.evaluate('[typeof require, typeof process, typeof module, Object.keys(bridge).sort()]');
      assert.deepEqual(
        kinds,
        ['undefined', 'undefined', 'undefined', ['ask', 'on']],
        'the page has more than a bridge',
      );
      assert.equal(await page.evaluate('Object.isFrozen(bridge) && isSecureContext'), true);
      assert.equal(await page.evaluate(injectScript), 'script-src-elem', 'a script of the page’s own ran');
      const outside = `fetch('https://example.com/').then(() => 'reached', () => 'refused')`;
      assert.equal(await page.evaluate(outside), 'refused', 'the page reached the network');
      for (const path of ['/..%2f..%2fpackage.json', '/../main.mjs', '/%2e%2e/worker.mjs', '/nothing.js']) {
        const status = `fetch(${JSON.stringify(path)}).then((response) => response.status)`;
        assert.equal(await page.evaluate(status), 404, `${path} was read`);
      }
      const permission = `navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)`;
      assert.equal(await page.evaluate(permission), 'denied', 'the page has permissions');
    },
  },
  {
    name: 'the page can ask what is a person’s to ask, with input that is checked, and nothing else',
    async run(application) {
      await application.startAndWait();
      for (const name of ['ingest', 'applySettings', 'close', 'checkpoint', 'missed', 'everything']) {
        const { ok, code } = await askAsPage(application, name);
        assert.deepEqual({ ok, code }, { ok: false, code: 'unknown' }, `the page may ask ${name}`);
      }
      for (const [name, input] of [
        ['showWindow', 'https://example.com/'],
        ['changeSettings', { log: 'relative.log' }],
        ['changeSettings', { anything: 1 }],
        ['openExternal', 'http://example.com/'],
        ['openExternal', 'file:///etc/passwd'],
        ['alerts', { limit: 1_000_000 }],
        ['snooze', { user: 'alice', minutes: -1 }],
      ] as const) {
        const { ok, code } = await askAsPage(application, name, input);
        assert.deepEqual({ ok, code }, { ok: false, code: 'bad-input' }, `${name} took ${JSON.stringify(input)}`);
      }
      assert.deepEqual((await askAsPage(application, 'alert', 99)).code, 'not-found');
      assert.deepEqual(application.opened(), []);
    },
  },
  {
    name: 'the page goes nowhere; what is https opens in the person’s own browser, and nothing else does',
    async run(application) {
      await application.startAndWait();
      await application.windows.waitFor(1);
      const page = await application.page();
      await waitForAddress(application, '#/alerts');
      await page.evaluate(`void (location.href = 'https://example.com/')`);
      await sleep(300); // nothing is to happen: there is nothing to wait for
      assert.equal(await page.evaluate('location.pathname'), '/index.html', 'the page has gone elsewhere');
      await page.evaluate(`void open('http://example.com/plain'), void open('https://osquery.io/popup')`);
      await until('the popup in the browser outside', () => application.opened().includes('https://osquery.io/popup'));
      await askAsPage(application, 'openExternal', 'https://osquery.io/asked');
      await until('the page in the browser outside', () => application.opened().includes('https://osquery.io/asked'));
      assert.equal(application.opened().length, 2, 'something else was opened');
      await application.windows.waitFor(1);
    },
  },
  {
    name: 'another page in the window gets no answer',
    async run(application) {
      await application.startAndWait();
      await application.windows.waitFor(1);
      const page = await application.page();
      await waitForAddress(application, '#/alerts');
      await page.goTo('about:blank');
      await until('the other page', () =>
        page.evaluate(`location.href === 'about:blank' && typeof bridge === 'object'`),
      );
      const answer = await askAsPage(application, 'settings');
      assert.deepEqual(
        { ok: answer.ok, code: answer.code },
        { ok: false, code: 'refused' },
        'another page was answered',
      );
    },
  },
  {
    name: 'an open window is told what happens, stops listening when it wants to, and leaves nothing behind',
    async run(application) {
      await startWatching(application);
      for (let round = 0; round < 12; round++) {
        await application.tray.activate();
        await application.windows.waitFor(1);
        await waitForAddress(application, '#/alerts');
        await application.windows.close();
        await application.windows.waitFor(0);
      }
      await application.tray.activate();
      const page = await application.page();
      await waitForAddress(application, '#/alerts');
      await page.evaluate(`globalThis.heard = []; globalThis.wrong = [];
        bridge.on('incident', ({ user, change }) => heard.push(user + ' ' + change));
        bridge.on('incident', () => wrong.push('still listening'))();`);
      application.append(...example.untilAlert);
      await until('the page to hear of it', () => page.evaluate(`heard.includes('alice opened')`));
      assert.deepEqual(await page.evaluate('wrong'), []);
      assert.doesNotMatch(application.output, /MaxListeners|leak/i, 'each window leaves listeners behind');
    },
  },
  {
    name: 'a page that crashes takes nothing with it, and the next window is whole',
    async run(application) {
      const child = await application.startAndWait();
      const page = await application.page();
      await waitForAddress(application, '#/alerts');
      await page.goTo('chrome://crash/').catch(() => undefined);
      await application.windows.waitFor(0);
      assert.equal(child.exitCode, null);
      await application.tray.choose(/^Settings$/);
      await application.windows.waitFor(1);
      await waitForAddress(application, '#/settings');
    },
  },
];
