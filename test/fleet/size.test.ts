/** What the fleet adds to the packages: every file of the build that nothing but `ubad fleet` reaches. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const out = join(root, 'out');
/** Bytes, packed: as little as the design asks for. */
const MOST = 500_000;

/** The programs of the desktop and of all other commands, and those of the fleet. */
const OF_ALL = ['main.mjs', 'preload.cjs', 'ubad.mjs', 'worker.mjs', 'web.mjs', 'training-thread.mjs'];
const OF_FLEET = ['fleet.mjs', 'fleet-partition.mjs'];

/** @returns files that an entry imports, also later, but for entries of the fleet */
function reachedFrom(entries: readonly string[], isLeftOut: (file: string) => boolean): Set<string> {
  const reached = new Set<string>();
  const left = [...entries];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (reached.has(file) || isLeftOut(file)) continue;
    reached.add(file);
    const text = readFileSync(join(out, file), 'utf8');
    left.push(...[...text.matchAll(/["'`]\.\/([\w-]+\.mjs)["'`]/g)].map(([, name]) => name!));
  }
  return reached;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && !one.name.endsWith('.map'))
    .map((one) => join(one.parentPath, one.name));

it('makes the packages larger by half a megabyte at most', () => {
  const there = new Set(readdirSync(out));
  const others = reachedFrom(
    OF_ALL.filter((name) => there.has(name)),
    (file) => OF_FLEET.includes(file),
  );
  const own = [...reachedFrom(OF_FLEET, (file) => others.has(file))].sort();
  expect(own).toContain('fleet.mjs');
  expect(others.has('main.mjs') && others.has('ubad.mjs')).toBe(true);
  const all = [...own.map((name) => join(out, name)), ...filesIn(join(out, 'fleet-window'))];
  const bytes = all.map((file) => readFileSync(file));
  const [plain, packed] = [bytes, bytes.map((one) => gzipSync(one))].map((some) =>
    some.reduce((sum, { length }) => sum + length, 0),
  ) as [number, number];
  console.log(
    `the fleet alone: ${own.join(', ')} and its page: ${(plain / 1e6).toFixed(2)} MB, ${(packed / 1e6).toFixed(2)} MB packed`,
  );
  expect(packed).toBeLessThan(MOST);
});
