import { setTimeout as pause } from 'node:timers/promises';

import type { AlertRow } from '../../../src-main/contract/alerts.ts';
import type { Backend } from './backend.ts';
import type { Example } from './example.ts';

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
export const trained = async (backend: Backend): Promise<void> => {
  await until('a model of each user', async () => {
    const { users } = await backend.side.engine.status(undefined);
    return users.length > 1 && users.every(({ model }) => model.state === 'ready') ? true : undefined;
  });
};

/** Lets the engine learn the example's past and read its last day, with the stranger's night. @returns newest first */
export async function learned(
  backend: Backend,
  example: Example,
): Promise<{ readonly alerts: readonly AlertRow[]; readonly user: string }> {
  backend.write(example.past);
  await trained(backend);
  backend.write(example.today);
  const alerts = await until('an alert that is over', async () => {
    const found = await backend.side.engine.alerts({ limit: 50 });
    const { users } = await backend.side.engine.status(undefined);
    const all = users.reduce((sum, { actions }) => sum + actions, 0);
    return found.length > 0 && all >= example.past.length + example.today.length - 200 ? found : undefined;
  });
  return { alerts, user: alerts[0]!.user };
}
