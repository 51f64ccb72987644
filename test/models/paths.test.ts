import { expect, it } from 'vitest';

import { Encoder } from '../../models/features/encode.ts';
import { numberless } from '../../models/features/paths.ts';

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

it('a program in a folder of another version is the same program; a model of before tells them apart', () => {
  const learning = new Map([
    ['start', { query: 'start', label: 'Program start', importance: 5, columns: { path: 'path' as const } }],
  ]);
  const at = (version: number) => ({
    query: 'start',
    change: 'added' as const,
    time: version,
    columns: { path: `/snap/firefox/${version}/usr/lib/firefox/firefox` },
  });
  const encoder = new Encoder(learning);
  expect(encoder.encode(at(2)).token).toBe(encoder.encode(at(1)).token);
  const loaded = new Encoder(learning, encoder.save());
  expect(loaded.encode(at(3)).token).toBe(encoder.encode(at(1)).token);
  const { numberless: _, ...before } = encoder.save();
  const old = new Encoder(learning, before);
  expect(old.encode(at(5)).token).not.toBe(old.encode(at(4)).token);
});
