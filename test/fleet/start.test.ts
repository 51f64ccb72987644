import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { TimeoutError } from '@nats-io/transport-node';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { whenAnswered } from '../../src-main/fleet/wire/when-answered.ts';
import { ownedBy } from './exact.ts';
import { describeWithNats, NatsServer } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';

describeWithNats('processes that are started while the server is there and does not answer', () => {
  let server: NatsServer | undefined;
  let fleet: TestFleet | undefined;
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(fleet?.logs());
  });
  afterAll(async () => {
    await fleet?.killAll();
    await server?.stop();
  });

  it('wait, say so once, and go on', async () => {
    let isWhole = true;
    const configs: [string, string] = ['', ''];
    server = await NatsServer.startWith((listen, store) => {
      configs[0] = `listen: ${listen}\njetstream { store_dir: ${JSON.stringify(store)} }\n`;
      configs[1] = `listen: ${listen}\n`;
      return configs[0];
    });
    const { folder } = server;
    const change = async (): Promise<void> => {
      isWhole = !isWhole;
      writeFileSync(join(folder, 'nats.conf'), configs[isWhole ? 0 : 1]);
      await server!.kill();
      await server!.begin();
    };
    fleet = await TestFleet.make(server, 'late', { bridge: { subject: 'osquery.results' } });
    const ready = {
      worker: 'worker worker of the fleet late is ready',
      bridge: 'brings osquery.results of UBAD_late_RESULTS',
    } as const;
    const names = ['worker', 'bridge'] as const;
    await change();
    for (const name of names) fleet.start(name, name);
    const said = (text: string): number => fleet!.logs().split(text).length - 1;
    await until('both say that they wait', () => said('NATS is there and does not answer yet') === names.length);
    for (const name of names) expect(said(ready[name]), name).toBe(0);
    await change();
    for (const name of names) await until(`${name} works`, () => said(ready[name]) === 1);
    const nc = await server.connect();
    await until('it has all', async () => (await ownedBy(nc, fleet!, 'worker')).length === fleet!.partitions);
    expect(said('NATS is there and does not answer yet')).toBe(names.length);
  });
});

describe('what a process needs before it works', () => {
  it('is asked for again while nobody answers, which is told once', async () => {
    let tries = 0;
    const told: string[] = [];
    const ask = (): Promise<string> => (++tries < 3 ? Promise.reject(new TimeoutError()) : Promise.resolve('there'));
    const { signal } = new AbortController();
    expect(await whenAnswered(ask, { signal, onNotice: (text) => told.push(text) })).toBe('there');
    expect(told).toEqual([expect.stringContaining('does not answer yet (timeout)')]);
  });

  it('is not asked for again where that mends nothing, nor once it is told to stop', async () => {
    const { signal } = new AbortController();
    await expect(whenAnswered(() => Promise.reject(new Error('no such thing')), { signal })).rejects.toThrow('no such');
    const stop = new AbortController();
    const asked = whenAnswered(() => Promise.reject(new TimeoutError()), {
      signal: stop.signal,
      onNotice: () => {
        stop.abort();
      },
    });
    await expect(asked).rejects.toThrow(/abort/);
  });
});
