import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { arrowsOf, graphOf } from '../../scripts/graph/rooms.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const drawn = read('docs/rooms.dot');

/** Rooms in the order of CONTRIBUTING.md's table: each may import only what stands above it. */
const order = read('CONTRIBUTING.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) =>
    [...line.split('|')[1]!.matchAll(/`((?:conf|models|src-[a-z]+)\/[^`]*)`/g)].map(([, room]) => room!),
  )
  .map((room) => room.replace(/\/$/, ''));

/** @returns arrows that do not lead to what stands above */
const up = (arrows: ReturnType<typeof arrowsOf>): string[] =>
  arrows.filter(([from, to]) => !(order.indexOf(to) < order.indexOf(from))).map((arrow) => arrow.join(' -> '));

describe('the graph of the rooms', () => {
  it('is drawn as it is: `npm run graph`', async () => {
    expect(drawn).toBe(await graphOf(root));
  });

  it('holds rooms only that CONTRIBUTING.md lists, and all of those', () => {
    const rooms = new Set(arrowsOf(drawn).flat());
    expect([...rooms].filter((room) => !order.includes(room))).toEqual([]);
    expect(order.filter((room) => !rooms.has(room))).toEqual([]);
  });

  it('has no arrow up, and so no circle', () => {
    expect(up(arrowsOf(drawn))).toEqual([]);
  });

  it.each([
    ['an arrow up', '    "src-main/engine" -> "src-main/cli"'],
    ['an arrow of a circle', '    "models" -> "src-main/contract" [penwidth="1.0"]'],
    ['a room that nobody listed', '    "src-main/attic" -> "models"'],
  ])('would show %s', (_what, line) => {
    expect(up(arrowsOf(line))).toHaveLength(1);
  });
});
