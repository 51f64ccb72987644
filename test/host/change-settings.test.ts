import { join } from 'node:path';

import * as v from 'valibot';
import { expect, it } from 'vitest';

import { engineSettingsSchema, settingsSchema, type Settings } from '../../src-main/contract/settings.ts';
import { Host, type HostSettings } from '../../src-main/host/host.ts';
import { Memory } from '../../src-main/host/memory.ts';
import { scratch } from '../scratch.ts';

it('answers a change for which the engine begins again with what was changed meanwhile too', async () => {
  const folder = scratch();
  let all = v.parse(settingsSchema, { log: join(folder, 'results.log'), state: join(folder, 'state') });
  const settings: HostSettings = {
    get all() {
      return all;
    },
    get engine() {
      return v.parse(engineSettingsSchema, all);
    },
    notices: [],
    change: (changes: Partial<Settings>) => (all = { ...all, ...changes }),
  };
  const host = new Host({
    settings,
    root: folder,
    memory: new Memory(join(folder, 'memory.json')),
    program: { as: 'browser', version: '0' },
    fork: () => {
      throw new Error('nothing is started here');
    },
    send: () => undefined,
    tellUser: () => undefined,
  });
  const restart = Promise.withResolvers<undefined>();
  host.supervisor.restart = () => restart.promise;
  const slow = host.changeSettings({ lstmUnits: 32 });
  expect(await host.changeSettings({ theme: 'dark' })).toMatchObject({ lstmUnits: 32, theme: 'dark' });
  restart.resolve(undefined);
  expect(await slow).toMatchObject({ lstmUnits: 32, theme: 'dark' });
  host.doNotDisturb.stop();
});
