import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { expect, it } from 'vitest';

import { lineMasker } from '../../../src-main/engine/reading/masked-line.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { lineParser } from '../../../src-main/engine/reading/parse-line.ts';

const pack = defaultPack();
const parse = lineParser(pack);
const masked = lineMasker(pack, 'desk-7');
const fixture = (name: string): readonly string[] =>
  readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'lines', name), 'utf8')
    .trimEnd()
    .split('\n');

const example = gunzipSync(readFileSync(join(import.meta.dirname, '..', '..', '..', 'data', 'example', 'week.log.gz')))
  .toString('utf8')
  .split('\n', 3000);
const known = [...fixture('packs.jsonl'), ...fixture('forms.jsonl'), ...example];

it('keeps what a reader makes of it: the same actions, times, counters, without columns that no query of the pack names', () => {
  let compared = 0;
  for (const line of known) {
    const before = parse(line);
    if (!before.ok || !pack.learning.has(before.query)) continue;
    const [sent, ...more] = masked(line);
    expect(more).toEqual([]);
    const after = parse(sent!);
    const { columns: kinds } = pack.learning.get(before.query)!;
    const isNamed = ([column]: readonly [string, string]): boolean =>
      Object.hasOwn(kinds, column) || (column === 'time' && pack.evented.has(before.query));
    const actions = before.actions.map((action) => ({
      ...action,
      columns: Object.fromEntries(Object.entries(action.columns).filter(isNamed)),
    }));
    expect(after).toEqual({ ...before, host: 'desk-7', actions });
    expect(masked(sent!)).toEqual([sent]);
    compared++;
  }
  expect(compared).toBeGreaterThan(2000);
});

it('lets no secret leave, nor a column or a query that nobody knows', () => {
  const columns = { command: 'mysql -u root --password=hunter2 -h db', uid: '1000', secret_note: 'hunter2' };
  const line = {
    name: 'pack_user-behavior_shell_history',
    hostIdentifier: 'desk',
    unixTime: 1_700_000_000,
    action: 'added',
  };
  const [sent] = masked(JSON.stringify({ ...line, columns }));
  expect(sent).toContain('--password=***');
  expect(sent).not.toContain('hunter2');
  expect(sent).not.toContain('secret_note');
  expect(masked(JSON.stringify({ ...line, name: 'pack_site_everything', columns }))).toEqual([]);
  expect(masked('no line at all')).toEqual([]);
});

it('takes a line out of what a shipper put around it', () => {
  const line = example[0]!;
  expect(masked(`Nov 30 10:00:00 desk osquery: ${line}`)).toEqual(masked(line));
});
