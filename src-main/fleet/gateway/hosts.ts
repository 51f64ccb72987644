import type { KV } from '@nats-io/kv';
import * as v from 'valibot';

import { FORM, read } from '../wire/messages.ts';
import { hostOf, tokenOf } from '../wire/subjects.ts';

const hostRecord = v.strictObject({
  form: v.literal(FORM),
  /** 'waiting': an administrator has to approve it. */
  state: v.picklist(['approved', 'waiting', 'revoked']),
  /** When it enrolled first, Unix seconds. */
  at: v.number(),
});
export type HostRecord = v.InferOutput<typeof hostRecord>;
export type HostState = HostRecord['state'];

/** The hosts that have enrolled, and what an administrator said of each: heard of as it changes. */
export class Hosts {
  readonly #bucket: KV;
  readonly #states = new Map<string, HostState>();
  #stop: () => void = () => undefined;

  private constructor(bucket: KV) {
    this.#bucket = bucket;
  }

  static async on(bucket: KV): Promise<Hosts> {
    const hosts = new Hosts(bucket);
    const entries = await bucket.watch();
    hosts.#stop = () => {
      entries.stop();
    };
    void (async () => {
      for await (const entry of entries) {
        const record = entry.operation === 'PUT' ? read(hostRecord, entry.string()) : undefined;
        if (record) hosts.#states.set(entry.key, record.state);
        else hosts.#states.delete(entry.key);
      }
    })().catch(() => undefined);
    return hosts;
  }

  /** What was heard of a host so far. */
  heard(host: string): HostState | undefined {
    return this.#states.get(tokenOf(host));
  }

  /** What is known of a host; asks the server about one that it never heard of. */
  async stateOf(host: string): Promise<HostState | undefined> {
    const token = tokenOf(host);
    const known = this.#states.get(token);
    if (known) return known;
    const entry = await this.#bucket.get(token);
    return entry?.operation === 'PUT' ? read(hostRecord, entry.string())?.state : undefined;
  }

  /** A host enrols: what an administrator said of it stands. @returns its state */
  async enroll(host: string, first: HostState, now: number): Promise<HostState> {
    const known = await this.stateOf(host);
    if (known) return known;
    const token = tokenOf(host);
    await this.#bucket.put(token, JSON.stringify({ form: FORM, state: first, at: now } satisfies HostRecord));
    this.#states.set(token, first);
    return first;
  }

  /** An administrator decides. */
  async decide(host: string, state: HostState, now: number): Promise<void> {
    const token = tokenOf(host);
    const entry = await this.#bucket.get(token);
    const at = (entry?.operation === 'PUT' ? read(hostRecord, entry.string())?.at : undefined) ?? now;
    await this.#bucket.put(token, JSON.stringify({ form: FORM, state, at } satisfies HostRecord));
    this.#states.set(token, state);
  }

  async list(): Promise<readonly (HostRecord & { readonly host: string })[]> {
    const found: (HostRecord & { readonly host: string })[] = [];
    for await (const key of await this.#bucket.keys()) {
      const entry = await this.#bucket.get(key);
      const record = entry?.operation === 'PUT' ? read(hostRecord, entry.string()) : undefined;
      const host = hostOf(key);
      if (record && host !== undefined) found.push({ host, ...record });
    }
    return found.sort((a, b) => (a.host < b.host ? -1 : 1));
  }

  stop(): void {
    this.#stop();
  }
}
