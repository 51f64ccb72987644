/** How long osquery waits for the answer to a full POST. */
import { request } from 'node:https';
import { gzipSync } from 'node:zlib';

import type { Row } from '../../../scripts/bench/bench.ts';
import { selfSigned } from '../../../src-main/cli/fleet/self-signed.ts';
import { Hosts } from '../../../src-main/fleet/gateway/hosts.ts';
import { nodeKeyOf } from '../../../src-main/fleet/gateway/keys.ts';
import { Gateway } from '../../../src-main/fleet/gateway/server.ts';
import { ExactPublisher } from '../../../src-main/fleet/wire/exact-publisher.ts';
import { makeStreams, openBucket } from '../../../src-main/fleet/wire/streams.ts';
import { Subjects } from '../../../src-main/fleet/wire/subjects.ts';
import { BenchHost } from './hosts.ts';
import type { BenchServer } from './server.ts';

const LINES = 1024;
const POSTS = 30;
const PARTITIONS = 64;
const secrets = { enrollSecret: 'of a bench, and of nothing else', keySecret: 'signs keys of a bench' };

function post(port: number, ca: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/log', method: 'POST', ca }, (response) => {
      response.resume();
      response.on('end', () => {
        resolve(response.statusCode!);
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

export async function measureGateway(server: BenchServer): Promise<Row> {
  const nc = await server.connect('gateway');
  const subjects = new Subjects('posts');
  await makeStreams(nc, subjects, { partitions: PARTITIONS, replicas: 1, keepLinesDays: 3, lease: 20 });
  const hosts = await Hosts.on(await openBucket(nc, subjects.bucket('HOSTS')));
  const publisher = await ExactPublisher.on(nc, subjects.linesStream, new AbortController().signal);
  const { certificate, key } = selfSigned(Date.now());
  const now = (): number => Math.floor(Date.now() / 1000);
  const own = { publisher, hosts, subjects, partitions: PARTITIONS, certificate, key, ...secrets, now };
  const gateway = new Gateway({ ...own, approve: 'auto' });
  const port = await gateway.listen(0, '127.0.0.1');
  try {
    const host = new BenchHost(0);
    await hosts.enroll(host.name, 'approved', now());
    const node_key = nodeKeyOf(host.name, secrets.keySecret);
    const samples: number[] = [];
    for (let n = 0; n < POSTS; n++) {
      const lines = Array.from({ length: 11 }, (_, b) => host.block(11 * n + b)).flat();
      const data = lines.slice(0, LINES).map((line) => JSON.parse(line) as object);
      const body = gzipSync(JSON.stringify({ node_key, log_type: 'result', data }));
      const start = performance.now();
      const status = await post(port, certificate, body);
      samples.push(performance.now() - start);
      if (status !== 200) throw new Error(`the gateway answered ${status}`);
    }
    return { what: `a POST of ${LINES} lines, to the answer`, unit: 'ms', samples };
  } finally {
    hosts.stop();
    await gateway.close();
  }
}
