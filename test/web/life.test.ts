import { existsSync, appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { get } from 'node:http';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { exitCodes } from '../../src-main/cli/failure.ts';
import { serve } from '../../src-main/cli/serve.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import type { Overview } from '../../src-main/contract/timeline.ts';
import { lineOf } from '../engine/log-lines.ts';
import { askOf, bearer, begin, newMachine, send, started } from './served.ts';

const line = (n: number): string =>
  `${lineOf({ query: 'shell_verb', change: 'added', time: 1_795_594_500 + n, columns: { uid: '1000', username: 'alice', verb: `v${n}` } })}\n`;

async function overviewOf(web: Parameters<typeof askOf>[0]): Promise<Overview | undefined> {
  const answer = await askOf(web, 'overview');
  return answer.ok ? (answer.value as Overview) : undefined;
}

it('reads the log, answers what the window asks, and tells of what happens', async () => {
  const machine = newMachine();
  const web = await started(machine);
  const heard: string[] = [];
  const { port, hostname } = new URL(web.origin);
  const stream = get({ hostname, port, path: '/events', headers: bearer(web) }, (response) => {
    response.setEncoding('utf8');
    response.on('data', (piece: string) => heard.push(piece));
  });
  stream.on('error', () => undefined);
  writeFileSync(machine.log, [1, 2, 3].map(line).join(''));
  await expect.poll(async () => (await overviewOf(web))?.totals.actions, { timeout: 20_000 }).toBe(3);
  await expect.poll(() => heard.join(''), { timeout: 10_000 }).toMatch(/data: {"event":"status","value":{"users":\[/);
  expect(await askOf(web, 'desktop')).toMatchObject({ ok: true, value: { host: 'browser', heldBack: [] } });
  expect(await askOf(web, 'setAutostart', true)).toMatchObject({ ok: false, code: 'not-here' });
  expect(await askOf(web, 'quit')).toMatchObject({ ok: false, code: 'not-here' });
  const metrics = () => send(web, '/metrics', { headers: bearer(web) });
  expect((await metrics()).headers['content-type']).toMatch(/^text\/plain; version=0.0.4/);
  // Of the last status, which is asked for once a second.
  await expect.poll(async () => (await metrics()).body, { timeout: 10_000 }).toMatch(/^ubad_actions{user="[^"]+"} 3$/m);

  expect(await askOf(web, 'pause', '1-hour')).toMatchObject({ ok: true });
  const paused = await askOf(web, 'desktop');
  expect(paused).toMatchObject({ value: { pausedUntil: expect.any(Number) as number } });
  await askOf(web, 'resume');
  const now = Date.now() / 1000;
  const spans = await askOf(web, 'spans', { from: now - 600, to: now + 7200 });
  expect(spans).toMatchObject({ ok: true, value: { pauses: [{ from: expect.any(Number) as number }] } });
  const { pauses } = (spans as unknown as { value: { pauses: { from: number; to: number }[] } }).value;
  expect(pauses[0]!.to - pauses[0]!.from, 'it ended early').toBeLessThan(60);
  expect(await askOf(web, 'changeSettings', { alertsPerWeek: 3 })).toMatchObject({ value: { alertsPerWeek: 3 } });
  expect(await askOf(web, 'settings')).toMatchObject({ value: { alertsPerWeek: 3, log: machine.log } });
  expect(await askOf(web, 'doctor')).toMatchObject({ ok: true });
  // A page that is gone leaves nothing behind.
  stream.destroy();
  await web.stop();
  expect(heard.length).toBeGreaterThan(0);
});

it('tells its own user where it is, in files that nobody else can read, and says so when it is started again', async () => {
  const machine = newMachine();
  const web = await started(machine);
  const folder = join(machine.folder, 'run', 'ubad');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  web.newPage();
  const files = readdirSync(folder);
  expect(files).toHaveLength(3);
  for (const file of files) expect(statSync(join(folder, file)).mode & 0o777, file).toBe(0o600);
  expect(readFileSync(web.tokenFile, 'utf8')).toBe(web.token);
  const again = await begin(machine);
  if (again.state !== 'running') throw new Error('started twice');
  expect(again.address).toMatch(new RegExp(`^${web.origin}/#key=`));
  const key = again.address.split('#key=')[1]!;
  const session = await send(
    web,
    '/session',
    { method: 'POST', headers: { 'content-type': 'application/json' } },
    JSON.stringify({ key }),
  );
  expect(JSON.parse(session.body)).toEqual({ token: web.token });
  await web.stop();
  expect(readdirSync(folder)).toEqual([]);
  const next = await started(machine);
  expect(next.token).not.toBe(web.token);
});

it('starts over what a killed one left behind; a stranger on its port learns only a token that is dead', async () => {
  const machine = newMachine();
  const first = await started(machine);
  const { tokenFile } = first;
  const left = tokenFile.replace(/token$/, 'json');
  const asked: (string | undefined)[] = [];
  const stranger = createServer((request, response) => {
    asked.push(request.headers.authorization);
    response.end('{"key":5}');
  });
  await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done));
  const { port } = stranger.address() as { port: number };
  await first.stop();
  writeFileSync(left, JSON.stringify({ origin: `http://127.0.0.1:${port}`, token: 'old' }));
  const second = await started(machine);
  expect(second.origin).not.toContain(`:${port}`);
  // The token of a server that is gone opens nothing any more.
  expect(asked).toEqual(['Bearer old']);
  writeFileSync(left, '{"origin":"http://evil.example:80","token":"x"}');
  expect((await begin({ ...machine, state: join(machine.folder, 'other') })).state).toBe('started');
  stranger.close();
});

it.each([
  { host: '0.0.0.0' },
  { host: '::' },
  { host: '192.168.0.1' },
  { host: 'localhost' },
  { port: '65536' },
  { port: '-1' },
  { port: '80a' },
])('listens nowhere but on this machine: not with %j', async (options) => {
  await expect(serve(options)).rejects.toMatchObject({ exitCode: exitCodes.usage });
});

it('says that a port is taken', async () => {
  const web = await started(newMachine());
  await expect(begin(newMachine(), { port: Number(new URL(web.origin).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

it('stops when all that it has read is stored, with the stream closed and the store whole', async () => {
  const machine = newMachine();
  const web = await started(machine);
  const { port, hostname } = new URL(web.origin);
  const ended = new Promise<void>((done) => {
    get({ hostname, port, path: '/events', headers: bearer(web) }, (response) =>
      response.resume().on('end', () => {
        done();
      }),
    );
  });
  for (let n = 0; n < 2000; n += 100)
    appendFileSync(machine.log, Array.from({ length: 100 }, (_, i) => line(n + i)).join(''));
  await expect.poll(async () => (await overviewOf(web))?.totals.actions ?? 0, { timeout: 20_000 }).toBeGreaterThan(0);
  await web.stop();
  await ended;
  await expect(send(web, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(existsSync(join(machine.state, 'ubad.running')), 'the mark of a crash').toBe(false);
  const opened = openStore(machine.state, { now: 0 });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { store } = opened;
  const stored = store.subjects.list().reduce((sum, { stored: count }) => sum + count, 0);
  expect(store.checkpoints.of(machine.log)!.checkpoint.line).toBe(stored);
  store.close();
});
