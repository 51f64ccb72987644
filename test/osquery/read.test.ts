import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { addPacks } from '../../src-main/cli/osquery/configuration.ts';
import { parseConfiguration } from '../../src-main/osquery/json.ts';
import { readOsquery, type Osquery } from '../../src-main/osquery/read.ts';
import { newFolder } from '../engine/store/store-at.ts';

const CONF = 'etc/osquery/osquery.conf';
const FLAGS = 'etc/osquery/osquery.flags';
const PACK = '/etc/osquery/packs/user-behavior.json';

function reading(files: Readonly<Record<string, string>>): Osquery {
  const root = newFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return readOsquery(root);
}

const named = ({ packs }: Osquery): string[] => packs.map(({ name, by }) => `${name} by ${by}`);

describe('osquery’s configuration is read as osquery reads it', () => {
  it('joins lines at a backslash before their end, and leaves whole lines of comment out', () => {
    const text = '{\n  # "packs": {}\n  "schedule": {"q": {"query": "SELECT pid \\\n FROM processes;"}}\n // }\n}';
    expect(parseConfiguration(text)).toEqual({ schedule: { q: { query: 'SELECT pid  FROM processes;' } } });
    expect(reading({ [CONF]: text }).sources[0].state).toBe('read');
    expect(parseConfiguration('{"a": 1} # behind')).toBeUndefined();
    expect(parseConfiguration('[]')).toBeUndefined();
    expect(parseConfiguration('[['.repeat(50_000))).toBeUndefined();
  });

  it('takes the files of osquery.conf.d too, but only beside a main file', () => {
    const beside = { 'etc/osquery/osquery.conf.d/10-ubad.conf': `{"packs": {"user-behavior": "${PACK}"}}` };
    expect(named(reading({ ...beside, [CONF]: '{"options": {}}' }))).toEqual([
      'user-behavior by /etc/osquery/osquery.conf.d/10-ubad.conf',
    ]);
    expect(named(reading(beside))).toEqual([]);
  });

  it('lets options win over flags, and a later file over an earlier one', () => {
    const flags = '--logger_path=/by/flag\n--logger_plugin=tls,filesystem\n--disable_logging=false\n';
    const byFlag = reading({ [FLAGS]: flags, [CONF]: '{}' });
    expect(byFlag).toMatchObject({ log: '/by/flag/osqueryd.results.log', off: undefined, withoutFiles: undefined });
    const options = { logger_path: '/data/osq', logger_plugin: 'tls', disable_logging: 'true' };
    const byOption = reading({ [FLAGS]: flags, [CONF]: JSON.stringify({ options }) });
    expect(byOption).toMatchObject({
      log: '/data/osq/osqueryd.results.log',
      logFolderBy: { by: '/etc/osquery/osquery.conf' },
      off: { value: 'true' },
      withoutFiles: { value: 'tls' },
    });
    const later = { 'etc/osquery/osquery.conf.d/a.conf': '{"options": {"disable_logging": false}}' };
    expect(reading({ [CONF]: JSON.stringify({ options }), ...later }).off).toBeUndefined();
  });

  it('takes from options nothing that osquery takes from its start only', () => {
    const found = reading({ [CONF]: '{"options": {"config_path": "/x", "config_plugin": "tls"}}' });
    expect([found.sources[0].path, found.byServer]).toEqual(['/etc/osquery/osquery.conf', undefined]);
  });

  it('follows flag files, the service’s settings, and the form --noflag', () => {
    const more = { [FLAGS]: '--flagfile=/etc/more.flags\n', 'etc/more.flags': '  --disable_logging\n# --x\n' };
    expect(reading({ ...more, [CONF]: '{}' }).off).toMatchObject({ by: '/etc/more.flags' });
    expect(reading({ [FLAGS]: '--disable_logging\n--nodisable_logging', [CONF]: '{}' }).off).toBeUndefined();
    const loop = { [FLAGS]: '--flagfile=/etc/osquery/osquery.flags\n--logger_path=/a\n', [CONF]: '{}' };
    expect(reading(loop).logFolder).toBe('/a');
    const service = { 'etc/default/osqueryd': 'FLAG_FILE="/etc/f"\nCONFIG_FILE="/etc/c.conf"\n' };
    const found = reading({ ...service, 'etc/f': '--config_path=/lost\n--logger_path=/b', 'etc/c.conf': '{}' });
    expect([found.sources[0], found.logFolder]).toMatchObject([{ path: '/etc/c.conf', state: 'read' }, '/b']);
  });

  it('knows when a server configures it', () => {
    const tls = '--config_plugin=tls\n--tls_hostname=fleet.example.test:8080\n--logger_plugin=tls,filesystem';
    expect(reading({ [FLAGS]: tls }).byServer).toContain('--config_plugin=tls');
    const orbit = reading({ 'opt/orbit/osquery.flags': '' });
    expect([orbit.byServer, orbit.log]).toEqual([
      "Fleet's agent is in /opt/orbit",
      '/opt/orbit/osquery_log/osqueryd.results.log',
    ]);
  });

  it('finds packs by a pattern', () => {
    const found = reading({
      [CONF]: '{"packs": {"*": "/etc/osquery/packs/%.json", "own": {"queries": {}}}}',
      'etc/osquery/packs/user-behavior.json': '{}',
      'etc/osquery/packs/other.txt': '{}',
    });
    expect(found.packs.map(({ name }) => name)).toEqual(['user-behavior', 'own']);
  });

  it('reads no pipe, no device and nothing without end', () => {
    const root = newFolder();
    mkdirSync(join(root, 'etc/osquery'), { recursive: true });
    spawnSync('mkfifo', [join(root, CONF)]);
    symlinkSync('/dev/zero', join(root, FLAGS));
    expect(readOsquery(root).sources[0]).toMatchObject({ state: 'unreadable', code: 'no plain file' });
  });
});

it('adds packs where lines are continued, and keeps each of them', () => {
  const text = '{\n  "schedule": {"q": {"query": "SELECT \\\n 1 AS \\"packs\\" \\\n # { ;"}},\n  "packs": {\n  }\n}\n';
  const added = addPacks(text, [{ name: 'a', file: '/a.json' }]);
  if (!added.ok) throw new Error(added.why);
  expect(parseConfiguration(added.text)).toMatchObject({ packs: { a: '/a.json' } });
  expect(text.split('\n').filter((line) => !added.text.split('\n').includes(line))).toEqual([]);
});

it('adds packs to any configuration, or says why not, and changes nothing else', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), fc.constantFrom(undefined, 1, 2), (content, indent) => {
      const text = `# mine\n${JSON.stringify(content, null, indent)}`;
      const added = addPacks(text, [{ name: 'a', file: '/a.json' }]);
      if (!added.ok) return;
      const { packs, ...rest } = parseConfiguration(added.text) as Record<string, unknown>;
      expect(packs).toMatchObject({ a: '/a.json' });
      const { packs: _, ...before } = parseConfiguration(text) as Record<string, unknown>;
      expect(rest).toEqual(before);
    }),
  );
});
