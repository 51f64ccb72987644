import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import * as v from 'valibot';

import type { FleetConfig } from '../../../fleet/config.ts';
import { attacks } from '../../../simulate/attacks/schedule.ts';
import { machinesOf } from '../../../simulate/machines.ts';
import { writeWhole } from '../../../system/whole-file.ts';

/** What was fed, so that another start goes on behind it. Times are Unix seconds. */
const progress = v.strictObject({
  hosts: v.number(),
  start: v.number(),
  /** Days that are fed whole, and of the next one: machines, and lines of the machine after those. */
  day: v.number(),
  machine: v.number(),
  line: v.number(),
  done: v.boolean(),
});
type Progress = v.InferOutput<typeof progress>;

export interface FeedOptions {
  readonly folder: string;
  readonly config: FleetConfig;
  readonly hosts: number;
  readonly days: number;
  readonly signal: AbortSignal;
  /** @param share 0…1 */
  readonly onProgress: (share: number) => void;
}

const DAY = 86_400;
const LINES = 1000;
const AGAIN_MS = 1000;
const SEED = 1;

/** Whether all simulated lines were fed into the fleet of a folder before. */
export const isFed = (folder: string): boolean => readProgress(folder)?.done === true;

/**
 * Sends the lines of simulated machines to the gateway, day by day, as their osqueryd would. Goes on where it was left.
 * @returns how many lines were sent
 */
export async function feedSimulated(options: FeedOptions): Promise<number> {
  const { folder, config, days, signal, onProgress } = options;
  const today = Math.floor(Date.now() / 1000 / DAY) * DAY;
  const begun = readProgress(folder);
  const { hosts, start } = begun ?? { hosts: options.hosts, start: today - days * DAY };
  let at: Progress = begun ?? { hosts, start, day: 0, machine: 0, line: 0, done: false };
  const ids = attacks.map(({ id }) => id);
  const machines = machinesOf({ hosts, days, start, seed: SEED, pack: 'modern', form: 'event', attacks: ids });
  const gateway = new GatewayClient(config, signal);
  let sent = 0;
  try {
    for (let day = 0; day < days; day++) {
      for (const [m, { host, days: own }] of machines.entries()) {
        const { value, done } = own.next();
        const isBehind = day < at.day || (day === at.day && m < at.machine);
        if (isBehind || done) continue;
        const lines = value.map(({ text }) => text);
        for (let from = day === at.day && m === at.machine ? at.line : 0; from < lines.length; from += LINES) {
          const part = lines.slice(from, from + LINES);
          await gateway.log(host, part);
          sent += part.length;
          at = { hosts, start, day, machine: m, line: from + part.length, done: false };
          keep(folder, at);
        }
        onProgress((day * hosts + m + 1) / (days * hosts));
        // Making a day's lines takes a while: signals and the other processes' words come in between.
        await setTimeout(0);
        signal.throwIfAborted();
      }
    }
  } finally {
    gateway.close();
  }
  keep(folder, { ...at, done: true });
  return sent;
}

const fileOf = (folder: string): string => join(folder, 'fed.json');

function readProgress(folder: string): Progress | undefined {
  try {
    return v.parse(progress, JSON.parse(readFileSync(fileOf(folder), 'utf8')));
  } catch {
    return undefined;
  }
}

function keep(folder: string, at: Progress): void {
  writeWhole(fileOf(folder), JSON.stringify(at));
}

/** What osqueryd's TLS logger is to the gateway, for many hosts. */
class GatewayClient {
  readonly #port: number;
  readonly #secret: string;
  readonly #agent: Agent;
  readonly #signal: AbortSignal;
  readonly #keys = new Map<string, string>();

  constructor({ gateway }: FleetConfig, signal: AbortSignal) {
    this.#port = Number(gateway.listen.slice(gateway.listen.lastIndexOf(':') + 1));
    this.#secret = readFileSync(gateway.enrollSecretFile, 'utf8').trim();
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(gateway.certificate, 'utf8') });
    this.#signal = signal;
  }

  /** Resolves once the lines are in the stream. The same lines are sent again until they are. */
  async log(host: string, data: readonly string[]): Promise<void> {
    for (;;) {
      this.#signal.throwIfAborted();
      const key = this.#keys.get(host) ?? (await this.#enroll(host));
      const reply =
        key === undefined ? undefined : await this.#post('/log', { node_key: key, log_type: 'result', data });
      if (reply !== undefined && reply.node_invalid !== true) return;
      if (reply !== undefined) this.#keys.delete(host);
      await setTimeout(AGAIN_MS, undefined, { signal: this.#signal });
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #enroll(host: string): Promise<string | undefined> {
    const reply = await this.#post('/enroll', { enroll_secret: this.#secret, host_identifier: host });
    const key = reply?.node_key;
    if (typeof key !== 'string') return undefined;
    this.#keys.set(host, key);
    return key;
  }

  /** @returns undefined for anything but an answer: it is tried again */
  #post(path: string, body: object): Promise<Readonly<Record<string, unknown>> | undefined> {
    const text = JSON.stringify(body);
    return new Promise((resolve) => {
      const asked = request(
        { host: '127.0.0.1', port: this.#port, path, method: 'POST', agent: this.#agent },
        (response) => {
          let reply = '';
          response.on('data', (part: Buffer) => (reply += part.toString()));
          response.on('error', () => {
            resolve(undefined);
          });
          response.on('end', () => {
            resolve(response.statusCode === 200 ? (JSON.parse(reply) as Record<string, unknown>) : undefined);
          });
        },
      );
      asked.on('error', () => {
        resolve(undefined);
      });
      asked.end(text);
    });
  }
}
