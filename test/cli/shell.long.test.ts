import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import packageJson from '../../package.json' with { type: 'json' };
import { scratch } from '../scratch.ts';

const folder = scratch();
const run = (command: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', LC_ALL: 'C.UTF-8' } });
const ubad = (...words: string[]): string => {
  const { status, stdout, stderr } = run(process.execPath, 'src-main/cli.ts', ...words);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
};
const there = (name: string): boolean => run('which', name).status === 0;

/** What each shell proposes for the last of these words, in its own way of asking. */
const shells = {
  bash: (script: string, words: readonly string[]) => `
    source '${script}'
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
    _ubad 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (script: string, words: readonly string[]) => `
    compadd() { shift; print -l -- "$@" }; _files() { print FILES }; compdef() { }
    source '${script}'
    words=(${words.map((word) => `'${word}'`).join(' ')}) CURRENT=${words.length}
    _ubad`,
  fish: (script: string, words: readonly string[]) => `source '${script}'; complete -C '${words.join(' ')}'`,
};

describe.each(Object.entries(shells))('%s', (shell, asking) => {
  const isHere = there(shell);
  const script = join(folder, shell);
  const proposals = (...words: string[]): string[] => {
    const { stdout, stderr } = run(shell, '-c', asking(script, ['ubad', ...words]));
    expect(stderr).toBe('');
    const wanted = words.at(-1)!;
    return stdout
      .split('\n')
      .map((line) => line.split('\t')[0]!)
      .filter((word) => word !== '' && word.startsWith(wanted));
  };

  it.skipIf(!isHere)('completes commands, their own commands, options and the values that there are', () => {
    writeFileSync(script, ubad('completion', shell));
    expect(proposals('')).toEqual(expect.arrayContaining(['train', 'watch', 'alerts', 'setup']));
    expect(proposals('tr')).toEqual(['train']);
    expect(proposals('models', '').sort()).toEqual(
      expect.arrayContaining(['delete', 'export', 'import', 'list', 'rollback', 'show']),
    );
    expect(proposals('models', '')).not.toContain('train');
    expect(proposals('train', '--al')).toEqual(['--algorithm']);
    expect(proposals('train', '--algorithm', '').sort()).toEqual(['both', 'lstm', 'ocsvm']);
    expect(proposals('watch', '--json', '--from', '').sort()).toEqual(['beginning', 'end']);
    expect(proposals('')).not.toContain('manual');
  });
});

describe('the manual', () => {
  const manual = ubad('manual');

  it('tells of every command and option that help tells of', () => {
    const commands = (text: string): string[] => [...text.matchAll(/^ {2}([a-z]+)(?: |\n)/gm)].map(([, name]) => name!);
    const top = commands(ubad('--help').split('Commands:')[1]!.split('Examples:')[0]!);
    expect(top.length).toBeGreaterThan(8);
    for (const name of top.filter((one) => one !== 'help')) {
      const help = ubad(name, '--help');
      expect(manual).toContain(`.SS ubad ${name}`);
      for (const [, option] of help.matchAll(/(--[a-z-]+)/g)) {
        if (option !== '--help' && option !== '--log') expect(manual).toContain(option!.replaceAll('-', '\\-'));
      }
    }
    expect(manual).toContain(packageJson.version);
  });

  it.skipIf(!there('man'))('is roff that man sets without a warning', () => {
    const page = join(folder, 'ubad.1');
    writeFileSync(page, manual);
    const { status, stdout, stderr } = run('man', '--warnings', '-E', 'UTF-8', '-l', page);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('the log that is followed');
  });
});
