/** A small, seeded part of `npm run torture:rest`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { random } from '../../models/random.ts';
import { scratch } from '../scratch.ts';
import { damageOne } from './at-rest/damages.ts';
import { canMount, diskProblem } from './at-rest/disks.ts';
import { killInMigration } from './at-rest/kills.ts';
import { Template } from './at-rest/template.ts';

const folder = scratch();
mkdirSync(join(folder, 'trials'));
const trials = join(folder, 'trials');
const template = await Template.make(join(folder, 'template'));

it('databases that are damaged after clean and unclean ends lose nothing that the log holds, and are told of', async () => {
  const found = new Set<string>();
  for (let seed = 0; seed < 12; seed++) found.add(await damageOne(template, trials, random(seed)));
  expect(found).toContain('put aside and told');
});

it('full and read-only disks are told of, and lose nothing', async ({ skip }) => {
  if (!canMount()) return skip('a small disk needs the right to mount one (run as root)');
  for (let n = 0; n < 5; n++)
    expect(await diskProblem(template, trials, random(n), n)).toMatch(/full|read-only|enough/);
});

it('a kill within a migration loses nothing', async () => {
  expect(await killInMigration(trials, random(1))).toBe('within the migration');
});
