import type { KV } from '@nats-io/kv';

import { FORM, type DrainRecord } from '../wire/messages.ts';

/** Where in the bucket META stands that a worker of this name is to take nothing. */
export const drainKey = (worker: string): string => `drain.${worker}`;

/** What a worker may be called: part of keys on the servers. */
export const workerName = /^[A-Za-z0-9_-]{1,60}$/;

/** Whoever works under this name gives its partitions away, now and after a restart, until `undoDrain`. */
export async function askToDrain(meta: KV, worker: string, by: string, at: number): Promise<void> {
  await meta.put(drainKey(worker), JSON.stringify({ form: FORM, by, at } satisfies DrainRecord));
}

/** @returns whether it was drained */
export async function undoDrain(meta: KV, worker: string): Promise<boolean> {
  const entry = await meta.get(drainKey(worker));
  if (entry?.operation !== 'PUT') return false;
  await meta.delete(drainKey(worker));
  return true;
}
