import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, expect, it } from 'vitest';

import { random as randomOf } from '../../models/random.ts';
import type { LeavingBlock } from '../../src-main/contract/leaving.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import type { ExportEvent } from '../../src-main/export/event.ts';
import { forwardAlerts } from '../../src-main/fleet/forward/forward-alerts.ts';
import { untilAnswered, type Last, type Publishing } from '../../src-main/fleet/wire/exact-publisher.ts';
import { headers, read, toldMessage, type ToldMessage } from '../../src-main/fleet/wire/messages.ts';
import { isMirrored, mirroredIncident } from '../../src-main/fleet/wire/mirrored.ts';
import { blocksFrom } from '../../src-main/fleet/wire/read-stream.ts';
import { managerOf } from '../../src-main/fleet/wire/streams.ts';
import { batchOf } from '../engine/log-lines.ts';
import { scratch } from '../scratch.ts';
import { settled } from './exact.ts';
import { linesOfHosts } from './lines.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { visit } from './page-visit.ts';
import { TestFleet, until } from './processes.ts';
import { engineOptions } from './reference.ts';

const HOST = 'desk-7.example';
const { signal } = new AbortController();

describeWithNats('a machine that sends its alerts alone', () => {
  const server = serverForAll();
  let fleet: TestFleet | undefined;
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(fleet?.logs());
  });
  afterAll(async () => {
    await fleet?.killAll();
  });

  it('tells each change once though it is killed, the fleet hands it on, keeps it and answers it', async () => {
    const folder = scratch();
    const at = (name: string): string => join(folder, name);
    const forward = { alerts: at('engine'), host: HOST, log: at('results.log'), state: at('leaves') };
    fleet = await TestFleet.make(await server.get(), 'mirror', { mirror: 'alerts', forward });
    mkdirSync(join(fleet.folder, 'ubad'), { recursive: true, mode: 0o700 });
    writeFileSync(join(fleet.folder, 'ubad', 'config.json'), JSON.stringify({ algorithm: 'ocsvm' }));
    const nc = await (await server.get()).connect();
    const opened = Engine.open({ ...engineOptions(), state: forward.alerts, now: () => Date.now() / 1000 });
    if (!opened.ok) throw new Error(opened.problem.message);
    const { engine } = opened;
    const lines = [...linesOfHosts(1, 1600).values()][0]!;
    const ingest = async (from: number, to: number): Promise<void> => {
      engine.ingest(batchOf(lines.slice(from, to), from + 1));
      await engine.trainDue();
    };
    await ingest(0, 1101);
    const random = randomOf(3);
    fleet.start('a');
    fleet.start('inbox', 'inbox');
    fleet.start('forward', 'forward');
    await until('it sends', () => fleet!.logs().includes('sends the alerts of'));
    await until('it has begun', () => readdirSync(forward.state).includes('place.json'));
    for (let from = 1101; from < lines.length; from += 20) {
      await ingest(from, from + 20);
      await setTimeout(120);
      if (random() < 0.3) {
        await fleet.kill('forward', false);
        fleet.start('forward', 'forward');
      }
    }
    const incidents = engine.store.incidents.list();
    expect(incidents.length).toBeGreaterThan(0);
    const lastOf = (told: readonly ToldMessage[], id: number) =>
      told.findLast((one) => one.kind === 'incident' && one.incident === id);
    await until('all is told', async () => {
      const told = await toldOn(nc, fleet!);
      return incidents.every(({ id, count, band, state }) => {
        const last = lastOf(told, id);
        return (
          last?.kind === 'incident' &&
          last.count === count &&
          last.band === band &&
          (last.change === 'closed') === (state === 'closed')
        );
      });
    });
    await setTimeout(1500);
    const texts = await textsOn(nc, fleet);
    expect(new Set(texts).size).toBe(texts.length);
    // What a notification may say: no command, no path, no address.
    const words = lines.flatMap((line) =>
      Object.values((JSON.parse(line) as { columns: Record<string, string> }).columns).filter((value) =>
        value.includes('/'),
      ),
    );
    for (const word of new Set(words)) expect(texts.join('\n')).not.toContain(JSON.stringify(word).slice(1, -1));
    const blocks = readdirSync(join(forward.state, 'blocks')).map(
      (name) => JSON.parse(readFileSync(join(forward.state, 'blocks', name), 'utf8')) as LeavingBlock,
    );
    const listed = blocks.sort((one, other) => one.n - other.n).flatMap(({ body }) => body.split('\n'));
    // A block that was under way in a kill may be listed twice: what is listed is never less than what left.
    expect([...new Set(listed)].slice(-texts.length)).toEqual(texts);

    const list = async (): Promise<{ alert: string; user: string; host: string; verdict: string | null }[]> =>
      (JSON.parse(await fleet!.ask('alerts', 'list', '--all', '--json')) as { alerts: [] }).alerts;
    await until('the inbox has all', async () => (await list()).length === incidents.length);
    const kept = await list();
    expect(new Set(kept.map(({ user, host }) => `${user} ${host}`))).toEqual(new Set([`user-0@${HOST} ${HOST}`]));
    fleet.start('page', 'serve');
    await until('the page is there', () => fleet!.logs().includes('page is at http:'));
    const page = await visit(/page is at (http:\S+)/.exec(fleet.logs())![1]!);
    expect(await page.told(kept[0]!.alert)).toEqual({ detail: null, away: null, stays: true });
    await page.answer({ alerts: [kept[0]!.alert], verdict: 'normal' });
    await until('the answer of the page is handed on', async () =>
      (await list()).some(({ alert, verdict }) => alert === kept[0]!.alert && verdict === 'normal'),
    );
    await fleet.ask('alerts', 'mark', kept[0]!.alert, 'suspicious');
    await until('the answer is handed on', async () =>
      (await list()).some(({ alert, verdict }) => alert === kept[0]!.alert && verdict === 'suspicious'),
    );
    engine.close();
    for (const name of ['forward', 'inbox', 'page']) await fleet.kill(name, false);
    const { differences, references } = await settled(nc, fleet);
    expect(differences).toEqual([]);
    expect(references.flatMap(({ alerts }) => alerts).length).toBe(texts.length + 2);
  });

  it('says on the doctor’s list that it does, and what is missing for it', async () => {
    const folder = scratch();
    const forward = {
      alerts: join(folder, 'engine'),
      host: HOST,
      log: join(folder, 'log'),
      state: join(folder, 'leaves'),
    };
    const own = await TestFleet.make(await server.get(), 'told', { mirror: 'alerts', forward, partitions: 1 });
    const asked = (): Promise<string> =>
      own.ask('doctor').catch((error: unknown) => (error as { stdout: string }).stdout);
    expect(await asked()).toMatch(/^✘ mirror: .*there is no database of an engine/m);
    const opened = Engine.open({ ...engineOptions(), state: forward.alerts, now: () => 0 });
    if (opened.ok) opened.engine.close();
    expect(await asked()).toMatch(/^✔ mirror: The alerts of .* are to leave this machine for the fleet told\.$/m);
  });
});

const alert: ExportEvent = {
  id: 'desk/4/open.2.high.none',
  alert: 'desk/4',
  change: 'extended',
  at: 50,
  user: 'anna',
  host: 'desk',
  band: 'high',
  severity: null,
  count: 2,
  firstTime: 10,
  lastTime: 20,
  act: 'rare',
  verdict: null,
};

it('goes on behind the host’s last block, tells what was said at the desk, and waits for what cannot be read', async () => {
  const stop = new AbortController();
  const sent: Publishing[] = [];
  const notices: string[] = [];
  const places: unknown[] = [];
  let tries = 0;
  const asked: unknown[] = [];
  const last: Last = {
    seq: 9,
    headers: new Map([
      [headers.from, 'alerts'],
      [headers.line, '3'],
      [headers.checkpoint, JSON.stringify({ alerts: { from: 4 }, line: 4 })],
    ]),
    body: 'one\ntwo',
  };
  await forwardAlerts({
    subject: 'lines',
    publisher: {
      last: () => Promise.resolve(last),
      publish: (one) => {
        sent.push(one);
        return Promise.resolve({ ok: true, seq: 10 });
      },
    },
    feed: {
      begin: () => {
        throw new Error('it is known where to go on');
      },
      next: (position) => {
        asked.push(position);
        if (++tries < 3) throw new Error('no database.');
        if (tries > 3) stop.abort();
        return tries > 3
          ? { events: [], position }
          : { events: [{ ...alert, verdict: 'normal' }], position: { from: 5 } };
      },
    },
    record: { sending: () => undefined, sent: (_, place) => places.push(place), place: undefined },
    signal: stop.signal,
    onNotice: (text) => notices.push(text),
    now: () => 60,
    everyMs: 1,
    retryMs: 1,
  });
  expect(asked).toEqual([{ from: 4 }, { from: 4 }, { from: 4 }, { from: 5 }]);
  expect(notices).toEqual([expect.stringContaining('no database. They are looked for')]);
  expect(sent).toMatchObject([{ after: 9, headers: { [headers.line]: '5' } }]);
  const told = sent[0]!.body.split('\n').map((line) => read(toldMessage, line));
  expect(told).toEqual([
    {
      form: 1,
      kind: 'incident',
      change: 'extended',
      incident: 4,
      user: 'anna',
      band: 'high',
      severity: 50,
      count: 2,
      firstTime: 10,
      lastTime: 20,
      act: 'rare',
    },
    { form: 1, kind: 'answer', incident: 4, user: 'anna', verdict: 'normal', at: 50 },
  ]);
  expect(places).toEqual([{ alerts: { from: 5 }, line: 6 }]);
});

it('numbers alerts of machines as no database does, and each machine’s apart', () => {
  const numbers = ['desk-1', 'desk-2'].flatMap((host) =>
    Array.from({ length: 500 }, (_, n) => mirroredIncident(host, n)),
  );
  expect(new Set(numbers).size).toBe(1000);
  expect(numbers.every((one) => isMirrored(one) && Number.isSafeInteger(one) && String(one).length === 15)).toBe(true);
  expect(isMirrored(1e13)).toBe(false);
});

/** Lines of the host's blocks. */
async function textsOn(nc: NatsConnection, { subjects, partitions }: TestFleet): Promise<string[]> {
  const subject = subjects.linesOf(HOST, partitions);
  const manager = await managerOf(nc);
  const info = () => manager.streams.info(subjects.linesStream, { subjects_filter: subject });
  let left = (await untilAnswered(signal, info)).state.subjects?.[subject] ?? 0;
  const found: string[] = [];
  if (left === 0) return found;
  for await (const { body } of blocksFrom(nc, subjects.linesStream, subject, 1, signal)) {
    found.push(...Buffer.from(body).toString().split('\n'));
    if (--left === 0) break;
  }
  return found;
}

const toldOn = async (nc: NatsConnection, fleet: TestFleet): Promise<ToldMessage[]> =>
  (await textsOn(nc, fleet)).map((text) => read(toldMessage, text)!);
