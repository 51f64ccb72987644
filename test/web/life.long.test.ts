import { existsSync, appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

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

/** Takes a dead server's place. @returns what it was sent */
async function strangerIn(answer: string | ((body: string) => string)): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const stranger = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => (body += String(piece)));
    request.on('end', () => {
      heard.push(`${request.url ?? ''} ${JSON.stringify(request.headers)} ${body}`);
      response.end(typeof answer === 'string' ? answer : answer(body));
    });
  });
  await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done));
  onTestFinished(() => void stranger.close());
  return { port: (stranger.address() as { port: number }).port, heard };
}

const x = 'x'.repeat(43);
it.each([
  ['nonsense', '{"key":5}'],
  ['a key of its own', JSON.stringify({ key: x, proof: x })],
  ['the question’s own proof', (body: string) => JSON.stringify({ ...(JSON.parse(body) as object), key: x })],
  ['an answer without an end', `{"key":"${'x'.repeat(100_000)}`],
  ['escape sequences', `{"key":"\u001b[2J${x}","proof":"${x}"}`],
])('starts again where a stranger took the port of a dead one and answers %s, and tells of it', async (_, answer) => {
  const machine = newMachine();
  const first = await started(machine);
  const left = first.tokenFile.replace(/token$/, 'json');
  const announced = JSON.parse(readFileSync(left, 'utf8')) as { secret: string };
  await first.stop();
  const { port, heard } = await strangerIn(answer);
  writeFileSync(
    left,
    JSON.stringify({ ...announced, origin: `http://127.0.0.1:${port}`, pid: 2 ** 22 + 1, began: '1' }),
  );
  machine.notes.length = 0;
  const second = await started(machine);
  expect(second.origin).not.toContain(`:${port}`);
  // Neither the token nor the secret, of either server, was sent.
  expect(heard).toHaveLength(1);
  for (const secret of [first.token, announced.secret, second.token]) expect(heard.join()).not.toContain(secret);
  expect(machine.notes.join('\n')).toMatch(new RegExp(`listens at http://127.0.0.1:${port}.*not ubad.*ss -ltnp`));
  expect(machine.notes.join('')).not.toContain('\u001b');
});

it('does not end well where its own process is there and somebody else answers for it', async () => {
  const machine = newMachine();
  const { port } = await strangerIn(JSON.stringify({ key: x, proof: x }));
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void other.kill());
  const stat = readFileSync(`/proc/${other.pid!}/stat`, 'utf8');
  const began = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const first = await started(machine);
  const left = first.tokenFile.replace(/token$/, 'json');
  await first.stop();
  const announced = { origin: `http://127.0.0.1:${port}`, secret: x, pid: other.pid, began };
  writeFileSync(left, JSON.stringify(announced), { mode: 0o600 });
  expect(await begin(machine)).toEqual({ state: 'silent', origin: announced.origin, pid: other.pid });
  // A pid that is another process by now is nobody.
  writeFileSync(left, JSON.stringify({ ...announced, began: '5' }), { mode: 0o600 });
  expect((await started(machine)).origin).not.toBe(announced.origin);
});

it('believes no announcement that leads elsewhere', async () => {
  const machine = newMachine();
  const left = (await started(machine)).tokenFile.replace(/token$/, 'json');
  for (const origin of ['http://evil.example:80', 'http://127.0.0.1:80@evil.example', 'http://127.0.0.1:1\n'])
    writeFileSync(left, JSON.stringify({ origin, secret: x, pid: 1, began: '1' }));
  await started({ ...machine, state: join(machine.folder, 'other') });
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
