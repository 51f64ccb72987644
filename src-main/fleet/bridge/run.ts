import { JetStreamApiError, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';

import type { FleetConfig } from '../config.ts';
import { FleetProblem } from '../failure.ts';
import { Hosts } from '../gateway/hosts.ts';
import { serveMetrics } from '../metrics/serve.ts';
import { bridgeText } from '../metrics/texts.ts';
import { connectTo } from '../wire/connect.ts';
import { ExactPublisher } from '../wire/exact-publisher.ts';
import { MovingPublisher } from '../wire/moving-publisher.ts';
import { FleetSize } from '../wire/size.ts';
import { managerOf, openBucket } from '../wire/streams.ts';
import { Subjects } from '../wire/subjects.ts';
import { whenAnswered } from '../wire/when-answered.ts';
import { Bridge } from './bridge.ts';
import { Position } from './position.ts';

export interface RunBridgeOptions {
  readonly config: FleetConfig;
  /** The file that it is of. */
  readonly file: string;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /** It reads. */
  readonly onReady?: (stream: string, subject: string) => void;
}

const NO_STREAM = 10_059;

/** Brings what Fleet publishes to the fleet until it is told to stop. @throws FleetProblem for what a person has to see to */
export async function runBridge({ config, file, signal, onNotice, onReady }: RunBridgeOptions): Promise<void> {
  const { servers, credentials, ca, tenant, bridge, metrics } = config;
  const { subject } = bridge;
  if (subject === null)
    throw new FleetProblem(
      `bridge.subject is not set in ${file}: set it to what Fleet publishes results on (FLEET_NATS_RESULT_SUBJECT).`,
    );
  const nc = await connectTo({ servers, credentials, ca, name: 'bridge', onWaiting: onNotice, signal });
  try {
    const subjects = new Subjects(tenant);
    const waiting = { signal, onNotice };
    const size = await whenAnswered(() => FleetSize.on(nc, subjects), waiting);
    const manager = await managerOf(nc);
    const stream = bridge.stream ?? subjects.resultsStream;
    const held = (await whenAnswered(() => infoOf(manager, stream), waiting)).config.subjects;
    const hosts = await whenAnswered(async () => Hosts.on(await openBucket(nc, subjects.bucket('HOSTS'))), waiting);
    try {
      const own = await ExactPublisher.on(nc, subjects.linesStream, signal);
      const publisher = new MovingPublisher(own, subjects, size, signal);
      const bucket = await whenAnswered(() => openBucket(nc, subjects.bucket('META')), waiting);
      const position = await Position.on({ nc, manager, bucket, stream, subject, signal, onNotice });
      const isAlone = held.length === 1 && held[0] === subject;
      const source = { stream, subject, isAlone, position };
      const made = new Bridge({
        nc,
        publisher,
        hosts,
        ...source,
        subjects,
        partitions: size.partitions,
        signal,
        onNotice,
      });
      const endMetrics = await serveMetrics(metrics.bridge, () => bridgeText(made.counts));
      onReady?.(stream, subject);
      try {
        await made.run();
      } finally {
        endMetrics();
      }
    } finally {
      hosts.stop();
    }
  } finally {
    await nc.close();
  }
}

async function infoOf(manager: JetStreamManager, stream: string): Promise<StreamInfo> {
  try {
    return await manager.streams.info(stream);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== NO_STREAM) throw error;
    throw new FleetProblem(
      `There is no stream ${stream} on these servers for Fleet to publish to. Make it with: ubad fleet init`,
      { cause: error },
    );
  }
}
