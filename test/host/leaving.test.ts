import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { AboutLeaving } from '../../src-main/contract/leaving.ts';
import { LeavingRecord } from '../../src-main/fleet/forward/record.ts';
import { readLeaving } from '../../src-main/host/leaving.ts';
import { scratch } from '../scratch.ts';

const about = {
  mirror: 'lines' as const,
  by: '/etc/ubad/fleet.json',
  tenant: 'main',
  servers: ['tls://nats.example:4222'],
  host: 'desk-7',
  log: '/nonexistent/osqueryd.results.log',
};

it('says that nothing leaves where no process keeps anything, or something else does', () => {
  const folder = scratch();
  expect(readLeaving(join(folder, 'none'))).toEqual({ state: 'nothing' });
  writeFileSync(join(folder, 'about.json'), '{"form": 2}');
  expect(readLeaving(folder)).toEqual({ state: 'nothing' });
});

it('lists the last 50 blocks as they were sent, the newest first, and goes on counting after a restart', () => {
  const folder = scratch();
  const first = LeavingRecord.open(folder, about, 100);
  for (let block = 1; block <= 40; block++) first.sending(`line ${block}`, 100 + block);
  first.sent(40, { any: 'place' });
  const second = LeavingRecord.open(folder, about, 500);
  expect(second.place).toEqual({ any: 'place' });
  for (let block = 41; block <= 60; block++) second.sending(`line ${block}\nand another`, 100 + block);
  second.leftOut(3);
  const told = readLeaving(folder);
  const expected: AboutLeaving = {
    form: 1,
    ...about,
    servers: [...about.servers],
    since: 100,
    sent: 40,
    leftOut: 3,
    newest: 60,
  };
  expect(told).toMatchObject({ state: 'fleet', about: expected });
  if (told.state === 'nothing' || told.blocks === 'unreadable') throw new Error('they can be read');
  expect(told.blocks.map(({ n }) => n)).toEqual(Array.from({ length: 50 }, (_, at) => 60 - at));
  expect(told.blocks[0]).toEqual({ n: 60, at: 160, body: 'line 60\nand another' });
});

it('says so where the blocks are not for this reader', () => {
  const folder = scratch();
  LeavingRecord.open(folder, about, 100).sending('a line', 101);
  // Root reads everything: what is no block stands in for one that may not be read.
  writeFileSync(join(folder, 'blocks', '1.json'), 'not for you');
  expect(readLeaving(folder)).toMatchObject({ state: 'fleet', blocks: 'unreadable' });
});
