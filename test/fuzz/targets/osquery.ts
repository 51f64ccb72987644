import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { addPacks, withoutInserted } from '../../../src-main/cli/osquery/configuration.ts';
import { parseConfiguration } from '../../../src-main/osquery/json.ts';
import { readOsquery } from '../../../src-main/osquery/read.ts';
import { mustBeUnpolluted, type Target } from '../target.ts';

const entries = [{ name: 'user-behavior', file: '/etc/osquery/packs/user-behavior.json' }];

/** A machine of which one text is every file that osquery reads. */
function read(text: string): void {
  const root = mkdtempSync(join(tmpdir(), 'ubad-fuzz-osquery-'));
  try {
    mkdirSync(join(root, 'etc/osquery/osquery.conf.d'), { recursive: true });
    mkdirSync(join(root, 'etc/default'));
    for (const name of [
      'osquery/osquery.conf',
      'osquery/osquery.flags',
      'osquery/osquery.conf.d/a.conf',
      'default/osqueryd',
    ])
      writeFileSync(join(root, 'etc', name), text);
    const { logFolder, sources, log } = readOsquery(root);
    for (const path of [logFolder, log, ...sources.map((source) => source.path)])
      if (!path.startsWith('/')) throw new Error(`a path that is not whole: ${JSON.stringify(path)}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** What osquery is told: its configuration, its flags and its service's settings. */
export const osquery: Target = {
  name: 'osquery',
  reaches: /src-main\/(osquery|cli\/osquery)/,
  seeds: [
    '{"options": {"logger_path": "/data"}, "packs": {"it": "/opt/it.conf", "*": "/etc/p/%.conf"}}',
    '// mine\n{\n # no\n "schedule": {"q": {"query": "SELECT \\\n 1"}},\n "packs": {\n }\n}\n',
    '--config_path=/etc/x.conf\n--logger_plugin=tls,filesystem\n--nodisable_logging\n--flagfile=/etc/osquery/osquery.flags',
    'FLAG_FILE="/etc/osquery/osquery.flags"\nCONFIG_FILE=/etc/osquery/osquery.conf\n',
  ],
  words: [
    'packs',
    '"packs": {',
    'options',
    '\\\n',
    '//',
    '#',
    '--',
    '=',
    '{',
    '}',
    '__proto__',
    '/',
    '%',
    '*',
    'CONFIG_FILE=',
  ],
  check(input) {
    read(input);
    const before = parseConfiguration(input);
    const added = addPacks(input, entries);
    mustBeUnpolluted();
    if (!added.ok) return;
    if (before === undefined) throw new Error('a pack was added to what cannot be read');
    const after = parseConfiguration(added.text);
    const { packs, ...rest } = after ?? {};
    const { packs: _, ...was } = before;
    if (!isDeepStrictEqual(rest, was)) throw new Error('something else was changed');
    if ((packs as Readonly<Record<string, unknown>>)['user-behavior'] !== entries[0]!.file)
      throw new Error('it is not there');
    const back = withoutInserted(added.text, added.inserted);
    if (added.inserted !== '' && back !== undefined && back !== input) throw new Error('it is not taken back exactly');
  },
};
