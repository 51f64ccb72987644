import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

import {
  AuthorizationError,
  connect,
  credsAuthenticator,
  nkeyAuthenticator,
  nkeys,
  type NatsConnection,
  type NodeConnectionOptions,
} from '@nats-io/transport-node';

import { FleetProblem } from '../failure.ts';

export interface ConnectOptions {
  readonly servers: readonly string[];
  /** Who is connected, as the server's own list names it. */
  readonly name: string;
  /** A file with an nkey's seed or NATS credentials; null: the server asks for none. */
  readonly credentials: string | null;
  /** A file with the certificate of who signed the servers'; null: no TLS. */
  readonly ca: string | null;
  /** For who runs for long: a server that is not there yet is waited for, and this is told why. */
  readonly onWaiting?: (why: string) => void;
  /** Ends that. */
  readonly signal?: AbortSignal;
}

/** The first connection fails after this; later ones are tried for ever. */
const FIRST_MS = 5000;
const RECONNECT_MS = 500;
const AGAIN_MS = 1000;

/**
 * Connects to NATS, and again for ever when the connection is lost.
 * @throws FleetProblem saying why the first connection cannot be made
 */
export async function connectTo(to: ConnectOptions): Promise<NatsConnection> {
  const { servers, name, credentials, ca, onWaiting, signal } = to;
  const options: NodeConnectionOptions = {
    servers: [...servers],
    name,
    timeout: FIRST_MS,
    maxReconnectAttempts: -1,
    // A process that is busy when it connects again answers the server too late, which is told as a wrong key: it is tried again.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: 100,
    // A server that is gone without a word: two pings.
    pingInterval: 5000,
    maxPingOut: 2,
    ...(ca !== null && { tls: { ca: readKey(ca, 'certificate') } }),
    ...(credentials !== null && identityOf(credentials)),
  };
  for (let told = false; ; told = true) {
    try {
      return await connect(options);
    } catch (error) {
      const why = (error as Error).message;
      const message = `NATS cannot be reached at ${servers.join(', ')}: ${why}. See that nats-server runs there with JetStream, and to servers, ca and credentials in fleet.json.`;
      if (!onWaiting || error instanceof AuthorizationError) throw new FleetProblem(message, { cause: error });
      if (!told) onWaiting(message);
      await setTimeout(AGAIN_MS, undefined, signal ? { signal } : {});
    }
  }
}

/** Where a key's answers come: a server that knows keys lets nobody else listen there. @param key the public one */
export const inboxOf = (key: string): string => `_INBOX_${key}`;

function identityOf(file: string): Pick<NodeConnectionOptions, 'authenticator' | 'inboxPrefix'> {
  const text = readKey(file, 'credentials');
  const bytes = new TextEncoder().encode(text);
  const seed = /^\s*(S[UAON][A-Z2-7]{54,60})\s*$/.exec(text)?.[1];
  if (seed !== undefined) {
    const own = new TextEncoder().encode(seed);
    return { authenticator: nkeyAuthenticator(own), inboxPrefix: inboxOf(nkeys.fromSeed(own).getPublicKey()) };
  }
  if (text.includes('-----BEGIN NATS USER JWT-----')) return { authenticator: credsAuthenticator(bytes) };
  throw new FleetProblem(`${file} holds neither an nkey's seed nor NATS credentials. Set credentials in fleet.json.`);
}

/** @throws FleetProblem naming the file */
function readKey(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new FleetProblem(`The ${what} ${file} cannot be read (${code}). See to its path and permissions.`, {
      cause: error,
    });
  }
}
