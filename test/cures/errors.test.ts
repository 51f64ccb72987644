import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { fill, NOW, opened } from '../engine/store/store-at.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';
import { begin, newMachine } from '../web/served.ts';

const folder = scratch();
const at = (name: string): string => join(folder, name);
const env = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };

/** A command line as it is typed, `ubad` being this one. */
function shell(command: string): { readonly status: number | null; readonly stderr: string } {
  const typed = `ubad() { '${process.execPath}' src-main/cli.ts "$@"; }\n${command}`;
  return spawnSync('sh', ['-c', typed], { encoding: 'utf8', env });
}

function known(name: string): string {
  const store = opened(at(name));
  fill(store, 'alice', [NOW]);
  store.close();
  return at(name);
}

/** Fails, and says what to type: that is typed, with what it leaves open filled in, and then the first works. */
function curedBy(command: string, advice: RegExp, filled: (cure: string) => string = (cure) => cure): void {
  const before = shell(command);
  expect(before.status, before.stderr).not.toBe(0);
  const cure = advice.exec(before.stderr)?.[1];
  expect(cure, before.stderr).toBeDefined();
  const ran = shell(filled(cure!));
  expect(ran.status, ran.stderr).toBe(0);
}

it('nothing is stored yet: the command that stores', async () => {
  const state = at('fresh');
  const { stderr } = shell(`ubad status --state '${state}'`);
  const cure = /Start with: (ubad watch .*)/.exec(stderr)![1]!;
  const words = cure
    .replace(/^ubad /, '')
    .replaceAll("'", '')
    .split(' ');
  const watching = spawn(process.execPath, ['src-main/cli.ts', ...words], { env, stdio: 'ignore' });
  await expect.poll(() => existsSync(join(state, 'ubad.db')), { timeout: 20_000 }).toBe(true);
  watching.kill('SIGTERM');
  await new Promise((done) => watching.once('exit', done));
  expect(shell(`ubad status --state '${state}'`).status).toBe(0);
});

it('a folder in which others can write is closed to them', () => {
  const state = known('open');
  chmodSync(state, 0o777);
  const again = `ubad forget alice --last-hours 0.5 --yes --state '${state}'`;
  curedBy(again, /Run: (chmod .*)/);
  expect(shell(again).status).toBe(0);
});

it.each([
  ['alerts show 99', 'see: (ubad alerts list)'],
  ['rules remove 99', 'see: (ubad rules list)'],
  ['models show 99', 'see: (ubad models list)'],
  ['models anchor nobody', 'see: (ubad status)'],
  ['export nobody', 'see: (ubad status)'],
  ['forget nobody', 'see: (ubad status)'],
])('%s: what there is, is listed', (command, advice) => {
  const state = `--state '${known('lists')}'`;
  curedBy(`ubad ${command} ${state}`, new RegExp(advice), (cure) => `${cure} ${state}`);
});

it('without a model it is trained, and then scores', () => {
  const actions = ordinary(2000);
  writeFileSync(at('past.log'), actions.map((action) => `${lineOf(action)}\n`).join(''));
  const state = `--state '${at('scored')}' --subject alice`;
  known('scored');
  const again = `ubad score --log '${at('past.log')}' --out '${at('scores.jsonl')}' ${state}`;
  curedBy(again, /run: (ubad train --log FILE)/, (cure) => `${cure.replace('FILE', `'${at('past.log')}'`)} ${state}`);
  expect(shell(again)).toMatchObject({ status: 0 });
});

it('what is there already is put aside by --force, or another name is taken', () => {
  const state = known('backed-up');
  expect(shell(`ubad backup '${at('a.backup')}' --state '${state}'`).status).toBe(0);
  const again = `ubad restore '${at('a.backup')}' --state '${state}'`;
  curedBy(again, /(--force)/, (cure) => `${again} ${cure}`);
  const exporting = `ubad export alice --state '${state}' --out '${at('export.json')}'`;
  expect(shell(exporting).status).toBe(0);
  curedBy(exporting, /(name a new file)/, () => exporting.replace('export.json', 'another.json'));
});

it('a wrong value: one of those that are named', () => {
  curedBy('ubad config get colour', /there are (\w+)/, (name) => `ubad config get ${name}`);
  curedBy(
    `ubad train --log '${at('past.log')}' --state '${at('s')}' --subject a --algorithm magic`,
    /Allowed choices are (\w+)/,
    (name) => `ubad config set algorithm ${name}`,
  );
});

it('a runtime folder that others can read is closed, and then it serves', async () => {
  const machine = newMachine();
  mkdirSync(join(machine.folder, 'run/ubad'), { recursive: true });
  chmodSync(join(machine.folder, 'run/ubad'), 0o755);
  const why = await begin(machine).catch((error: unknown) => (error as Error).message);
  const cure = /Run: (chmod .*)/.exec(why as string)![1]!;
  expect(shell(cure).status).toBe(0);
  const served = await begin(machine);
  expect(served.state).toBe('started');
  if (served.state === 'started') await served.web.stop();
});
