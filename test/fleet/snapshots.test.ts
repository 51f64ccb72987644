import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { random as randomOf } from '../../models/random.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import { copyState, Snapshots } from '../../src-main/fleet/partition/snapshots.ts';
import { makeStreams, managerOf, openBucket } from '../../src-main/fleet/wire/streams.ts';
import { Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { scratch } from '../scratch.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';

describeWithNats('a snapshot', () => {
  const server = serverForAll();

  // A fleet that an older ubad made has no direct answers of that bucket.
  it.each([
    ['direct', true],
    ['older', false],
  ])('comes back as it was, or not at all: %s', async (tenant, isDirect) => {
    const nc = await (await server.get()).connect();
    const subjects = new Subjects(tenant);
    await makeStreams(nc, subjects, { partitions: 1, replicas: 1, keepLinesDays: 1, lease: 5 });
    const name = subjects.bucket('STATE');
    const manager = await managerOf(nc);
    if (!isDirect) await manager.streams.update(`KV_${name}`, { allow_direct: false });
    expect((await manager.streams.info(`KV_${name}`)).config.allow_direct).toBe(isDirect);
    const bucket = await openBucket(nc, name);
    const snapshots = () => new Snapshots(bucket, name, manager, 0, new AbortController().signal);
    const state = join(scratch(), '0000');
    const opened = openStore(state, { now: 0 });
    if (!opened.ok) throw new Error(opened.problem.message);
    opened.store.close();
    const random = randomOf(5);
    const models = Array.from({ length: 6 }, (_, m) => join(state, 'models', `${m}-both-abc`));
    for (const model of models) {
      mkdirSync(model, { recursive: true });
      for (let f = 0; f < 7; f++) {
        // Some need three chunks, some are empty.
        const bytes = Buffer.alloc(f === 0 ? 0 : Math.floor(random() * (f === 1 ? 1_400_000 : 20_000)));
        for (let at = 0; at < bytes.length; at += 97) bytes[at] = Math.floor(256 * random());
        writeFileSync(join(model, `file-${f}.bin`), bytes);
      }
    }
    const copied = await copyState(state, { seq: 7, at: 1 }, models);
    const { key, manifest } = await snapshots().upload(copied, 1);
    const [first, second, third] = [1, 2, 3].map((n) => join(scratch(), `000${n}`)) as [string, string, string];
    expect(await snapshots().restore(key, first)).toEqual({ seq: 7, passedOver: 0 });
    const sums = (of: string): string[] =>
      readdirSync(join(of, 'models'), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.bin'))
        .map(
          (path) =>
            `${path} ${createHash('sha256')
              .update(readFileSync(join(of, 'models', path)))
              .digest('hex')}`,
        )
        .sort();
    expect(sums(first)).toEqual(sums(state));
    expect(sums(first).length).toBe(42);

    const { chunks } = manifest.files.find(({ path }) => path.endsWith('file-1.bin'))!;
    await bucket.put(chunks[0]!.key, 'something else');
    expect(await snapshots().restore(key, second)).toBeUndefined();
    await bucket.delete(chunks[0]!.key);
    expect(await snapshots().restore(key, third)).toBeUndefined();
  });
});
