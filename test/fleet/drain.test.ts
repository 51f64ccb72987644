import { setTimeout } from 'node:timers/promises';

import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, expect, it } from 'vitest';

import { ownerRecord, read } from '../../src-main/fleet/wire/messages.ts';
import { ownedBy, settled } from './exact.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';

describeWithNats('a worker that is drained', () => {
  const server = serverForAll();
  const fleets: TestFleet[] = [];
  afterAll(async () => {
    for (const fleet of fleets) await fleet.killAll();
  });

  it('hands all over while lines come, takes nothing after a restart, and its share again when that is undone', async () => {
    // Long enough that whoever waits for its next look would be seen to wait.
    const fleet = await TestFleet.make(await server.get(), 'drained', { lease: 20 });
    fleets.push(fleet);
    const nc = await (await server.get()).connect();
    const handed = await handOvers(nc, fleet);
    fleet.start('a');
    await until('a has all', async () => (await ownedBy(nc, fleet, 'a')).length === fleet.partitions);
    await expect(fleet.ask('drain', 'a')).rejects.toThrow(/Nobody else would take the partitions of a/);
    await expect(fleet.ask('drain', 'nobody')).rejects.toThrow(/no worker nobody is at work/);
    const publishing = publishAll(nc, fleet.subjects, fleet.partitions, linesOfHosts(6, 1600), {
      pause: () => setTimeout(50),
    });
    fleet.start('b');
    await until('b has two', async () => (await ownedBy(nc, fleet, 'b')).length === 2);
    const before = handed().length;
    expect(await fleet.ask('drain', 'a')).toMatch(/^a is drained: others have its partitions, after [\d.]+ s/);
    expect(await ownedBy(nc, fleet, 'b')).toEqual([0, 1, 2, 3]);
    const alone = handed().slice(before);
    console.log(`handed over: nobody's for ${alone.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`);
    expect(alone.length).toBe(2);
    // Not the figure, which is a bench's: that nobody waited for the next look, 4 s of this lease.
    for (const ms of alone) expect(ms).toBeLessThan(3000);
    await fleet.stop('a');
    fleet.start('a');
    await until('a says so', () => fleet.logs().includes('drains this worker'));
    await setTimeout(1000);
    expect(await ownedBy(nc, fleet, 'a')).toEqual([]);
    expect(await fleet.ask('drain', 'a', '--undo')).toContain('takes its share of the partitions again');
    await until('a has its share', async () => (await ownedBy(nc, fleet, 'a')).length === 2);
    expect(await fleet.ask('drain', 'a', '--undo')).toContain('nothing to undo');
    await publishing;
    const { differences, references } = await settled(nc, fleet);
    expect(differences).toEqual([]);
    expect(references.flatMap(({ alerts }) => alerts).length).toBeGreaterThan(6);
  });
});

/** How long each partition was nobody's, in milliseconds, by the server's clock. */
async function handOvers(nc: Parameters<typeof ownedBy>[0], { subjects }: TestFleet): Promise<() => readonly number[]> {
  const manager = await jetstreamManager(nc);
  const { config } = await manager.streams.info(`KV_${subjects.bucket('OWNERS')}`);
  const released = new Map<string, number>();
  const gaps: number[] = [];
  nc.subscribe(config.subjects[0]!, {
    callback: (_, message) => {
      const record = read(ownerRecord, message.string());
      const now = performance.now();
      if (record?.owner === null) released.set(message.subject, now);
      else if (released.has(message.subject)) {
        gaps.push(now - released.get(message.subject)!);
        released.delete(message.subject);
      }
    },
  });
  await nc.flush();
  return () => [...gaps];
}
