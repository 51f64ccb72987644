/** Hosts that post to two gateways, which are killed, as is the server, while answers to the hosts are lost. */
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { random as randomOf } from '../../models/random.ts';
import { hostOf, lastToken } from '../../src-main/fleet/wire/subjects.ts';
import { certificateOf } from '../certificate.ts';
import { scratch } from '../scratch.ts';
import { endedAfterwards } from './ended.ts';
import { describeWithNats, freePort, NatsServer } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';
import { messagesOf } from './reference.ts';

const KILLS = Number(process.env.UBAD_FLEET_KILLS ?? 3);
const SEEDS = Number(process.env.UBAD_FLEET_SEEDS ?? 1);
const FIRST = Number(process.env.UBAD_FLEET_FIRST ?? 1);
const HOSTS = 8;
/** Lines of a post, at most. */
const MOST = 200;
/** Of this many answers one is lost. */
const LOST_EACH = 8;
const SECRET = 'who knows this may enroll';
const { certificate, key } = certificateOf();

/** What a host heard. @param withinMs after which it hears nothing */
function post(port: number, path: string, body: object, withinMs = 10_000): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method: 'POST', ca: certificate, agent: false } as const;
    const asked = request(options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text) as Record<string, unknown>);
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    asked.on('error', reject);
    asked.setTimeout(withinMs, () => asked.destroy(new Error('unheard')));
    asked.end(JSON.stringify(body));
  });
}

/** osquery's TLS logger: keeps what was not acknowledged, and sends the oldest first. */
class Osquery {
  readonly host: string;
  readonly made: string[] = [];
  unheard = 0;
  #acknowledged = 0;
  #key: unknown;

  constructor(host: string) {
    this.host = host;
  }

  get isDone(): boolean {
    return this.#acknowledged === this.made.length;
  }

  make(count: number): void {
    for (let l = 0; l < count; l++)
      this.made.push(
        JSON.stringify({
          name: 'pack_x_y',
          hostIdentifier: this.host,
          unixTime: 1_750_000_000 + this.made.length,
          columns: { n: String(this.made.length) },
          action: 'added',
        }),
      );
  }

  /** @param how whether the answer comes, is not listened to, or its connection is cut */
  async send(port: number, how: 'heard' | 'ignored' | 'cut', cutAfter: number): Promise<void> {
    const lines = this.made.slice(this.#acknowledged, this.#acknowledged + MOST);
    try {
      this.#key ??= (
        await post(port, '/enroll', { enroll_secret: SECRET, host_identifier: this.host, host_details: {} })
      ).node_key;
      if (lines.length === 0) return;
      if (how !== 'heard') this.unheard++;
      const data = lines.map((line) => JSON.parse(line) as object);
      const withinMs = how === 'cut' ? cutAfter : undefined;
      const answer = await post(port, '/log', { node_key: this.#key, log_type: 'result', data }, withinMs);
      if (how === 'heard' && answer.node_invalid !== true) this.#acknowledged += lines.length;
    } catch {
      // Refused or unheard: it is sent again, with what came since.
    }
  }
}

describeWithNats('gateways that are killed while hosts post', () => {
  const { servers, fleets } = endedAfterwards();

  it.each(Array.from({ length: SEEDS }, (_, s) => FIRST + s))(
    'seed %i: publish each line of each host once and in order, whatever answers are lost',
    async (seed) => {
      const random = randomOf(seed);
      const server = await NatsServer.start();
      servers.push(server);
      const files = scratch();
      const at = (name: string, text: string): string => {
        writeFileSync(join(files, name), text);
        return join(files, name);
      };
      const gateway = {
        certificate: at('pem', certificate),
        key: at('key', key),
        enrollSecretFile: at('enroll', SECRET),
        keySecretFile: at('keys', 'signs the keys of hosts'),
      };
      const fleet = await TestFleet.make(server, `posts-${seed}`, { gateway });
      fleets.push(fleet);
      const ports = [await freePort(), await freePort()];
      for (const [g, port] of ports.entries()) {
        fleet.listens.set(`g${g}`, `127.0.0.1:${port}`);
        fleet.start(`g${g}`, 'gateway');
      }
      await until('both listen', () => fleet.logs().split('listens on').length === 3);

      const state = { isKilling: true };
      const hosts = Array.from({ length: HOSTS }, (_, h) => new Osquery(`desk-${h}.example`));
      const posting = hosts.map(async (host, h) => {
        const own = randomOf(1000 * seed + h);
        while (state.isKilling || !host.isDone) {
          if (state.isKilling) host.make(Math.floor(30 * own()));
          const isLost = state.isKilling && own() < 1 / LOST_EACH;
          const how = isLost ? (own() < 0.5 ? 'ignored' : 'cut') : 'heard';
          await host.send(ports[own() < 0.5 ? 0 : 1]!, how, 60 * own());
          await setTimeout(250 * own());
        }
      });
      let serverKills = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        await setTimeout(1000 + 1500 * random());
        if (kill % 5 === 4) {
          serverKills++;
          await server.kill();
          await setTimeout(500 * random());
          await server.begin();
          continue;
        }
        const name = random() < 0.5 ? 'g0' : 'g1';
        await fleet.kill(name, false);
        await setTimeout(500 * random());
        fleet.start(name, 'gateway');
      }
      state.isKilling = false;
      await Promise.all(posting);

      const found = new Map<string, string[]>();
      const nc = await server.connect('looks');
      for await (const { subject, body } of messagesOf(nc, fleet.subjects.linesStream, fleet.subjects.lines())) {
        const host = hostOf(lastToken(subject))!;
        found.set(host, [...(found.get(host) ?? []), ...Buffer.from(body).toString().split('\n')]);
      }
      const unheard = hosts.reduce((sum, host) => sum + host.unheard, 0);
      console.log(
        `seed ${seed}: ${KILLS - serverKills} kills of gateways and ${serverKills} of the server, ${unheard} answers lost, ` +
          `${hosts.flatMap(({ made }) => made).length} lines of ${HOSTS} hosts: ` +
          `${hosts.filter(({ host, made }) => found.get(host)?.join('\n') === made.join('\n')).length} hosts exact`,
      );
      for (const { host, made } of hosts) expect(found.get(host), host).toEqual(made);
      expect(unheard).toBeGreaterThan(0);
    },
    120_000 + KILLS * 20_000,
  );
});
