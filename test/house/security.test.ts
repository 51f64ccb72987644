import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** `path`: “title”, as docs/security.md names what shows a promise. */
const named = [...read('docs/security.md').matchAll(/`(test\/[\w/.-]+\.test\.ts)`: “([^”]+)”/g)].map(
  ([, path, title]) => ({ path: path!, title: title! }),
);

describe('each promise of docs/security.md has its test', () => {
  it('and names more than a few', () => {
    expect(named.length).toBeGreaterThan(30);
  });

  it.each(named)('$path: $title', ({ path, title }) => {
    expect(existsSync(join(root, path)), path).toBe(true);
    expect(read(path).replaceAll("\\'", "'")).toContain(title);
  });
});

it('no switch of Electron that opens the window is used', () => {
  const opening =
    /webSecurity|allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|allowpopups|nodeIntegration: true|contextIsolation: false|sandbox: false|webviewTag: true|no-sandbox|enableRemoteModule/;
  const using = globSync('src-{main,renderer}/**/*.{ts,js,html,svelte}', { cwd: root }).filter((path) =>
    opening.test(read(path)),
  );
  expect(using).toEqual([]);
});
