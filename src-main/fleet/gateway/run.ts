import { readFileSync } from 'node:fs';

import type { FleetConfig } from '../config.ts';
import { FleetProblem } from '../failure.ts';
import { serveMetrics } from '../metrics/serve.ts';
import { gatewayText } from '../metrics/texts.ts';
import { connectTo } from '../wire/connect.ts';
import { ExactPublisher } from '../wire/exact-publisher.ts';
import { MovingPublisher } from '../wire/moving-publisher.ts';
import { FleetSize } from '../wire/size.ts';
import { openBucket } from '../wire/streams.ts';
import { Subjects } from '../wire/subjects.ts';
import { whenAnswered } from '../wire/when-answered.ts';
import { Hosts } from './hosts.ts';
import { Gateway } from './server.ts';

export interface RunGatewayOptions {
  readonly config: FleetConfig;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /** It listens. @param at address and port */
  readonly onReady?: (at: string, gateway: Gateway) => void;
}

/** A gateway until it is told to stop. @throws FleetProblem for what a person has to see to */
export async function runGateway({ config, signal, onNotice, onReady }: RunGatewayOptions): Promise<void> {
  const { servers, credentials, ca, tenant, gateway, metrics } = config;
  const secrets = {
    certificate: fileOf(gateway.certificate, 'certificate'),
    key: fileOf(gateway.key, 'key'),
    enrollSecret: firstLineOf(gateway.enrollSecretFile, 'enroll secret'),
    keySecret: firstLineOf(gateway.keySecretFile, 'secret of node keys'),
  };
  const nc = await connectTo({ servers, credentials, ca, name: 'gateway', onWaiting: onNotice, signal });
  try {
    const subjects = new Subjects(tenant);
    const waiting = { signal, onNotice };
    const size = await whenAnswered(() => FleetSize.on(nc, subjects), waiting);
    const hosts = await whenAnswered(async () => Hosts.on(await openBucket(nc, subjects.bucket('HOSTS'))), waiting);
    const publisher = await ExactPublisher.on(nc, subjects.linesStream, signal);
    const now = (): number => Math.floor(Date.now() / 1000);
    const made = new Gateway({
      publisher: new MovingPublisher(publisher, subjects, size, signal),
      hosts,
      subjects,
      partitions: size.partitions,
      ...secrets,
      approve: gateway.approve,
      now,
      onNotice,
    });
    const at = gateway.listen.lastIndexOf(':');
    const host = gateway.listen.slice(0, at).replace(/^\[|\]$/g, '');
    const endMetrics = await serveMetrics(metrics.gateway, () => gatewayText(made.counts));
    try {
      const port = await made.listen(Number(gateway.listen.slice(at + 1)), host);
      onReady?.(`${host}:${port}`, made);
      await new Promise((resolve) => {
        if (signal.aborted) resolve(undefined);
        signal.addEventListener('abort', resolve, { once: true });
      });
      await made.close();
    } finally {
      endMetrics();
      hosts.stop();
    }
  } finally {
    await nc.close();
  }
}

function fileOf(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new FleetProblem(`The gateway's ${what} ${file} cannot be read (${code}). See to gateway in fleet.json.`, {
      cause: error,
    });
  }
}

/** @throws FleetProblem for one that is too short to be a secret */
function firstLineOf(file: string, what: string): string {
  const line = fileOf(file, what).split('\n', 1)[0]!.trim();
  if (line.length >= 16) return line;
  throw new FleetProblem(
    `The gateway's ${what} in ${file} is shorter than 16 characters. Make one with: openssl rand -hex 24`,
  );
}
