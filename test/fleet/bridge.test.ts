import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, expect, it } from 'vitest';

import { random as randomOf } from '../../models/random.ts';
import { untilAnswered } from '../../src-main/fleet/wire/exact-publisher.ts';
import { blocksFrom } from '../../src-main/fleet/wire/read-stream.ts';
import { managerOf } from '../../src-main/fleet/wire/streams.ts';
import { hostOf, lastToken } from '../../src-main/fleet/wire/subjects.ts';
import { RecentLines, REMEMBERED } from '../../src-main/fleet/bridge/recent.ts';
import { describeWithNats, NatsServer } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';

const SUBJECT = 'osquery.results';
const KILLS = Math.max(8, Number(process.env.UBAD_FLEET_KILLS ?? 8));
const { signal } = new AbortController();

/** A result of a host, each another one. */
const lineOf = (host: string, counter: number): string =>
  JSON.stringify({
    name: 'pack_user-behavior_process_start',
    hostIdentifier: host,
    unixTime: 1_780_000_000 + counter,
    epoch: 0,
    counter,
    action: 'added',
    columns: { path: `/usr/bin/p${counter % 7}`, uid: '1000' },
  });

describeWithNats('a bridge from Fleet', () => {
  const servers: NatsServer[] = [];
  const fleets: TestFleet[] = [];
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') console.error(fleets.at(-1)?.logs());
    await fleets.at(-1)?.killAll();
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  async function made(changed: object = {}) {
    const server = await NatsServer.start();
    servers.push(server);
    const fleet = await TestFleet.make(server, 'bridged', { bridge: { subject: SUBJECT }, ...changed });
    fleets.push(fleet);
    const nc = await server.connect('fleet');
    const js = jetstream(nc);
    /** As Fleet publishes: a message a line. */
    const publish = async (...lines: string[]): Promise<void> => {
      for (const line of lines) await untilAnswered(signal, () => js.publish(SUBJECT, line, { timeout: 1000 }));
    };
    return { server, fleet, nc, publish };
  }

  it(
    'brings each line once and in order, though it and the server are killed, and Fleet publishes some again',
    { timeout: 300_000 },
    async () => {
      const { server, fleet, nc, publish } = await made();
      const random = randomOf(7);
      const hosts = ['desk-1.example', 'desk-2', 'büro 3'];
      const expected = new Map(hosts.map((host) => [host, [] as string[]]));
      const over = new AbortController();
      const goesOn = (): boolean => !over.signal.aborted;
      const publishing = (async () => {
        while (goesOn()) {
          const host = hosts[Math.floor(random() * hosts.length)]!;
          const own = expected.get(host)!;
          const lines = Array.from({ length: 1 + Math.floor(40 * random()) }, (_, l) => lineOf(host, own.length + l));
          own.push(...lines);
          await publish(...lines);
          // Its answer was lost: osquery sends the same again, and Fleet publishes it again.
          if (random() < 0.3) await publish(...lines);
          if (random() < 0.1) await publish('no JSON', JSON.stringify({ name: 'x' }), '[]', '');
          await setTimeout(100 * random());
        }
      })();
      for (let kill = 0; kill < KILLS; kill++) {
        const name = `bridge-${kill}`;
        fleet.start(name, 'bridge');
        await until('it reads', () => fleet.logs().includes(`${name}:\nubad: brings`));
        await setTimeout(700 * random());
        // Every fourth is the server, while the bridge works.
        if (kill % 4 === 3) {
          await server.kill();
          await server.begin();
          await setTimeout(700 * random());
        }
        await fleet.kill(name, false);
      }
      over.abort();
      await publishing;
      const last = fleet.start('last', 'bridge');
      const all = [...expected.values()].flat().length;
      await until('all is there', async () => (await count(nc, fleet)) >= all);
      await setTimeout(1000);
      const found = await linesIn(nc, fleet);
      for (const [host, own] of expected) {
        expect(
          found.get(host)?.map(({ text }) => text),
          host,
        ).toEqual(own);
        // Numbered without a gap: so a partition would know of one.
        expect(found.get(host)?.map(({ number }) => number)).toEqual(own.map((_, at) => at + 1));
      }
      console.log(`${KILLS} kills, ${all} lines of ${hosts.length} hosts: each once`);
      const gone = once(last, 'exit');
      last.kill('SIGTERM');
      expect(await gone).toEqual([0, null]);
    },
  );

  it('brings each line once where two of them work', async () => {
    const { fleet, nc, publish } = await made();
    fleet.start('one', 'bridge');
    fleet.start('two', 'bridge');
    const lines = Array.from({ length: 600 }, (_, l) => lineOf(`desk-${l % 3}`, l));
    await publish(...lines);
    await until('all is there', async () => (await count(nc, fleet)) >= lines.length);
    await setTimeout(1000);
    const found = await linesIn(nc, fleet);
    for (const [host, own] of found)
      expect(own.map(({ text }) => text)).toEqual(lines.filter((line) => line.includes(`"${host}"`)));
    expect(found.size).toBe(3);
  });

  it('knows a host’s last lines again after a restart, and nothing of one that was revoked', async () => {
    const { fleet, nc, publish } = await made();
    await fleet.ask('hosts', 'revoke', 'thief');
    fleet.start('bridge', 'bridge');
    const lines = Array.from({ length: REMEMBERED + 500 }, (_, l) => lineOf('desk-1', l));
    const js = jetstream(nc);
    for (let at = 0; at < lines.length; at += 200)
      await Promise.all(lines.slice(at, at + 200).map((line) => js.publish(SUBJECT, line)));
    // Published at once, they may come in another order: what is compared is what there is.
    await until('all is there', async () => (await count(nc, fleet)) >= lines.length);
    await fleet.kill('bridge', false);
    const before = (await linesIn(nc, fleet)).get('desk-1')!.map(({ text }) => text);
    expect(before.toSorted()).toEqual(lines.toSorted());
    fleet.start('bridge', 'bridge');
    const news = lineOf('desk-1', lines.length);
    await publish(...before.slice(-300), ...before.slice(-REMEMBERED).slice(0, 300), lineOf('thief', 1), news);
    await until('the new one is there', async () => (await count(nc, fleet)) > lines.length);
    await setTimeout(500);
    const found = await linesIn(nc, fleet);
    expect([...found.keys()]).toEqual(['desk-1']);
    expect(found.get('desk-1')!.map(({ text }) => text)).toEqual([...before, news]);
  });

  it('goes on where Fleet’s stream has lost its end, or is another one', async () => {
    const { server, fleet, nc, publish } = await made();
    const stream = join(server.folder, 'jetstream', 'jetstream', '$G', 'streams', fleet.subjects.resultsStream);
    const copy = join(server.folder, 'copy');
    const lines = Array.from({ length: 90 }, (_, l) => lineOf('desk-1', l));
    const there = async (upTo: number): Promise<void> => {
      await until('they are there', async () => (await count(nc, fleet)) >= upTo);
      await setTimeout(500);
      const found = await linesIn(nc, fleet);
      expect(found.get('desk-1')?.map(({ text }) => text)).toEqual(lines.slice(0, upTo));
    };
    await publish(...lines.slice(0, 20));
    await server.kill();
    cpSync(stream, copy, { recursive: true });
    await server.begin();
    fleet.start('bridge', 'bridge');
    await publish(...lines.slice(20, 40));
    await there(40);
    // Its position is written after its lines.
    await setTimeout(500);
    await fleet.kill('bridge', false);
    await server.kill();
    rmSync(stream, { recursive: true });
    cpSync(copy, stream, { recursive: true });
    await server.begin();
    // Beyond where it was read to: only when they were stored tells them from those.
    await publish(...lines.slice(40, 70));
    fleet.start('bridge', 'bridge');
    await there(70);
    await until('it is told', () => fleet.logs().includes('has lost its end'));
    await fleet.kill('bridge', false);
    const manager = await managerOf(nc);
    await manager.streams.delete(fleet.subjects.resultsStream);
    await fleet.ask('init');
    await publish(...lines.slice(60, 90));
    fleet.start('bridge', 'bridge');
    await there(90);
    expect(fleet.logs()).toContain('is another stream than the one that was read');
  });

  it('says what is missing', async () => {
    const { fleet } = await made({ bridge: { subject: SUBJECT, stream: 'FLEETS_OWN' } });
    await expect(fleet.ask('bridge')).rejects.toThrow(/There is no stream FLEETS_OWN on these servers/);
    const off = await TestFleet.make(servers.at(-1)!, 'off');
    fleets.push(off);
    await expect(off.ask('bridge')).rejects.toThrow(/bridge\.subject is not set/);
    const taken = TestFleet.make(servers.at(-1)!, 'second', { bridge: { subject: SUBJECT } });
    await taken;
    await expect(TestFleet.make(servers.at(-1)!, 'third', { bridge: { subject: SUBJECT } })).rejects.toThrow(
      /Another stream on these servers holds osquery\.results already/,
    );
  });
});

it('remembers the last lines of a host, and no more', () => {
  const recent = new RecentLines();
  const lines = Array.from({ length: 3 * REMEMBERED }, (_, l) => lineOf('desk-1', l));
  for (const [at, line] of lines.entries()) {
    expect(recent.isRepeat(line)).toBe(false);
    if (at % 500 !== 499) continue;
    const oldest = Math.max(0, at + 1 - REMEMBERED);
    expect(recent.isRepeat(lines[oldest]!)).toBe(true);
    expect(recent.isRepeat(line)).toBe(true);
  }
  expect(recent.isRepeat(lines[0]!)).toBe(false);
});

/** Lines of all hosts in the stream, with their numbers. */
async function linesIn(
  nc: NatsConnection,
  { subjects }: TestFleet,
): Promise<Map<string, { number: number; text: string }[]>> {
  const found = new Map<string, { number: number; text: string }[]>();
  const manager = await managerOf(nc);
  const { state } = await untilAnswered(signal, () => manager.streams.info(subjects.linesStream));
  let left = state.messages;
  if (left === 0) return found;
  for await (const { subject, body, header } of blocksFrom(nc, subjects.linesStream, subjects.lines(), 1, signal)) {
    const host = hostOf(lastToken(subject))!;
    const own = found.get(host) ?? [];
    found.set(host, own);
    const first = Number(header('Ubad-Line'));
    for (const [at, text] of Buffer.from(body).toString().split('\n').entries()) own.push({ number: first + at, text });
    if (--left === 0) break;
  }
  return found;
}

const count = async (nc: NatsConnection, fleet: TestFleet): Promise<number> =>
  [...(await linesIn(nc, fleet)).values()].flat().length;
