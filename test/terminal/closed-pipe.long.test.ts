/** `ubad … | head`: whoever reads may go at any time, and no command says anything of it. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';
import { HOSTILE, plantHostile } from './hostile-store.ts';

const folder = scratch();
const at = (name: string): string => join(folder, name);
const env = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };

/** Every command that the manual tells, as its words. */
const commands = [
  ...execFileSync(process.execPath, ['src-main/cli.ts', 'manual'], { encoding: 'utf8' }).matchAll(
    /^\.SS ubad ([a-z ]+[a-z])/gm,
  ),
].map((match) => match[1]!);

/** Runs it into a pipe whose reader has gone before the first word. */
function intoClosedPipe(...words: string[]): { status: number | null; stderr: string } {
  const script = '{ sleep 0.05; "$@"; echo "$?" >"$0"; } | true';
  const ended = join(mkdtempSync(at('run-')), 'status');
  const { stderr } = spawnSync('sh', ['-c', script, ended, process.execPath, 'src-main/cli.ts', ...words], {
    encoding: 'utf8',
    env,
  });
  return { status: Number(readFileSync(ended, 'utf8')), stderr };
}

describe('a pipe that nobody reads', () => {
  let alert = '';
  let version = '';
  beforeAll(() => {
    const ids = plantHostile(at('state'));
    [alert, version] = [String(ids.alert), String(ids.version)];
    writeFileSync(
      at('log'),
      ordinary(1500)
        .map((action) => `${lineOf(action)}\n`)
        .join(''),
    );
    writeFileSync(at('labels'), 'line_from,line_to,label\n1,100,0\n101,200,1\n');
  });

  const runs: readonly (readonly string[])[] = [
    ['status'],
    ['alerts', 'list'],
    ['alerts', 'show', 'ALERT'],
    ['alerts', 'further', 'ALERT'],
    ['find', '/usr/bin'],
    ['alerts', 'report', 'ALERT'],
    ['alerts', 'tick', 'ALERT', '1'],
    ['alerts', 'mark', 'ALERT', 'normal', '--scope', 'query', '--preview'],
    ['rules', 'list'],
    ['rules', 'remove', '1'],
    ['models', 'list'],
    ['models', 'show', 'VERSION'],
    ['models', 'anchor', 'NAME'],
    ['models', 'plot', 'NAME'],
    ['config', 'get'],
    ['export', 'NAME'],
    ['forget', 'NAME'],
    ['doctor'],
    ['score', '--log', 'LOG'],
    ['evaluate', '--train', 'LOG', '--test', 'LOG', '--labels', 'LABELS', '--algorithm', 'ocsvm'],
    ['diagnostics', 'NEW'],
    ['backup', 'NEW.backup'],
    ['simulate', '--days', '1'],
    ['completion', 'bash'],
    ['setup', '--help'],
    ['watch', '--help'],
    ['train', '--help'],
  ];
  // Those that say nothing where all is well, go on for good or need another machine: they say things through the same door.
  const others = [
    ...[
      'models export',
      'models import',
      'models rollback',
      'models delete',
      'config set',
      'config import',
      'restore',
      'compare',
    ],
    ...['demo', 'start', 'serve'],
    ...['fleet init', 'fleet worker', 'fleet gateway', 'fleet hosts list', 'fleet hosts approve', 'fleet hosts revoke'],
    ...['fleet status', 'fleet inbox', 'fleet alerts list', 'fleet alerts mark', 'alerts send'],
    ...['fleet up', 'fleet serve', 'fleet drain', 'fleet doctor', 'fleet adopt', 'fleet forward', 'fleet bridge'],
    ...['fleet peers', 'fleet split', 'fleet forget'],
  ];

  it('leaves no command out', () => {
    const named = (command: string): boolean =>
      others.includes(command) || runs.some((words) => words.join(' ').startsWith(command));
    expect(commands.filter((command) => !named(command))).toEqual([]);
    expect(commands).toEqual(expect.arrayContaining(others));
  });

  it.each(runs.map((words) => ({ words })))('$words', ({ words }) => {
    const names = {
      ALERT: alert,
      VERSION: version,
      NAME: HOSTILE,
      LOG: at('log'),
      LABELS: at('labels'),
      NEW: at('new'),
    };
    const meant = words.map((word) => word.replace(/[A-Z]{3,}/, (name) => names[name as keyof typeof names]));
    const hasState = !['simulate', 'completion', 'evaluate', 'setup'].includes(words[0]!);
    const { stderr } = intoClosedPipe(...meant, ...(hasState ? ['--state', at('state')] : []));
    expect(stderr).not.toMatch(/EPIPE|uncaught|\n {4}at /);
  });

  it('what was begun is done: a training and what was learned later are kept though nobody hears of it', () => {
    const words = ['train', '--log', at('log'), '--subject', 'alice', '--algorithm', 'ocsvm', '--state', at('learned')];
    expect(intoClosedPipe(...words)).toEqual({ status: 0, stderr: '' });
    const { stdout } = spawnSync(process.execPath, ['src-main/cli.ts', 'models', 'list', '--state', at('learned')], {
      encoding: 'utf8',
      env,
    });
    expect(stdout).toContain('alice');
    const scored = intoClosedPipe(
      'score',
      '--learn',
      '--log',
      at('log'),
      '--subject',
      'alice',
      '--state',
      at('learned'),
    );
    expect(scored.status).toBe(0);
    const versions = spawnSync(
      process.execPath,
      ['src-main/cli.ts', 'models', 'list', '--json', '--state', at('learned')],
      { encoding: 'utf8', env },
    );
    expect(JSON.parse(versions.stdout)).toHaveLength(2);
  });
});

describe('what goes on until it is stopped', () => {
  const program = `
    import { onReaderGone, outliveReaders, print } from '${resolve('src-main/terminal/terminal.ts')}';
    import { writeFileSync } from 'node:fs';
    outliveReaders();
    let said = 0;
    setInterval(() => {
      print('a line');
      if (++said === 40) end('goes on');
    }, 5);
    onReaderGone(() => { end('stopped'); });
    function end(how) { writeFileSync(process.argv.at(-1), how); process.exit(); }`;

  it('ends with its reader', () => {
    writeFileSync(at('program.mts'), program);
    const script = '"$@" | true';
    const words = [process.execPath, at('program.mts'), at('piped')];
    expect(spawnSync('sh', ['-c', script, 'sh', ...words], { encoding: 'utf8' }).stderr).toBe('');
    expect(readFileSync(at('piped'), 'utf8')).toBe('stopped');
  });

  it('goes on where a journal closed its socket: that comes back', async () => {
    writeFileSync(at('program.mts'), program);
    const child = spawn(process.execPath, [at('program.mts'), at('socket')], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.destroy();
    await once(child, 'exit');
    expect(readFileSync(at('socket'), 'utf8')).toBe('goes on');
  });
});
