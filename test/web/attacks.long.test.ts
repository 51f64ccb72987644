import { once } from 'node:events';
import { connect } from 'node:net';
import type { RequestOptions } from 'node:http';

import { expect, it } from 'vitest';

import type { Web } from '../../src-main/web.ts';
import { Keys } from '../../src-main/web/keys.ts';
import { askOf, bearer, newMachine, send, started } from './served.ts';

const ask = (web: Web, options: RequestOptions, body = '{"name":"status"}') =>
  send(web, '/ask', { method: 'POST', ...options }, body);

/** Sends bytes as they are. @returns what came back before the connection ended */
async function raw(web: Web, text: string): Promise<string> {
  const socket = connect(Number(new URL(web.origin).port), '127.0.0.1');
  let reply = '';
  socket.on('data', (piece) => (reply += piece.toString()));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return reply;
}

it('answers its own page, and tells nobody else anything', async () => {
  const web = await started(newMachine());
  const headers = bearer(web);
  expect((await ask(web, { headers })).status).toBe(200);
  const own = { ...headers, origin: web.origin, 'sec-fetch-site': 'same-origin' };
  expect((await ask(web, { headers: own })).status).toBe(200);
});

it.each([
  ['another name that points here', 'evil.example'],
  ['localhost, which is not what was printed', 'localhost'],
  ['this machine under another port', '127.0.0.1:1'],
])('refuses Host: %s', async (_what, host) => {
  const web = await started(newMachine());
  const { port } = new URL(web.origin);
  for (const name of [host, `${host}:${port}`]) {
    const headers = { ...bearer(web), host: name };
    expect((await ask(web, { headers })).status).toBe(421);
    expect((await send(web, '/', { headers })).status).toBe(421);
  }
});

it('refuses another origin, although it has the token', async () => {
  const web = await started(newMachine());
  for (const origin of ['http://evil.example', 'null', 'https://127.0.0.1', web.origin.replace(/\d+$/, '1')]) {
    expect((await ask(web, { headers: { ...bearer(web), origin } })).status, origin).toBe(403);
  }
  for (const site of ['cross-site', 'same-site']) {
    expect((await ask(web, { headers: { ...bearer(web), 'sec-fetch-site': site } })).status, site).toBe(403);
    const link = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await send(web, '/', { headers: link })).status, 'a link may be followed').toBe(200);
    expect((await send(web, '/', { headers: { ...link, 'sec-fetch-dest': 'iframe' } })).status).toBe(403);
  }
});

it('refuses who has no token, a wrong one, or the right one in the wrong place', async () => {
  const web = await started(newMachine());
  const json = { 'content-type': 'application/json' };
  const wrong = [
    {},
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${web.token.slice(1)}` },
    { authorization: `Bearer ${web.token}x` },
    { authorization: web.token },
    { authorization: `Basic ${web.token}` },
    { cookie: `token=${web.token}` },
    { 'x-token': web.token },
  ];
  for (const headers of wrong) {
    for (const path of ['/events', '/metrics']) expect((await send(web, path, { headers })).status).toBe(401);
    for (const path of ['/ask', `/ask?token=${web.token}`, `/ask?key=${web.token}`]) {
      const reply = await send(web, path, { method: 'POST', headers: { ...json, ...headers } }, '{"name":"status"}');
      expect([reply.status, reply.body.includes('databaseBytes')], JSON.stringify([path, headers])).toEqual([
        401,
        false,
      ]);
    }
    const asked = { method: 'POST', headers: { ...json, ...headers } };
    const challenge = 'c'.repeat(43);
    for (const proof of ['x'.repeat(43), '']) {
      const reply = await send(web, '/key', asked, JSON.stringify({ challenge, proof }));
      expect([reply.status, reply.body.includes('key')]).toEqual([proof === '' ? 400 : 401, false]);
    }
  }
});

it('gives the token for an address once, and for no other key', async () => {
  const web = await started(newMachine());
  const key = /#key=([\w-]{43})$/.exec(web.newAddress())![1]!;
  const session = (given: string) =>
    send(
      web,
      '/session',
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      JSON.stringify({ key: given }),
    );
  for (const bad of ['', 'x', web.token, key.slice(1)]) expect((await session(bad)).status).toBe(401);
  const first = await session(key);
  expect(JSON.parse(first.body)).toEqual({ token: web.token });
  expect((await session(key)).status).toBe(401);
  expect(new Set(Array.from({ length: 50 }, () => new Keys().token)).size).toBe(50);
  const keys = new Keys();
  const [old, fresh] = [keys.issue(0), keys.issue(599_000)];
  expect(keys.exchange(old, 600_000), 'ten minutes').toBeUndefined();
  expect(keys.exchange(fresh, 600_000)).toBe(keys.token);
});

it('serves the files of the page and nothing beside them', async () => {
  const web = await started(newMachine());
  const start = await send(web, '/');
  expect(start.body).toContain('<head>\n    <script src="/bridge.js"></script>');
  expect((await send(web, '/bridge.js')).body).toBe('// bridge');
  expect((await send(web, '/main.js')).headers['content-type']).toMatch(/javascript/);
  for (const path of [
    ...['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/..%5csecret.txt', '/a/../../secret.txt'],
    ...['/%2e%2e%2fsecret.txt', '/secret.txt%00.html', '/%', '/%ff', '/nothing', '/.', '/..'],
  ]) {
    const reply = await send(web, path);
    expect([reply.status, reply.body.includes('secret')], path).not.toEqual([200, true]);
    expect(reply.body, path).not.toContain('secret\n');
  }
  for (const path of ['//evil.example/', '/\\evil.example/', 'http://evil.example/', '*']) {
    expect((await send(web, path)).status, path).toBeGreaterThanOrEqual(400);
  }
});

it('puts the same guards on every answer', async () => {
  const web = await started(newMachine());
  for (const [path, options] of [
    ['/', {}],
    ['/main.js', {}],
    ['/nothing', {}],
    ['/metrics', { headers: bearer(web) }],
    ['/metrics', {}],
    ['/ask', { method: 'DELETE' }],
    ['/', { headers: { host: 'evil.example' } }],
  ] as const) {
    const { headers } = await send(web, path, options);
    expect(headers['content-security-policy'], path).toMatch(
      /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/,
    );
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(Object.keys(headers).filter((name) => /^access-control|^set-cookie|^server|^x-powered/.test(name))).toEqual(
      [],
    );
  }
});

it('knows its methods, and no other way in', async () => {
  const web = await started(newMachine());
  const headers = bearer(web);
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) {
    expect([405, 400], method).toContain((await send(web, '/ask', { method, headers })).status);
  }
  for (const path of ['/', '/events', '/metrics']) {
    expect((await send(web, path, { method: 'POST', headers }, '{}')).status, path).toBe(405);
  }
  const text = { ...headers, 'content-type': 'text/plain' };
  expect((await ask(web, { headers: text })).status, 'a form of another site can send no JSON').toBe(415);
  const host = new URL(web.origin).host;
  const upgrade = `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
  expect(await raw(web, upgrade)).toBe('');
  expect(await raw(web, `CONNECT example.com:80 HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toBe('');
  expect(await raw(web, 'GET / HTTP/1.1\r\n\r\n'), 'no Host').toMatch(/^HTTP\/1.1 400/);
  expect(await raw(web, 'GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'), 'an empty one').toMatch(
    /^HTTP\/1.1 421/,
  );
});

it('takes no huge question, told or untold, and no nonsense', async () => {
  const web = await started(newMachine());
  const headers = bearer(web);
  const huge = JSON.stringify({ name: 'status', input: 'x'.repeat(70_000) });
  expect((await ask(web, { headers }, huge)).status).toBe(413);
  const chunked = await ask(web, { headers: { ...headers, 'transfer-encoding': 'chunked' } }, huge).catch(
    () => undefined,
  );
  expect(chunked?.status ?? 413).toBe(413);
  for (const body of ['', '{', '[]', 'null', '{"name":5}', '{"name":"status","more":1}']) {
    expect((await ask(web, { headers }, body)).status, body).toBe(400);
  }
  expect((await send(web, '/', { headers: { 'x-long': 'x'.repeat(20_000) } })).status).toBe(431);
  // The engine's own questions are not there for a page, nor what an object is born with.
  for (const name of ['ingest', 'applySettings', 'close', 'recordPause', 'toString', '__proto__']) {
    expect(await askOf(web, name, null), name).toMatchObject({ ok: false, code: 'unknown' });
  }
  expect(await askOf(web, 'snooze', { user: 5 })).toMatchObject({ ok: false, code: 'bad-input' });
});

it('waits for nobody who is slow on purpose', async () => {
  const web = await started(newMachine(), { requestMs: 400 });
  const { host } = new URL(web.origin);
  const head = `POST /ask HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${web.token}\r\nContent-Type: application/json\r\n`;
  expect(await raw(web, `${head}Content-Length: 500\r\n\r\n{"name":`)).toMatch(/^HTTP\/1.1 40[08]/);
  expect(await raw(web, 'GET / HTTP/1.1\r\nHost: ')).toMatch(/^(HTTP\/1\.1 408|$)/);
});
