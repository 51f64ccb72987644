import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { describe, expect, it } from 'vitest';

import { takeOwnership } from '../../src-main/engine/store/ownership.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';

const folder = scratch();
const at = (name: string): string => join(folder, name);
const past = ordinary(2300);
const log = (actions: typeof past): string => actions.map((action) => `${lineOf(action)}\n`).join('');
writeFileSync(at('past.log'), log(past.slice(0, 2000)));
writeFileSync(at('later.log'), log(past.slice(2000)));
writeFileSync(at('passphrase'), 'correct horse\n');
writeFileSync(at('other'), 'wrong horse\n');

function ubad(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const environment = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };
  return spawnSync(process.execPath, ['src-main/cli.ts', ...words], { encoding: 'utf8', env: environment });
}

const state = at('state');
expect(
  ubad('train', '--log', at('past.log'), '--subject', 'alice', '--algorithm', 'ocsvm', '--state', state).status,
).toBe(0);
const scored = (where: string): string => {
  const out = `${where}.jsonl`;
  const run = ubad('score', '--log', at('later.log'), '--subject', 'alice', '--state', where, '--out', out);
  expect(run).toMatchObject({ status: 0, stderr: '' });
  return readFileSync(out, 'utf8');
};
const restore = (from: string, name: string, ...more: string[]) =>
  ubad('restore', at(from), '--state', at(name), '--config', at(`${name}.json`), ...more);

writeFileSync(at('settings.json'), JSON.stringify({ version: 1, state, alertsPerWeek: 3 }));
const taken = ubad('backup', at('plain.backup'), '--state', state, '--config', at('settings.json'));
const sealing = ['--passphrase-file', at('passphrase')];
const sealed = ubad('backup', at('sealed.backup'), '--state', state, ...sealing);

describe('a backup', () => {
  it('is one private file, and leaves nothing else', () => {
    expect(taken).toMatchObject({ status: 0, stderr: '' });
    expect(taken.stdout).toContain('not encrypted');
    expect(sealed).toMatchObject({ status: 0, stderr: '' });
    expect(statSync(at('plain.backup')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  it('takes the place of no file', () => {
    const before = readFileSync(at('plain.backup'));
    expect(ubad('backup', at('plain.backup'), '--state', state).status).toBe(2);
    expect(readFileSync(at('plain.backup')).equals(before)).toBe(true);
  });

  it('holds no word in the clear where it is encrypted', () => {
    expect(readFileSync(at('plain.backup')).includes('alice')).toBe(true);
    expect(readFileSync(at('sealed.backup')).includes('alice')).toBe(false);
    expect(readFileSync(at('sealed.backup')).includes('ubad.db')).toBe(false);
  });

  it('is taken while the engine holds the store and writes to it', () => {
    const owner = takeOwnership(state);
    if ('kind' in owner) throw new Error(owner.message);
    const writer = new DatabaseSync(join(state, 'ubad.db'));
    try {
      writer.exec('BEGIN IMMEDIATE; UPDATE versions SET active = 0, removed = 1;');
      expect(ubad('backup', at('busy.backup'), '--state', state)).toMatchObject({ status: 0 });
    } finally {
      writer.exec('ROLLBACK');
      writer.close();
      owner.release('clean');
    }
    expect(restore('busy.backup', 'busy').status).toBe(0);
    expect(scored(at('busy'))).toBe(scored(state));
  });
});

describe('restore', () => {
  it('brings settings, database and models back, in another place', () => {
    expect(restore('plain.backup', 'back')).toMatchObject({ status: 0, stderr: '' });
    expect(scored(at('back'))).toBe(scored(state));
    const settings = JSON.parse(readFileSync(at('back.json'), 'utf8')) as Record<string, unknown>;
    expect(settings).toMatchObject({ alertsPerWeek: 3, state: at('back') });
    for (const name of ['back/ubad.db', 'back.json']) expect(statSync(at(name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(at('back')).filter((name) => name.startsWith('.restoring'))).toEqual([]);
  });

  it('wants the passphrase, and the right one', () => {
    const without = restore('sealed.backup', 'sealed');
    expect(without.status).toBe(4);
    expect(without.stderr).toContain('--passphrase-file');
    const wrong = restore('sealed.backup', 'sealed', '--passphrase-file', at('other'));
    expect(wrong.status).toBe(4);
    expect(existsSync(at('sealed/ubad.db'))).toBe(false);
    expect(restore('sealed.backup', 'sealed', ...sealing).status).toBe(0);
    expect(scored(at('sealed'))).toBe(scored(state));
  });

  it('takes no place of what is there, unless told to; that is then kept', () => {
    mkdirSync(at('there'), { mode: 0o700 });
    expect(restore('plain.backup', 'there').status).toBe(0);
    const before = readFileSync(at('there/ubad.db'));
    const refused = restore('plain.backup', 'there');
    expect(refused.status).toBe(5);
    expect(refused.stderr).toContain('--force');
    expect(readFileSync(at('there/ubad.db')).equals(before)).toBe(true);
    expect(restore('plain.backup', 'there', '--force').status).toBe(0);
    const kept = readdirSync(at('there')).filter((name) => /^(ubad\.db|models)\.before-restore-/.test(name));
    expect(kept).toHaveLength(2);
    expect(readFileSync(at(`there/${kept.find((name) => name.startsWith('ubad'))!}`)).equals(before)).toBe(true);
  });

  it('leaves a store alone that an engine works on', () => {
    expect(restore('plain.backup', 'running').status).toBe(0);
    const owner = takeOwnership(at('running'));
    if ('kind' in owner) throw new Error(owner.message);
    const refused = restore('plain.backup', 'running', '--force');
    owner.release('clean');
    expect(refused.status).toBe(5);
    expect(readdirSync(at('running')).some((name) => name.includes('before-restore'))).toBe(false);
  });

  it('reads no pipe and no device, which would have no end', () => {
    spawnSync('mkfifo', [at('pipe')]);
    for (const special of [at('pipe'), '/dev/zero', folder]) {
      const run = ubad('restore', special, '--state', at('special'));
      expect(run, special).toMatchObject({ status: 4, stderr: expect.stringContaining('is not a file') as string });
    }
    expect(existsSync(at('special/ubad.db'))).toBe(false);
  });
});
