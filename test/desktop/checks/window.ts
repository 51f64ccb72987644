import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { takePicture } from '../session/screen.ts';
import { until } from '../until.ts';
import { lines, type Check } from './check.ts';

export const windowChecks: readonly Check[] = [
  {
    name: 'the window is destroyed when it is closed, the application stays, and a click brings a new one',
    async run(application) {
      const child = await application.startAndWait();
      await application.windows.waitFor(1);
      const first = await application.page();
      await application.windows.close();
      await application.windows.waitFor(0);
      await until('the page to be gone, not only hidden', () => !first.isOpen());
      assert.equal(child.exitCode, null, 'the application has ended with its window');
      await application.tray.activate();
      await application.windows.waitFor(1);
      await (await application.page()).waitForText('#status', /0 events/);
    },
  },
  {
    name: 'an open window follows what happens',
    async run(application) {
      await application.startAndWait();
      const page = await application.page();
      await page.waitForText('#status', /^0 events, 0 alerts$/);
      application.append(lines.strange('bob'));
      await page.waitForText('#status', /^1 events, 1 alerts$/);
      await application.tray.choose(/^Last: bob$/);
      await page.waitForText('#alert', /^bob: something strange$/);
      await takePicture(application.desktop, 'window');
    },
  },
  {
    name: 'the page has no Node, a frozen bridge that knows two questions, and a strict policy',
    async run(application) {
      await application.startAndWait();
      const page = await application.page();
      await page.waitForText('#status', /0 events/);
      const kinds = await page.evaluate('[typeof require, typeof process, typeof module, typeof sample.ask]');
      assert.deepEqual(kinds, ['undefined', 'undefined', 'undefined', 'function']);
      assert.equal(await page.evaluate('Object.isFrozen(sample) && isSecureContext'), true);
      await assert.rejects(page.evaluate(`sample.ask('everything')`), /there is no question everything/);
      await assert.rejects(page.evaluate(`sample.ask('open', 'file:///etc/passwd')`), /only https is opened/);
      assert.equal(await page.evaluate(injectScript), 'script-src-elem', 'a script of the page’s own ran');
      const outside = `fetch('https://example.com/').then(() => 'reached', () => 'refused')`;
      assert.equal(await page.evaluate(outside), 'refused', 'the page reached the network');
      const around = `fetch('/..%2fpackage.json').then((response) => response.status)`;
      assert.equal(await page.evaluate(around), 404, 'a file outside the page’s folder was read');
      const permission = `navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)`;
      assert.equal(await page.evaluate(permission), 'denied', 'the page has permissions');
      assert.deepEqual(application.opened(), []);
    },
  },
  {
    name: 'the page goes nowhere; what is https opens in the person’s own browser',
    async run(application) {
      await application.startAndWait();
      const page = await application.page();
      await page.waitForText('#status', /0 events/);
      await page.evaluate(`void (location.href = 'https://example.com/')`);
      await sleep(300); // nothing is to happen: there is nothing to wait for
      assert.equal(await page.evaluate('location.pathname'), '/index.html', 'the page has gone elsewhere');
      await page.evaluate(`void open('https://osquery.io/popup')`);
      await until('the popup in the browser outside', () => application.opened().includes('https://osquery.io/popup'));
      await page.evaluate(`sample.ask('open', 'https://osquery.io/asked')`);
      await until('the page in the browser outside', () => application.opened().includes('https://osquery.io/asked'));
      await application.windows.waitFor(1);
    },
  },
  {
    name: 'another page in the window gets no answer',
    async run(application) {
      await application.startAndWait();
      const page = await application.page();
      await page.waitForText('#status', /0 events/);
      await page.goTo('about:blank');
      await until('the other page', () =>
        page.evaluate(`location.href === 'about:blank' && typeof sample === 'object'`),
      );
      await assert.rejects(page.evaluate(`sample.ask('status')`), /refused: not the page of this application/);
    },
  },
];

/** Adds a script to the page and gives the rule of the policy that forbids it. */
export const injectScript = `new Promise((resolve) => {
  addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
  const script = document.createElement('script');
  script.textContent = 'globalThis.injected = true';
  document.body.append(script);
  setTimeout(() => resolve('allowed'), 1000);
})`;
