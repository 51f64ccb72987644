import { setTimeout as pause } from 'node:timers/promises';

import type { AlertRow } from '../../../src-main/contract/alerts.ts';
import type { viewCalls } from '../../../src-main/contract/contract.ts';
import type { Client } from '../../../src-main/contract/ipc.ts';
import type { Backend } from './backend.ts';
import type { Example } from './example.ts';

type Engine = Pick<Client<typeof viewCalls>, 'status'>;

/** Waits until `probe` gives something. @throws Error naming what did not come within the time */
export async function until<T>(what: string, probe: () => Promise<T | undefined>, within = 240_000): Promise<T> {
  const end = Date.now() + within;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`This did not come within ${within / 1000} s: ${what}`);
    await pause(150);
  }
}

/** Until everybody has a model. */
export const trained = async (engine: Engine): Promise<void> => {
  await until('a model of each user', async () => {
    const { users } = await engine.status(undefined);
    return users.length > 1 && users.every(({ model }) => model.state === 'ready') ? true : undefined;
  });
};

/** Whether all of the example was read; undefined where not yet. */
export async function allRead(engine: Engine, { past, today }: Example): Promise<true | undefined> {
  const { users } = await engine.status(undefined);
  const all = users.reduce((sum, { actions }) => sum + actions, 0);
  return all >= past.length + today.length - 200 ? true : undefined;
}

/** Lets the engine learn the example's past and read its last day, with the stranger's night. @returns newest first */
export async function learned(
  backend: Backend,
  example: Example,
): Promise<{ readonly alerts: readonly AlertRow[]; readonly user: string }> {
  const { engine } = backend.side;
  backend.write(example.past);
  await trained(engine);
  backend.write(example.today);
  const alerts = await until('an alert that is over', async () => {
    const found = await engine.alerts({ limit: 50 });
    return found.length > 0 && (await allRead(engine, example)) ? found : undefined;
  });
  return { alerts, user: alerts[0]!.user };
}
