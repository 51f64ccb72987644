import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import type { Report } from '../../src-main/engine/report/report.ts';
import { incidentOf } from '../engine/answer/incident-of.ts';
import { row, start } from '../engine/narrative/tell.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import { NOW } from '../engine/store/store-at.ts';
import { scratch } from '../scratch.ts';

describe('ubad alerts', () => {
  const folder = scratch();
  const at = (name: string): string => join(folder, name);
  function ubad(...words: string[]): { stdout: string; stderr: string; status: number | null } {
    const env = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };
    const all = ['src-main/cli.ts', ...words, '--state', at('state')];
    return spawnSync(process.execPath, all, { encoding: 'utf8', env });
  }

  beforeAll(() => {
    const opened = openStore(at('state'), { now: NOW });
    if (!opened.ok) throw new Error(opened.problem.message);
    const { store } = opened;
    const key = { username: 'alice', comment: 'x@evil', key_file: '/home/alice/.ssh/authorized_keys' };
    incidentOf([row('authorized_keys', key), start('/tmp/m/xmrig', 'bash')], [], store);
    store.close();
  });

  it('report writes a private file of the kind that its name tells, once', () => {
    const file = at('alert.html');
    const { status, stderr } = ubad('alerts', 'report', '1', '--output', file, '--language', 'de');
    expect([status, stderr]).toEqual([0, expect.stringContaining('only you can read it')]);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>\n<html lang="de">/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(ubad('alerts', 'report', '1', '--output', file)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('exists already') as string,
    });
  });

  it('tick notes that a step was taken, and that it was not, by the number that show tells', () => {
    const step = /^ {2}\[(.)\] (\d)\. Lock the screen/m;
    const [, , number] = step.exec(ubad('alerts', 'show', '1').stdout)!;
    expect(ubad('alerts', 'tick', '1', number!)).toMatchObject({ status: 0, stdout: 'done: Lock the screen\n' });
    expect(step.exec(ubad('alerts', 'show', '1').stdout)![1]).toBe('x');
    const done = JSON.parse(ubad('alerts', 'report', '1', '--format', 'json').stdout) as Report;
    expect(done.steps.filter((one) => one.done !== null).map(({ kind }) => kind)).toEqual(['lock']);
    expect(ubad('alerts', 'tick', '1', number!, '--undo').stdout).toBe('not done: Lock the screen\n');
    expect(step.exec(ubad('alerts', 'show', '1').stdout)![1]).toBe(' ');
    for (const wrong of ['0', '99', 'lock'])
      expect(ubad('alerts', 'tick', '1', wrong)).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/has the steps 1 to \d+; see: ubad alerts show 1/) as string,
      });
    expect(ubad('alerts', 'tick', '7', '1')).toMatchObject({ status: 2 });
  });

  it('show tells how to ask further, and find and further answer it, as text and JSON', () => {
    const shown = ubad('alerts', 'show', '1').stdout;
    expect(shown).toContain('\nAsk further:\n  ubad alerts further 1\n');
    expect(shown).toContain('\n  ubad find /tmp/m/xmrig\n');
    const found = ubad('find', '/tmp/m/xmrig').stdout;
    expect(found).toMatch(/^1 actions? ha(s|ve) it, from /);
    expect(found).toMatch(/^alice +desk +1 /m);
    const json = JSON.parse(ubad('find', 'alice', '--as', 'user', '--json').stdout) as Record<string, unknown>;
    expect(json).toMatchObject({ as: 'user', value: 'alice', count: 2, alerts: [1], complete: true });
    expect(json.actions).toHaveLength(2);
    expect(ubad('find', 'alice').stdout).toContain('It is also known as a user: ubad find alice --as user');
    expect(ubad('find', "it's; rm").stdout).toContain('Only whole values are found.');
    expect(ubad('find', 'x', '--limit', '0')).toMatchObject({ status: 2 });
    const further = ubad('alerts', 'further', '1').stdout;
    expect(further).toContain('Who started whom (* of the alert)\n  the log does not tell\n');
    expect(further).toContain('2 of 2 actions');
    expect(JSON.parse(ubad('alerts', 'further', '1', '--json').stdout)).toMatchObject({ tree: [], session: null });
    expect(ubad('alerts', 'further', '9').stderr).toContain('no alert 9');
  });

  it('report prints Markdown, or what is asked for', () => {
    expect(ubad('alerts', 'report', '1').stdout).toMatch(/^# Alert 1\\: alice\n/);
    const told = JSON.parse(ubad('alerts', 'report', '1', '--format', 'json').stdout) as Report;
    expect(told.raw.map(({ query }) => query)).toEqual(['authorized_keys', 'process_start']);
    expect(ubad('alerts', 'report', '9').stderr).toContain('no alert 9');
  });

  it('show ends with both answers: rules by their width, and steps with their commands', () => {
    const { stdout } = ubad('alerts', 'show', '1');
    expect(stdout).toContain('[ ] 1. Take away the SSH key x@evil of /home/alice/.ssh/authorized_keys');
    expect(stdout).toContain(
      'takes it back: mv /home/alice/.ssh/authorized_keys.before /home/alice/.ssh/authorized_keys',
    );
    expect(stdout).toMatch(/--scope query +very wide +/);
    const rule = /ubad (alerts mark 1 normal --act \d+ --scope action) +narrow/.exec(stdout)![1]!;
    const { stdout: said } = ubad(...rule.split(' '), '--preview');
    expect(said).toMatch(/this SSH key \(x@evil, |exactly this start: \/tmp\/m\/xmrig by bash/);
    expect(said).toMatch(/It would (not )?have hidden this alert/);
    expect(ubad('alerts', 'mark', '1', 'normal', '--scope', 'address').stderr).toContain('It has: action,');
  });
});
