/** What each released version left on a disk is opened by this one; what a later one left is refused, and not touched. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';

import { beforeAll, describe, expect, it } from 'vitest';

import packageJson from '../../package.json' with { type: 'json' };
import { openConfig } from '../../src-main/settings/config.ts';
import { scratch } from '../scratch.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'releases');
const releases = readdirSync(fixtures).map((name) => name.replace('.tar.gz', ''));

function ubad(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['src-main/cli.ts', ...words], { encoding: 'utf8' });
}

/** A copy of the program whose pack asks one more query. @returns its folder */
function copyWithOneMoreQuery(): string {
  const copy = scratch();
  for (const folder of ['conf', 'models', 'src-main']) cpSync(folder, join(copy, folder), { recursive: true });
  for (const name of ['node_modules', 'package.json']) symlinkSync(join(process.cwd(), name), join(copy, name));
  const path = join(copy, 'conf', 'user-behavior.json');
  const pack = JSON.parse(readFileSync(path, 'utf8')) as { queries: Record<string, object> };
  const learn = { label: 'Name looked up', importance: 5, columns: { name: 'word' } };
  pack.queries.dns_lookup = { query: 'SELECT name FROM dns_cache;', interval: 60, learn };
  writeFileSync(path, JSON.stringify(pack));
  return copy;
}

it('there is a fixture of the version that is released next', () => {
  expect(releases).toContain(packageJson.version);
});

describe.each(releases)('what %s left', (version) => {
  let folder: string;
  const at = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = scratch();
    execFileSync('tar', ['--extract', '--file', join(fixtures, `${version}.tar.gz`), '--directory', folder]);
  });

  it('settings', () => {
    const { config, notice } = openConfig(at('config/config.json'));
    expect(notice).toBeUndefined();
    expect(config).toMatchObject({ alertsPerWeek: 0.5, scores: { net_out: 3 } });
  });

  it('a store with its users and models, which is not trained again to judge', () => {
    const lines = gunzipSync(readFileSync('data/example/past.log.gz')).toString().split('\n').slice(2500, 2600);
    writeFileSync(at('later.log'), lines.map((line) => `${line}\n`).join(''));
    const scored = ubad('score', '--log', at('later.log'), '--subject', 'alice', '--learn', '--state', at('state'));
    expect(scored.status).toBe(0);
    expect(scored.stderr).toMatch(/^(?:ubad: incidents in this output: \d+\. .*\n)?$/);
    const scores = scored.stdout.trim().split('\n');
    expect(scores).toHaveLength(100);
    expect(JSON.parse(scores.at(-1)!)).toMatchObject({ subject: 'alice', window: expect.any(Number) as number });

    const { status, stdout } = ubad('status', '--state', at('state'));
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('alice') as string });
    const models = JSON.parse(ubad('models', 'list', '--json', '--state', at('state')).stdout) as object[];
    expect(models).toContainEqual(expect.objectContaining({ subject: 'alice', algorithm: 'both', active: true }));
    expect(ubad('models', 'show', '1', '--state', at('state')).status).toBe(0);
  });

  it('models, which stay in use when the pack asks one more query', () => {
    const copy = copyWithOneMoreQuery();
    const ubadOf = (root: string, ...words: string[]): string =>
      spawnSync(process.execPath, [join(root, 'src-main', 'cli.ts'), ...words], { encoding: 'utf8' }).stdout;
    const models = (root: string): unknown =>
      JSON.parse(ubadOf(root, 'models', 'list', '--json', '--state', at('state')));
    expect(models(copy)).toEqual(models('.'));
    expect(JSON.parse(ubadOf(copy, 'models', 'show', '1', '--state', at('state')))).toMatchObject({ usable: true });
    const { subjects } = JSON.parse(ubadOf(copy, 'status', '--json', '--state', at('state'))) as {
      subjects: { subject: string; problem: string | null }[];
    };
    expect(subjects).toContainEqual(expect.objectContaining({ subject: 'alice', problem: null }));
  });

  it('as a later version would leave it: refused with a sentence, and left alone', () => {
    mkdirSync(at('later'));
    execFileSync('cp', ['--archive', at('state/.'), at('later')]);
    const file = at('later/ubad.db');
    const db = new DatabaseSync(file);
    const { user_version: known } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    db.exec(`PRAGMA user_version = ${known + 1000}; PRAGMA wal_checkpoint(TRUNCATE)`);
    db.close();
    const sum = (): string => createHash('sha256').update(readFileSync(file)).digest('hex');
    const before = sum();
    for (const words of [['status'], ['train'], ['alerts', 'list']]) {
      const { status, stderr } = ubad(...words, '--state', at('later'));
      expect({ status, stderr }).toMatchObject({ status: 5, stderr: expect.stringMatching(/newer version/) as string });
    }
    expect(sum()).toBe(before);
  });
});
