/**
 * Who may hold how many connections. Any account of this machine can connect; the person's own page is served all the same:
 * each account has a budget of its own, who is over it loses their own oldest connection, and whoever has not shown the token
 * within moments is let go.
 */
import type { Socket } from 'node:net';

import { keyOf, peersOf } from './peers.ts';

export interface VisitorOptions {
  readonly host: '127.0.0.1' | '::1';
  readonly port: number;
  /** A connection that has not shown the token is ended so long after it began; after an answer it may be idle for a while. */
  readonly unprovenMs: number;
  /** Owners of the connected sockets, by `keyOf`; tests have their own. */
  readonly peers?: () => ReadonlyMap<string, number>;
}

/** A browser opens six at a time and a page. */
const MOST_OWN = 64;
/** A monitor of machines needs one. */
const MOST_OF_ANOTHER = 8;
/** The table costs as much as there are sockets: it is read so often at most, whoever connects. */
const READ_EVERY_MS = 25;
/** Node ends an idle connection before that, and tells the browser so: it is not cut off in a question. */
const IDLE_MS = 6000;
const UNKNOWN = -1;

interface Visitor {
  readonly socket: Socket;
  /** undefined: not looked up yet. */
  uid: number | undefined;
  /** It has shown the token. */
  proven: boolean;
  timer: NodeJS.Timeout | undefined;
}

export class Visitors {
  readonly #options: VisitorOptions;
  /** In the order in which they came. */
  readonly #visitors = new Map<Socket, Visitor>();
  #reading: NodeJS.Timeout | undefined;
  #lastRead = -Infinity;

  constructor(options: VisitorOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#visitors.size;
  }

  add(socket: Socket): void {
    const visitor: Visitor = { socket, uid: undefined, proven: false, timer: undefined };
    this.#visitors.set(socket, visitor);
    this.#wait(visitor);
    socket.once('close', () => {
      clearTimeout(visitor.timer);
      this.#visitors.delete(socket);
    });
    const due = Math.max(0, this.#lastRead + READ_EVERY_MS - performance.now());
    this.#reading ??= setTimeout(() => {
      this.#look();
    }, due).unref();
  }

  /** It has shown the token: it may stay as long as the server lets any. */
  prove(socket: Socket): void {
    const visitor = this.#visitors.get(socket);
    if (!visitor) return;
    visitor.proven = true;
    clearTimeout(visitor.timer);
  }

  /** It got an answer: without the token it has a moment for the next question. */
  answered(socket: Socket): void {
    const visitor = this.#visitors.get(socket);
    if (visitor && !visitor.proven) this.#wait(visitor, this.#options.unprovenMs + IDLE_MS);
  }

  stop(): void {
    clearTimeout(this.#reading);
    for (const { timer } of this.#visitors.values()) clearTimeout(timer);
  }

  #wait(visitor: Visitor, most = this.#options.unprovenMs): void {
    clearTimeout(visitor.timer);
    visitor.timer = setTimeout(() => {
      visitor.socket.destroy();
    }, most).unref();
  }

  /** Asks whose all the new ones are, at once. */
  #look(): void {
    this.#reading = undefined;
    this.#lastRead = performance.now();
    const { host, port, peers = () => peersOf(host, port) } = this.#options;
    const owners = peers();
    const counted = new Set<number>();
    for (const visitor of this.#visitors.values()) {
      if (visitor.uid !== undefined) continue;
      visitor.uid = owners.get(keyOf(visitor.socket.remoteAddress, visitor.socket.remotePort)) ?? UNKNOWN;
      counted.add(visitor.uid);
    }
    for (const uid of counted) this.#keepWithin(uid, uid === process.getuid?.() ? MOST_OWN : MOST_OF_ANOTHER);
  }

  /** Who is over the budget loses the oldest that have shown nothing, then the oldest of all. */
  #keepWithin(uid: number, most: number): void {
    const own = [...this.#visitors.values()].filter((visitor) => visitor.uid === uid);
    const leaving = [...own.filter(({ proven }) => !proven), ...own.filter(({ proven }) => proven)];
    for (const { socket } of leaving.slice(0, Math.max(0, own.length - most))) {
      this.#visitors.delete(socket);
      // No state of the connection stays with the kernel.
      socket.resetAndDestroy();
    }
  }
}
