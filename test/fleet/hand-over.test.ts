import { setTimeout } from 'node:timers/promises';

import { afterAll, expect, it } from 'vitest';

import { fleetConfigOf } from '../../src-main/fleet/config.ts';
import { OneAtATime } from '../../src-main/fleet/partition/one-at-a-time.ts';
import { Children } from '../../src-main/fleet/supervisor/children.ts';
import { scratch } from '../scratch.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';

it('opens partitions one after the other, also after one that failed', async () => {
  const opening = new OneAtATime();
  const done: string[] = [];
  let [running, most] = [0, 0];
  const work =
    (name: string, fails = false) =>
    async (): Promise<string> => {
      most = Math.max(most, ++running);
      await setTimeout(5);
      running--;
      done.push(name);
      if (fails) throw new Error(name);
      return name;
    };
  const asked = [opening.run(work('a')), opening.run(work('b', true)), opening.run(work('c'))];
  expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect([done, most]).toEqual([['a', 'b', 'c'], 1]);
});

describeWithNats('a worker that starts', () => {
  const server = serverForAll();
  let children: Children | undefined;
  afterAll(() => children?.close());

  it('has processes that can work before it is given a partition', { timeout: 60_000 }, async () => {
    const { url } = await server.get();
    const config = fleetConfigOf({ servers: [url], worker: { state: scratch() } }, 'a test');
    const notices: string[] = [];
    const onNotice = (text: string): void => void notices.push(text);
    children = new Children({ config, partitions: 4, processes: 2, slots: 1, name: 'a', onNotice });
    expect(children.pids).toEqual([]);
    await children.begin();
    expect(children.pids).toHaveLength(2);
    expect(notices).toEqual([]);
  });
});
