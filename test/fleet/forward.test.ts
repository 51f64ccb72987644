import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { setTimeout } from 'node:timers/promises';

import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, expect, it } from 'vitest';

import type { AboutLeaving, LeavingBlock } from '../../src-main/contract/leaving.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { lineMasker } from '../../src-main/engine/reading/masked-line.ts';
import { makeStreams, managerOf } from '../../src-main/fleet/wire/streams.ts';
import { Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { blocksFrom } from '../../src-main/fleet/wire/read-stream.ts';
import { scratch } from '../scratch.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { until } from './processes.ts';

const cli = join(import.meta.dirname, '..', '..', 'src-main', 'cli.ts');
const HOST = 'desk-7.example';
const lines = gunzipSync(readFileSync(join(import.meta.dirname, '..', '..', 'data', 'example', 'week.log.gz')))
  .toString('utf8')
  .split('\n', 1200);
const masked = lineMasker(defaultPack(), HOST);
const expected = lines.flatMap((line) => masked(line));

describeWithNats('a host that sends its log', () => {
  const server = serverForAll();
  const started: ChildProcess[] = [];
  let tenants = 0;
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });

  async function host() {
    const tenant = `forward-${++tenants}`;
    const folder = scratch();
    const subjects = new Subjects(tenant);
    const nc = await (await server.get()).connect();
    await makeStreams(nc, subjects, { partitions: 4, replicas: 1, keepLinesDays: 1, lease: 5 });
    const log = join(folder, 'osqueryd.results.log');
    const start = (
      name: string,
      changed: object = {},
    ): { readonly child: ChildProcess; readonly said: () => string } => {
      const file = join(folder, `${name}.json`);
      const forward = { log, host: HOST, state: join(folder, name) };
      const settings = { tenant, servers: [(nc.info && `nats://127.0.0.1:${nc.info.port}`) ?? ''], partitions: 4 };
      writeFileSync(file, JSON.stringify({ ...settings, mirror: 'lines', forward, ...changed }));
      const child = spawn(process.execPath, [cli, 'fleet', 'forward', '--config', file], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      started.push(child);
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      return { child, said: () => text };
    };
    const sent = () => sentOn(nc, subjects);
    return { folder, subjects, nc, log, start, sent };
  }

  it('sends each line once and in order, masked, though it is killed, its disk is lost, and the log rotates', async () => {
    const { folder, log, start, sent } = await host();
    let { child } = start('a');
    const portion = Math.ceil(lines.length / 12);
    for (let part = 0; part < 12; part++) {
      const own = lines.slice(part * portion, (part + 1) * portion);
      appendFileSync(log, own.map((line) => `${line}\n`).join(''));
      // Older files than the one that it begins with are never read.
      if (part === 5) await until('it has begun', async () => (await sent()).length > 0);
      if (part === 5) renameSync(log, `${log}.1`);
      await setTimeout(part % 4 === 0 ? 700 : 60);
      if (part % 4 !== 3) continue;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      if (part === 7) rmSync(join(folder, 'a'), { recursive: true, force: true });
      ({ child } = start('a'));
    }
    await until('all is sent', async () => (await sent()).length >= expected.length);
    await setTimeout(500);
    const all = await sent();
    expect(all.map(({ text }) => text)).toEqual(expected);
    // Numbered without a gap: so a partition would know of one.
    expect(all.map(({ number }) => number)).toEqual(all.map((_, at) => at + 1));
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await gone).toEqual([0, null]);
  });

  it('does not send twice what another process of the host has sent, and goes on where no block is left in the stream', async () => {
    const { log, start, sent, nc, subjects } = await host();
    writeFileSync(
      log,
      lines
        .slice(0, 300)
        .map((line) => `${line}\n`)
        .join(''),
    );
    const [a] = [start('a'), start('b')];
    const first = lines.slice(0, 300).flatMap((line) => masked(line));
    await until('it is sent', async () => (await sent()).length >= first.length);
    await setTimeout(500);
    expect((await sent()).map(({ text }) => text)).toEqual(first);
    for (const child of started.splice(0)) child.kill('SIGKILL');
    expect(a.said()).not.toContain('tried again');
    // As retention would, days later.
    await (await managerOf(nc)).streams.purge(subjects.linesStream);
    const who = existsSync(join(log, '..', 'a', 'place.json')) ? 'a' : 'b';
    start(who);
    appendFileSync(log, `${lines[300]!}\n`);
    await until('it is sent', async () => (await sent()).length >= 1);
    await setTimeout(300);
    expect((await sent()).map(({ text }) => text)).toEqual(masked(lines[300]!));
  });

  it('keeps the last 50 blocks as they were sent, for whoever may read the log', async () => {
    const { folder, log, start, sent } = await host();
    writeFileSync(log, '');
    const hasLists = spawnSync('setfacl', ['-m', 'u:4711:r', log]).status === 0;
    start('a');
    const about = (): AboutLeaving => JSON.parse(readFileSync(join(folder, 'a', 'about.json'), 'utf8')) as AboutLeaving;
    for (let line = 0; line < 60; line++) {
      appendFileSync(log, `${lines[line]!}\n`);
      if (line === 3)
        appendFileSync(log, '{"name": "pack_site_all", "unixTime": 1700000000, "action": "added", "columns": {}}\n');
      const now = line + 1;
      await until(
        'it is sent',
        async () => (await sent()).length >= lines.slice(0, now).flatMap((one) => masked(one)).length,
      );
    }
    const blocks = readdirSync(join(folder, 'a', 'blocks')).map(
      (name) => JSON.parse(readFileSync(join(folder, 'a', 'blocks', name), 'utf8')) as LeavingBlock,
    );
    const all = (await sent()).map(({ text }) => text);
    await until('all is counted', () => about().sent === all.length);
    expect(about()).toMatchObject({ mirror: 'lines', host: HOST, log, leftOut: 1, newest: about().newest });
    const listed = blocks.sort((a, b) => a.n - b.n).flatMap(({ body }) => body.split('\n'));
    expect(blocks.length).toBe(50);
    expect(listed).toEqual(all.slice(-listed.length));
    const one = join(folder, 'a', 'blocks', readdirSync(join(folder, 'a', 'blocks'))[0]!);
    expect(statSync(one).mode & 0o007).toBe(0);
    if (hasLists)
      expect(spawnSync('getfacl', ['--omit-header', '-n', one], { encoding: 'utf8' }).stdout).toMatch(/^user:4711:r/m);
  });

  it('sends nothing where it is off', async () => {
    const { start, sent } = await host();
    const { child, said } = start('a', { mirror: 'off' });
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(said()).toContain('mirror is off');
    expect(await sent()).toEqual([]);
  });
});

/** All lines of the host in the stream, with their numbers. */
async function sentOn(nc: NatsConnection, subjects: Subjects): Promise<{ number: number; text: string }[]> {
  const subject = subjects.linesOf(HOST, 4);
  const { state } = await (await managerOf(nc)).streams.info(subjects.linesStream, { subjects_filter: subject });
  let left = state.subjects?.[subject] ?? 0;
  const found: { number: number; text: string }[] = [];
  if (left === 0) return found;
  for await (const { body, header } of blocksFrom(nc, subjects.linesStream, subject, 1, new AbortController().signal)) {
    const first = Number(header('Ubad-Line'));
    for (const [at, text] of Buffer.from(body).toString().split('\n').entries())
      found.push({ number: first + at, text });
    if (--left === 0) break;
  }
  return found;
}
