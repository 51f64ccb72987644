import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { doctorSteps } from '../../src-main/contract/doctor.ts';
import { scratch } from '../scratch.ts';

const root = join(import.meta.dirname, '..', '..');

function doctor(language: string): string[] {
  const home = scratch();
  const ran = spawnSync(process.execPath, ['src-main/cli.ts', 'doctor', '--log', join(home, 'no.log')], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', HOME: home, XDG_STATE_HOME: home, XDG_CONFIG_HOME: home, LANG: language },
  });
  return ran.stdout.trimEnd().split('\n');
}

it('the doctor speaks German in a terminal whose session does, each step and each remedy of it', () => {
  const lines = doctor('de_DE.UTF-8');
  const steps = lines.filter((line) => !line.startsWith('    '));
  expect(steps).toHaveLength(doctorSteps.length);
  expect(lines.join('\n')).toMatch(/^✘ Protokoll lesbar: .*no\.log gibt es nicht\.$/m);
  const said = lines.filter((line) => !line.startsWith('    $')).map((line) => line.replace(/„[^“]*“|\S*\/\S*/g, ''));
  expect(said.filter((line) => /\b(?:the|is|of|and|not|does|there|which|this)\b/i.test(line))).toEqual([]);
});

it('… and English elsewhere, as before', () => {
  expect(doctor('fr_FR.UTF-8').join('\n')).toMatch(/^✘ log readable: .*no\.log does not exist\.$/m);
});

it('the plan of the setup that the window shows is in the session’s language, too', () => {
  const plan = (language: string): { advice: string[] } => {
    const home = scratch();
    const args = ['src-main/cli.ts', 'setup', '--json', '--root', home];
    const env = { PATH: '/usr/bin:/bin', HOME: home, XDG_CONFIG_HOME: home, LANG: language };
    return JSON.parse(spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env }).stdout) as {
      advice: string[];
    };
  };
  expect(plan('de_DE.UTF-8').advice[0]).toMatch(/^osquery ist nicht installiert: /);
  expect(plan('C.UTF-8').advice[0]).toMatch(/^osquery is not installed: /);
});
