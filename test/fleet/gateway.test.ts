import { request } from 'node:https';
import { gzipSync } from 'node:zlib';

import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Hosts } from '../../src-main/fleet/gateway/hosts.ts';
import { hostOfKey, nodeKeyOf } from '../../src-main/fleet/gateway/keys.ts';
import { Gateway, type GatewayOptions } from '../../src-main/fleet/gateway/server.ts';
import { blocksFrom } from '../../src-main/fleet/wire/read-stream.ts';
import { ExactPublisher } from '../../src-main/fleet/wire/exact-publisher.ts';
import { makeStreams, managerOf, openBucket } from '../../src-main/fleet/wire/streams.ts';
import { Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { certificateOf } from '../certificate.ts';
import { describeWithNats, NatsServer } from './nats-server.ts';

const P = 4;
const SECRET = 'who knows this may enroll';
const { certificate, key } = certificateOf();

interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

function post(port: number, path: string, body: string | Buffer, method = 'POST'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, ca: certificate, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode!, body: JSON.parse(text) as Record<string, unknown> });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const json = (port: number, path: string, body: object): Promise<Reply> => post(port, path, JSON.stringify(body));

async function linesIn(nc: NatsConnection, subjects: Subjects, host: string): Promise<string[]> {
  const manager = await managerOf(nc);
  const subject = subjects.linesOf(host, P);
  const { state } = await manager.streams.info(subjects.linesStream, { subjects_filter: subject });
  let left = state.subjects?.[subject] ?? 0;
  const found: string[] = [];
  if (left === 0) return found;
  for await (const { body } of blocksFrom(nc, subjects.linesStream, subject, 1, new AbortController().signal)) {
    found.push(...Buffer.from(body).toString().split('\n'));
    if (--left === 0) break;
  }
  return found;
}

describeWithNats('a gateway', () => {
  let server: NatsServer;
  let nc: NatsConnection;
  const subjects = new Subjects('gate');
  const gateways: Gateway[] = [];
  const stop = new AbortController();
  let hosts: Hosts;
  beforeAll(async () => {
    server = await NatsServer.start();
    nc = await server.connect();
    await makeStreams(nc, subjects, { partitions: P, replicas: 1, keepLinesDays: 1, lease: 20 });
    hosts = await Hosts.on(await openBucket(nc, subjects.bucket('HOSTS')));
  });
  afterAll(async () => {
    hosts.stop();
    for (const gateway of gateways) await gateway.close();
    stop.abort();
    await server.stop();
  });

  async function gateway(changed: Partial<GatewayOptions> = {}): Promise<{ port: number; gateway: Gateway }> {
    const publisher = await ExactPublisher.on(nc, subjects.linesStream, stop.signal);
    const secrets = { enrollSecret: SECRET, keySecret: 'signs keys' };
    const made = new Gateway({
      publisher,
      hosts,
      subjects,
      partitions: P,
      certificate,
      key,
      ...secrets,
      approve: 'auto',
      now: () => 1_750_000_000,
      ...changed,
    });
    gateways.push(made);
    return { port: await made.listen(0, '127.0.0.1'), gateway: made };
  }

  const enroll = async (port: number, host: string): Promise<string> => {
    const { body } = await json(port, '/enroll', { enroll_secret: SECRET, host_identifier: host, host_details: {} });
    return body.node_key as string;
  };
  const rows = (from: number, count: number): object[] =>
    Array.from({ length: count }, (_, r) => ({
      name: 'pack_x_y',
      hostIdentifier: 'somebody else',
      unixTime: from + r,
      columns: {},
      action: 'added',
    }));

  it('enrolls who knows the secret, gives the pack, and takes results but not what osquery says of itself', async () => {
    const { port, gateway: made } = await gateway();
    expect((await json(port, '/enroll', { enroll_secret: 'guess', host_identifier: 'd' })).body).toEqual({
      node_invalid: true,
    });
    const node_key = await enroll(port, 'desk-1.example');
    const { body } = await json(port, '/config', { node_key });
    expect(
      Object.keys((body.packs as Record<string, { queries: object }>)['user-behavior']!.queries).length,
    ).toBeGreaterThan(5);
    const data = rows(1, 3);
    expect(await json(port, '/log', { node_key, log_type: 'result', data })).toEqual({ status: 200, body: {} });
    expect(await json(port, '/log', { node_key, log_type: 'status', data: [{ message: 'I am well' }] })).toEqual({
      status: 200,
      body: {},
    });
    // Compressed, and sent again with more: the answer was lost.
    const again = gzipSync(JSON.stringify({ node_key, log_type: 'result', data: [...data, ...rows(9, 2)] }));
    expect((await post(port, '/log', again)).status).toBe(200);
    expect(await linesIn(nc, subjects, 'desk-1.example')).toEqual(
      [...data, ...rows(9, 2)].map((row) => JSON.stringify(row)),
    );
    expect(made.counts).toMatchObject({ lines: 5, known: 3 });
  });

  it('knows keys that another gateway gave, and no others', async () => {
    const [one, two] = [await gateway(), await gateway()];
    const node_key = await enroll(one.port, 'desk-2');
    const data = rows(1, 2);
    for (const { port } of [one, two, one])
      expect((await json(port, '/log', { node_key, log_type: 'result', data })).status).toBe(200);
    await Promise.all(
      [one, two].map(({ port }) => json(port, '/log', { node_key, log_type: 'result', data: rows(1, 4) })),
    );
    expect(await linesIn(nc, subjects, 'desk-2')).toHaveLength(4);
    const forged = nodeKeyOf('desk-2', 'another secret');
    for (const wrong of [forged, '', 'a.b', undefined, 7, `${node_key}.x`, node_key.slice(0, -1), `x${node_key}`])
      expect((await json(one.port, '/log', { node_key: wrong, log_type: 'result', data })).body).toEqual({
        node_invalid: true,
      });
    expect(hostOfKey(nodeKeyOf('ä.b', 's'), 's')).toBe('ä.b');
  });

  it('takes nothing of a host that was revoked or waits for approval', async () => {
    const { port } = await gateway({ approve: 'hand' });
    const node_key = await enroll(port, 'desk-3');
    const log = { node_key, log_type: 'result', data: rows(1, 1) };
    expect((await json(port, '/log', log)).status).toBe(503);
    await hosts.decide('desk-3', 'approved', 1);
    expect((await json(port, '/log', log)).status).toBe(200);
    await hosts.decide('desk-3', 'revoked', 1);
    expect((await json(port, '/log', log)).body).toEqual({ node_invalid: true });
    expect(await enroll(port, 'desk-3')).toBeUndefined();
    expect(await linesIn(nc, subjects, 'desk-3')).toHaveLength(1);
    expect(await hosts.list()).toContainEqual({ host: 'desk-3', form: 1, state: 'revoked', at: 1_750_000_000 });
  });

  it('refuses what it cannot take, says why, and goes on', async () => {
    const { port } = await gateway();
    const node_key = await enroll(port, 'desk-4');
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024));
    expect((await post(port, '/log', bomb)).status).toBe(413);
    expect((await json(port, '/log', { node_key, log_type: 'result', data: rows(1, 4097) })).body.error).toMatch(
      'logger_tls_max_lines',
    );
    for (const text of ['', '{', '[]', 'null', '"x"']) expect((await post(port, '/log', text)).status).toBe(400);
    expect((await json(port, '/log', { node_key, log_type: 'result', data: 'x' })).status).toBe(400);
    for (const host of ['', 'a\n', 'x'.repeat(256), 7])
      expect((await json(port, '/enroll', { enroll_secret: SECRET, host_identifier: host })).status).toBe(400);
    expect((await post(port, '/distributed/read', '{}')).status).toBe(404);
    expect((await post(port, '/log', '', 'GET')).status).toBe(405);
    expect((await json(port, '/log', { node_key, log_type: 'result', data: rows(1, 1) })).status).toBe(200);
  });

  it('answers only once the stream has it: while the server is away it refuses, and then each line is there once', async () => {
    const { port } = await gateway({ patience: 1500 });
    const node_key = await enroll(port, 'desk-5');
    expect((await json(port, '/log', { node_key, log_type: 'result', data: rows(1, 2) })).status).toBe(200);
    await server.kill();
    expect((await json(port, '/log', { node_key, log_type: 'result', data: rows(3, 2) })).status).toBe(503);
    await server.begin();
    let status = 0;
    for (let tries = 0; status !== 200 && tries < 20; tries++)
      ({ status } = await json(port, '/log', { node_key, log_type: 'result', data: rows(3, 4) }));
    expect(status).toBe(200);
    expect(await linesIn(nc, subjects, 'desk-5')).toEqual(
      [...rows(1, 2), ...rows(3, 4)].map((row) => JSON.stringify(row)),
    );
  });
});

describe('the keys of hosts', () => {
  it('are of no other host, however a name is spelt', () => {
    const names = ['a', 'a.', 'a.b', 'A', 'ä', 'a b'];
    const keys = names.map((name) => nodeKeyOf(name, 's'));
    expect(new Set(keys).size).toBe(names.length);
    expect(keys.map((one) => hostOfKey(one, 's'))).toEqual(names);
    expect(keys.map((one) => hostOfKey(one, 't'))).toEqual(names.map(() => undefined));
  });
});
