import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { serveWeb, type Web } from '../../../src-main/web.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const XDG = { XDG_RUNTIME_DIR: 'run', XDG_STATE_HOME: 'state', XDG_CONFIG_HOME: 'config' } as const;

/** What `ubad serve` serves, on a machine of its own in this folder: its page, its bridge, its policy, its worker. */
export async function servedIn(folder: string): Promise<{ readonly web: Web; readonly end: () => Promise<void> }> {
  const before = { ...process.env };
  for (const [name, value] of Object.entries(XDG)) {
    mkdirSync(join(folder, value, 'ubad'), { recursive: true, mode: 0o700 });
    process.env[name] = join(folder, value);
  }
  const log = join(folder, 'results.log');
  writeFileSync(log, '');
  const out = join(root, 'out');
  const parts = { worker: join(root, 'src-main', 'worker.ts'), page: join(out, 'window'), root };
  const served = await serveWeb({
    parts: { ...parts, bridge: join(out, 'bridge-web.js') },
    host: '127.0.0.1',
    port: 0,
    config: join(folder, 'config', 'ubad', 'config.json'),
    tellUser: () => undefined,
    over: { log, state: join(folder, 'own'), algorithm: 'both' },
  });
  if (served.state !== 'started') throw new Error(`One runs already at ${served.state}`);
  const { web } = served;
  return {
    web,
    async end() {
      await web.stop();
      for (const name of Object.keys(XDG)) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
