import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, it, vi } from 'vitest';

import type { Bridge } from '../../src-main/contract/contract.ts';
import type { Web } from '../../src-main/web.ts';
import { lineOf } from '../engine/log-lines.ts';
import { newMachine, started } from './served.ts';

// By a name that is made here: its types are those of a browser, which tests do not have.
const script = join(import.meta.dirname, '..', '..', 'src-renderer', 'bridge-web.ts');
const open = fetch;
let page = 0;
let closed = new AbortController();
afterEach(() => {
  closed.abort();
  vi.unstubAllGlobals();
});

/** Runs the script as a page at an address would. @param storage what the page has kept */
async function at(web: Web, hash: string, storage = new Map<string, string>()) {
  closed = new AbortController();
  const addresses: string[] = [];
  const stubs = {
    location: { hash },
    history: { replaceState: (_state: null, _title: string, to: string) => addresses.push(to) },
    sessionStorage: {
      getItem: (name: string) => storage.get(name) ?? null,
      setItem: (name: string, value: string) => storage.set(name, value),
    },
    fetch: (path: string, init: RequestInit) => open(`${web.origin}${path}`, { ...init, signal: closed.signal }),
  };
  for (const [name, stub] of Object.entries(stubs)) vi.stubGlobal(name, stub);
  const defined: { bridge?: Bridge } = {};
  const define = vi.spyOn(Object, 'defineProperty').mockImplementation((target, name, attributes) => {
    if (name !== 'bridge') return Reflect.defineProperty(target as object, name, attributes) && target;
    defined.bridge = attributes.value as Bridge;
    return target;
  });
  await import(`${script}?page=${++page}`);
  define.mockRestore();
  return { bridge: defined.bridge!, addresses, storage };
}

const keyOf = (web: Web): string => new URL(web.newAddress()).hash;

it('exchanges the key of its address for the token, hides it, and asks', async () => {
  const web = await started(newMachine());
  const { bridge, addresses, storage } = await at(web, keyOf(web));
  expect(await bridge.ask('desktop', null)).toMatchObject({ ok: true, value: { host: 'browser' } });
  expect(await bridge.ask('nothing', null)).toMatchObject({ ok: false, code: 'unknown' });
  expect(addresses).toEqual(['#/']);
  expect([...storage.values()]).toEqual([web.token]);
  // Loaded again, it still may ask.
  const again = await at(web, '#/alerts', storage);
  expect(await again.bridge.ask('desktop', null)).toMatchObject({ ok: true });
  expect(again.addresses).toEqual([]);
});

it('says how to unlock a page that has no key, or one that was used', async () => {
  const web = await started(newMachine());
  const hash = keyOf(web);
  await (await at(web, hash)).bridge.ask('desktop', null);
  for (const used of [hash, '#/', '#key=']) {
    expect(await (await at(web, used)).bridge.ask('desktop', null), used).toMatchObject({
      ok: false,
      code: 'refused',
      message: expect.stringContaining('ubad serve') as string,
    });
  }
  const { bridge } = await at(web, '#/', new Map([['ubad-token', 'old']]));
  expect(await bridge.ask('desktop', null)).toMatchObject({ ok: false, code: 'refused' });
});

it('hears events until it stops to listen, and says when nobody answers', async () => {
  const machine = newMachine();
  const web = await started(machine);
  const { bridge } = await at(web, keyOf(web));
  const heard: unknown[] = [];
  const stop = bridge.on('status', (status) => heard.push(status.users.length));
  await bridge.ask('desktop', null);
  writeFileSync(
    machine.log,
    `${lineOf({ query: 'usb', change: 'added', time: 1_795_594_500, columns: { vendor: 'x' } })}\n`,
  );
  await expect.poll(() => heard.at(-1), { timeout: 20_000 }).toBe(1);
  stop();
  await web.stop();
  expect(await bridge.ask('desktop', null)).toMatchObject({ ok: false, code: 'worker-down' });
});
