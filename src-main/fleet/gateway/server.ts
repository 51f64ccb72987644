import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import pack from '../../../conf/user-behavior.json' with { type: 'json' };
import type { ExactPublisher } from '../wire/exact-publisher.ts';
import { fitsInBlock } from '../wire/blocks.ts';
import type { Subjects } from '../wire/subjects.ts';
import { HostStream } from './host-stream.ts';
import type { Hosts } from './hosts.ts';
import { hostOfKey, isHostName, isSame, nodeKeyOf } from './keys.ts';

export interface GatewayOptions {
  readonly publisher: Pick<ExactPublisher, 'last' | 'publish'>;
  readonly hosts: Pick<Hosts, 'stateOf' | 'enroll'>;
  readonly subjects: Subjects;
  readonly partitions: number;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly enrollSecret: string;
  readonly keySecret: string;
  readonly approve: 'auto' | 'hand';
  /** Unix seconds. */
  readonly now: () => number;
  /** Milliseconds after which a POST that the stream does not take is refused. */
  readonly patience?: number;
  readonly onNotice?: (text: string) => void;
}

/** What a gateway has taken in. */
export interface GatewayCounts {
  readonly posts: number;
  readonly lines: number;
  /** Lines that osquery had sent before. */
  readonly known: number;
  /** Lines that no block holds. */
  readonly tooLarge: number;
  readonly refused: number;
}

const MOST_BODY = 16 * 1024 * 1024;
const MOST_UNPACKED = 64 * 1024 * 1024;
/** osquery sends 1,024 (logger_tls_max_lines) at most, where nobody told it otherwise. */
const MOST_LINES = 4096;
const PATIENCE_MS = 10_000;
const REQUEST_MS = 30_000;
const unpack = promisify(gunzip);

interface Answer {
  readonly status: number;
  readonly body: object;
}
const ok = (body: object): Answer => ({ status: 200, body });
const refused = (status: number, error: string): Answer => ({ status, body: { error } });
/** osquery's own word for: enroll again. */
const INVALID = ok({ node_invalid: true });

/** What osquery's TLS plugins speak with: enroll, config and logger. A POST is answered once all of its lines are in the stream. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #server: Server;
  readonly #streams = new Map<string, HostStream>();
  readonly #counts = { posts: 0, lines: 0, known: 0, tooLarge: 0, refused: 0 };

  constructor(options: GatewayOptions) {
    this.#options = options;
    const { certificate: cert, key } = options;
    const limits = { requestTimeout: REQUEST_MS, headersTimeout: 10_000, maxHeaderSize: 64 * 1024 };
    this.#server = createServer({ cert, key, minVersion: 'TLSv1.2', ...limits }, (request, response) => {
      void this.#handle(request, response);
    });
  }

  get counts(): GatewayCounts {
    return { ...this.#counts };
  }

  /** @returns the port */
  async listen(port: number, host: string): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let answer: Answer;
    try {
      answer = await this.#answer(request);
    } catch (error) {
      answer = error instanceof TooLarge ? refused(413, error.message) : refused(503, 'try again');
      if (!(error instanceof TooLarge)) this.#options.onNotice?.(`A POST was not taken: ${(error as Error).message}`);
    }
    if (answer.status !== 200) this.#counts.refused++;
    if (response.destroyed) return;
    const text = JSON.stringify(answer.body);
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { method, url } = request;
    const call = { '/enroll': 'enroll', '/config': 'config', '/log': 'log' }[url ?? ''] as
      'enroll' | 'config' | 'log' | undefined;
    if (call === undefined) return refused(404, 'there is nothing here');
    if (method !== 'POST') return refused(405, 'use POST');
    const body = objectIn(await bodyOf(request));
    if (!body) return refused(400, 'the body is no JSON object');
    if (call === 'enroll') return this.#enroll(body);
    const host = hostOfKey(body.node_key, this.#options.keySecret);
    const state = host === undefined ? undefined : await this.#options.hosts.stateOf(host);
    if (host === undefined || state === 'revoked') return INVALID;
    if (state === 'waiting' || (state === undefined && this.#options.approve === 'hand'))
      return refused(503, 'an administrator has to approve this host');
    return call === 'config' ? ok({ packs: { 'user-behavior': pack } }) : this.#log(host, body);
  }

  async #enroll({ enroll_secret: secret, host_identifier: host }: Record<string, unknown>): Promise<Answer> {
    const { enrollSecret, keySecret, hosts, approve, now, onNotice } = this.#options;
    if (typeof secret !== 'string' || !isSame(secret, enrollSecret)) return INVALID;
    if (!isHostName(host)) return refused(400, 'host_identifier is no name of a host');
    const state = await hosts.enroll(host, approve === 'auto' ? 'approved' : 'waiting', now());
    if (state === 'revoked') return INVALID;
    if (state === 'waiting') onNotice?.(`${host} waits for approval: ubad fleet hosts approve`);
    return ok({ node_key: nodeKeyOf(host, keySecret) });
  }

  async #log(host: string, { log_type: type, data }: Record<string, unknown>): Promise<Answer> {
    // What osquery says of itself is no result.
    if (type === 'status') return ok({});
    if (!Array.isArray(data)) return refused(400, 'data is no list');
    if (data.length > MOST_LINES)
      return refused(413, `more than ${MOST_LINES} lines: set logger_tls_max_lines to 1024`);
    const all = data.map((one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one)));
    const lines = all.filter((line) => line !== '' && fitsInBlock(line));
    const signal = AbortSignal.timeout(this.#options.patience ?? PATIENCE_MS);
    const { published, known } = await this.#streamOf(host).take(lines, signal);
    this.#counts.posts++;
    this.#counts.lines += published;
    this.#counts.known += known;
    this.#counts.tooLarge += all.length - lines.length;
    return ok({});
  }

  #streamOf(host: string): HostStream {
    let stream = this.#streams.get(host);
    const { publisher, subjects, partitions } = this.#options;
    if (!stream) this.#streams.set(host, (stream = new HostStream(publisher, subjects.linesOf(host, partitions))));
    return stream;
  }
}

class TooLarge extends Error {}

/** @throws TooLarge */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BODY) throw new TooLarge(`a body holds ${MOST_BODY} bytes at most`);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  // By what it begins with: not every osquery says that it compresses.
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body.toString('utf8');
  try {
    return (await unpack(body, { maxOutputLength: MOST_UNPACKED })).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new TooLarge(`a body holds ${MOST_UNPACKED} bytes unpacked at most`);
    return '';
  }
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
