import { expect, it } from 'vitest';

import { Encoder } from '../../models/features/encode.ts';
import { numberless, versionless } from '../../models/features/paths.ts';

it.each([
  ['/snap/firefox/4336/usr/lib/firefox/firefox', '/snap/firefox/#/usr/lib/firefox/firefox'],
  ['/usr/lib/firefox-esr-130/firefox-esr', '/usr/lib/firefox-esr-#/firefox-esr'],
  ['/tmp/.mount_KritaXa9Zk2/usr/bin/krita', '/tmp/.mount_Krita#/usr/bin/krita'],
  ['/home/user1/.nvm/versions/v20.11.1/bin/node', '/home/user1/.nvm/versions/v#.#.#/bin/node'],
  // A file's own number, and a person's, tell one from another.
  ['/usr/bin/python3.12', '/usr/bin/python3.12'],
  ['/home/user2', '/home/user2'],
  ['/home/user2/a1', '/home/user2/a1'],
  ['a1', 'a1'],
])('numbers of folders are no names: %s', (path, told) => {
  expect(numberless(path)).toBe(told);
});

it.each([
  ['/usr/lib/firefox-esr-130/firefox-esr', '/usr/lib/firefox-esr/firefox-esr'],
  ['/usr/lib/firefox-esr/firefox-esr', '/usr/lib/firefox-esr/firefox-esr'],
  ['/opt/idea-v2026.1-3/bin/idea', '/opt/idea/bin/idea'],
  ['/home/user-1/tool_2.0/run-3', '/home/user-1/tool/run-3'],
  // What is nothing but a number, or has it within, keeps it.
  ['/snap/firefox/4336/usr/firefox', '/snap/firefox/#/usr/firefox'],
  ['/usr/lib/x86_64-linux-gnu/gvfs/gvfsd', '/usr/lib/x#_#-linux-gnu/gvfs/gvfsd'],
  ['/tmp/-1/a', '/tmp/-#/a'],
  ['/home/user-2', '/home/user-2'],
  ['a-1', 'a-1'],
])('a folder that gets a version is the same folder: %s', (path, told) => {
  expect(versionless(path)).toBe(told);
});

it('a program in a folder of another version is the same program; a model of before tells them apart', () => {
  const learning = new Map([
    ['start', { query: 'start', label: 'Program start', importance: 5, columns: { path: 'path' as const } }],
  ]);
  const at = (version: number) => ({
    query: 'start',
    change: 'added' as const,
    time: version,
    columns: { path: `/usr/lib/firefox${version === 0 ? '' : `-${version}`}/firefox` },
  });
  const encoder = new Encoder(learning);
  expect(encoder.encode(at(2)).token).toBe(encoder.encode(at(1)).token);
  expect(encoder.encode(at(0)).token).toBe(encoder.encode(at(1)).token);
  const loaded = new Encoder(learning, encoder.save());
  expect(loaded.encode(at(3)).token).toBe(encoder.encode(at(1)).token);
  const earlier = new Encoder(learning, { ...encoder.save(), numberless: true });
  expect(earlier.encode(at(5)).token).toBe(earlier.encode(at(4)).token);
  expect(earlier.encode(at(0)).token).not.toBe(earlier.encode(at(4)).token);
  const { numberless: _, ...before } = encoder.save();
  const old = new Encoder(learning, before);
  expect(old.encode(at(5)).token).not.toBe(old.encode(at(4)).token);
});
