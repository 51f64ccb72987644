import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { serveMetrics } from '../../src-main/fleet/metrics/serve.ts';
import { bridgeText, gatewayText, inboxText, workerText } from '../../src-main/fleet/metrics/texts.ts';
import { ExactPublisher } from '../../src-main/fleet/wire/exact-publisher.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';
import { incident } from './told.ts';

const status = {
  partition: 7,
  position: 90,
  waiting: 3,
  lines: 500,
  blocks: 20,
  refused: 1,
  lost: 2,
  told: 4,
  restores: 1,
  snapshotAge: 60,
  training: 'waits',
} as const;
const trainings = { running: 1, waiting: 2 };
const worker = workerText({ statuses: [status, { ...status, partition: 8 }], leaseAge: 1500, trainings });
const gateway = gatewayText({ posts: 1, lines: 2, known: 3, tooLarge: 4, refused: 5 });
const inbox = inboxText({ position: 9, newest: 9, refused: 1, lost: 2, waiting: 3, alerts: 4, told: 5 });
const bridge = bridgeText({ lines: 1, repeats: 2, refused: 3, revoked: 4, lost: 5, waiting: 6 });

it('tells of each partition, in the form that Prometheus reads', () => {
  expect(worker).toContain('# TYPE ubad_fleet_lag_blocks gauge\nubad_fleet_lag_blocks{partition="0007"} 3\n');
  expect(worker).toContain('ubad_fleet_lag_blocks{partition="0008"} 3\n');
  expect(worker).toContain('ubad_fleet_lease_age_seconds 1.5\n');
  expect(worker).toContain('ubad_fleet_trainings 1\n');
  expect(worker).toContain('ubad_fleet_training_queue 2\n');
  expect(gateway).toContain('# TYPE ubad_fleet_overlap_lines_total counter\nubad_fleet_overlap_lines_total 3\n');
  expect(inbox).toContain('ubad_fleet_inbox_waiting 3\n');
  expect(bridge).toContain('# TYPE ubad_fleet_bridge_repeats_total counter\nubad_fleet_bridge_repeats_total 2\n');
  const line =
    /^(?:# (?:HELP ubad_fleet_\w+ \S.*|TYPE ubad_fleet_\w+ (?:gauge|counter))|ubad_fleet_\w+(?:\{\w+="[^"\\\n]*"(?:,\w+="[^"\\\n]*")*\})? [\d.]+)$/;
  for (const one of `${worker}${gateway}${inbox}${bridge}`.trimEnd().split('\n')) expect(one).toMatch(line);
});

it.each(['fleet-dashboard.json', 'fleet-alerts.yml'])('tells all that docs/monitoring/%s names', (file) => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'monitoring', file), 'utf8');
  if (file.endsWith('.json')) JSON.parse(text);
  const named = [...new Set([...text.matchAll(/ubad_fleet_\w+/g)].map(([name]) => name))];
  const told = [...`${worker}${gateway}${inbox}`.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !told.includes(name))).toEqual([]);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const statusOf = (port: number, path: string, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

it('answers this machine alone, and nothing but metrics', async () => {
  const port = await freePort();
  const end = await serveMetrics(port, () => worker);
  expect(await statusOf(port, '/metrics', `127.0.0.1:${port}`)).toBe(200);
  expect(await statusOf(port, '/metrics', `evil.example:${port}`)).toBe(404);
  expect(await statusOf(port, '/', `127.0.0.1:${port}`)).toBe(404);
  await expect(serveMetrics(port, () => '')).rejects.toThrow(/cannot be served at 127\.0\.0\.1:\d+ \(EADDRINUSE\)/);
  end();
  await expect(statusOf(port, '/metrics', `127.0.0.1:${port}`)).rejects.toThrow();
  await serveMetrics(null, () => '');
});

describeWithNats('a fleet that tells its metrics', () => {
  const server = serverForAll();
  let fleet: TestFleet | undefined;
  afterAll(async () => fleet?.killAll());

  it('tells them of worker and inbox, and of nobody by name', async () => {
    const ports = { worker: await freePort(), inbox: await freePort() };
    const made = (fleet = await TestFleet.make(await server.get(), 'metrics', { metrics: ports }));
    const nc = await (await server.get()).connect();
    const publisher = await ExactPublisher.on(nc, made.subjects.alertsStream, AbortSignal.timeout(60_000));
    await publisher.publish({ subject: made.subjects.alerts(1), body: JSON.stringify(incident(1, 1)), after: 0 });
    made.start('a');
    made.start('inbox', 'inbox');
    const textOf = async (port: number): Promise<string> =>
      (await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined))?.text() ?? '';
    await until('the worker has all', async () => (await textOf(ports.worker)).includes('ubad_fleet_partitions 4\n'));
    await until('the alert is there', async () => (await textOf(ports.inbox)).includes('ubad_fleet_inbox_waiting 1\n'));
    const all = (await textOf(ports.worker)) + (await textOf(ports.inbox));
    expect(all).toContain('ubad_fleet_lag_blocks{partition="0003"} 0\n');
    expect(all).not.toMatch(/anna|desk-1/);
  });
});
