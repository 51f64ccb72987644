import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, it } from 'vitest';

import { scratch } from '../scratch.ts';

const sources = join(import.meta.dirname, '..', '..', 'src-main');

/** Which files a program loads. @param entry of src-main/ */
function loadedBy(entry: string, ...args: string[]): string[] {
  const folder = scratch();
  const hook = join(folder, 'hook.mjs');
  writeFileSync(
    hook,
    `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process.stderr.write('LOADED ' + url + '\\n'); return next(url, context); } });`,
  );
  const env = { ...process.env, HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder };
  const program = ['--import', pathToFileURL(hook).href, join(sources, entry), ...args];
  const script = 'node "$@" 2>&1 >/dev/null; true';
  const text = execFileSync('sh', ['-c', script, 'sh', ...program], { encoding: 'utf8', env });
  return [...text.matchAll(/^LOADED (.+)$/gm)].map(([, url]) => url!);
}

const isOfFleet = (url: string): boolean => /@nats-io|\/src-main\/(fleet|cli\/fleet\/(?!define))/.test(url);

it('loads NATS for `ubad fleet` and for no other command', () => {
  expect(loadedBy('cli.ts', 'status').filter(isOfFleet)).toEqual([]);
  expect(loadedBy('cli.ts', 'fleet', 'status', '--config', '/nonexistent').filter(isOfFleet).length).toBeGreaterThan(
    10,
  );
});

it('loads nothing of it in the worker of the desktop and of the browser host', () => {
  const loaded = loadedBy('worker.ts');
  expect(loaded.length).toBeGreaterThan(20);
  expect(loaded.filter(isOfFleet)).toEqual([]);
});
