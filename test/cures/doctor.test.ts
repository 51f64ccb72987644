import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import type { DoctorReport } from '../../src-main/contract/doctor.ts';
import { parseConfiguration } from '../../src-main/osquery/json.ts';
import { CONF, carriedOut, cured, FLAGS, Machine } from './machine.ts';

const PACK = '/etc/osquery/packs/user-behavior.json';
const doctorFolder = join(import.meta.dirname, '..', '..', 'src-main', 'host', 'doctor');

describe('the cure of a configuration ends in a loaded pack', () => {
  it('where there is none', async () => {
    const machine = new Machine();
    expect(await cured(machine, 'configuration')).toEqual([`There is no ${CONF}.`]);
  });

  it('where one does not name the pack, and keeps all that is there', async () => {
    const text =
      '{"schedule":{"site":{"query":"SELECT 1;","interval":60}},"options":{"logger_snapshot_event_type":"true"}}';
    const machine = new Machine({ [CONF]: text });
    expect(await cured(machine, 'configuration')).toEqual([`${CONF} does not name the pack user-behavior.`]);
    expect(parseConfiguration(machine.text(CONF))).toMatchObject(JSON.parse(text) as object);
    expect(machine.text(`${CONF}.before-ubad`)).toBe(text);
  });

  it('where lines are continued', async () => {
    const text = '{\n  "schedule": {\n    "q1": {"query": "SELECT pid \\\n FROM processes;", "interval": 60}\n  }\n}\n';
    const machine = new Machine({ [CONF]: text });
    expect(await cured(machine, 'configuration')).toEqual([`${CONF} does not name the pack user-behavior.`]);
    expect(text.split('\n').filter((line) => !machine.text(CONF).split('\n').includes(line))).toEqual([]);
  });

  it('where a file beside it names the pack', async () => {
    const beside = '/etc/osquery/osquery.conf.d/10-ubad.conf';
    const machine = new Machine({ [CONF]: '{"options":{}}', [beside]: `{"packs":{"user-behavior":"${PACK}"}}` });
    expect(await cured(machine, 'configuration')).toEqual([`${beside} names the pack ${PACK}, which is not there.`]);
  });

  it('where the file that it names is gone', async () => {
    const elsewhere = '/opt/user-behavior.json';
    const machine = new Machine({ [CONF]: `{"packs":{"user-behavior":"${elsewhere}"}}` });
    expect(await cured(machine, 'configuration')).toEqual([`${CONF} names the pack ${elsewhere}, which is not there.`]);
  });

  it('where osquery was not started since', async () => {
    const machine = new Machine({ [CONF]: `{"packs":{"user-behavior":"${PACK}"}}`, [PACK]: '{"queries":{}}' });
    expect(await cured(machine, 'configuration')).toEqual([
      `${CONF} names the pack, and the log has no result of it yet.`,
    ]);
  });

  it('where it is no JSON: osquery says where, and then the rest is advised', async () => {
    const machine = new Machine({ [CONF]: '{"packs": ' });
    const wrong = await cured(machine, 'configuration', ({ command }) => {
      if (command === 'sudo osqueryctl config-check') machine.put(CONF, '{"packs": {}}');
    });
    expect(wrong).toEqual([`${CONF} is not JSON.`, `${CONF} does not name the pack user-behavior.`]);
  });

  it('where a server configures it', async () => {
    const machine = new Machine({ [FLAGS]: '--config_plugin=tls\n--logger_plugin=tls,filesystem\n' });
    const wrong = await cured(machine, 'configuration', ({ remedy }) => {
      expect(remedy).toContain('fleetctl');
      // It does so already.
      expect(remedy).not.toContain('filesystem');
      machine.result();
    });
    expect(wrong).toEqual([expect.stringContaining('A server configures this osquery')]);
  });

  it('where Fleet’s agent brings an osquery, which logs elsewhere', async () => {
    const log = '/opt/orbit/osquery_log/osqueryd.results.log';
    const machine = new Machine({ [log]: '' });
    const wrong = await cured(machine, 'configuration', ({ remedy }) => {
      machine.run(/"(ubad config set log [^"]+)"/.exec(remedy!)![1]!);
      machine.result(log);
    });
    expect(wrong).toEqual([expect.stringContaining('/opt/orbit')]);
  });

  it.each([
    [FLAGS, '--logger_plugin=tls\n--logger_path=/data/osq\n--disable_logging=true\n'],
    [CONF, '{"options": {"logger_path": "/data/osq", "logger_plugin": "tls", "disable_logging": "true"}, "packs": {}}'],
  ])('where %s sends the log elsewhere, or nowhere', async (path, text) => {
    const machine = new Machine({ [path]: text });
    const wrong = await cured(machine, 'configuration', ({ remedy, command }) => {
      if (command !== null) return;
      expect(remedy).toContain(path);
      const told = machine.text(path);
      const mended = remedy!.includes('take it out')
        ? told.replace(/--disable_logging=true\n|, "disable_logging": "true"/, '')
        : told.replace(/(logger_plugin[=": ]+)tls/, `$1${/write (\S+) there/.exec(remedy!)![1]!}`);
      machine.put(path, mended).osqueryd();
    });
    expect(wrong.slice(0, 4)).toEqual([
      `${path} switches osquery’s logging off.`,
      `${path} has osquery log, but not to files.`,
      expect.stringContaining('has osquery log to /data/osq/osqueryd.results.log'),
      expect.stringMatching(/names the pack|does not name|There is no/),
    ]);
  });
});

it('the cures name a program that is there, also in a checkout, and as sudo finds it', async () => {
  const machine = new Machine().remove('/usr/bin/ubad');
  const { command } = await machine.step('configuration');
  const [, program] = /^sudo (\/.+) setup$/.exec(command!)!;
  // Of nobody's PATH, as with sudo.
  const help = spawnSync('/bin/sh', ['-c', `${program!} setup --help`], { encoding: 'utf8', env: {} });
  expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('--undo') as string });
});

it('the cure of an osquery that does not run starts it', async () => {
  const machine = new Machine().remove('/proc/77');
  expect(await cured(machine, 'osquery-running')).toEqual(['No osqueryd runs.']);
});

it('the cure of an osquery that is not there is its package', async () => {
  const machine = new Machine().remove('/opt/osquery');
  const wrong = await cured(machine, 'osquery-installed', ({ remedy }) => {
    expect(remedy).toContain('https://osquery.io/downloads');
    machine.put('/opt/osquery/bin/osqueryd', '#!/bin/sh\necho 5.23.0\n');
    chmodSync(join(machine.root, '/opt/osquery/bin/osqueryd'), 0o755);
  });
  expect(wrong).toHaveLength(1);
});

it('the cure of a log that is silent, for nobody asks osquery anything, is that of the step before it', async () => {
  const machine = new Machine({ [CONF]: '{"schedule":{"site":{"query":"SELECT 1;","interval":60}}}' });
  const { state, remedy, command } = await machine.step('events-arriving');
  expect([state, command]).toEqual(['fail', null]);
  expect(remedy).toContain('the steps before this one');
  await cured(machine, 'configuration');
  expect((await machine.step('events-arriving')).state).toBe('pass');
});

it('the cure of a log that is silent, for a server asks for something else, is that of the step before it', async () => {
  const machine = new Machine({ [FLAGS]: '--config_plugin=tls\n--logger_plugin=tls,filesystem\n' });
  const { state, remedy, command } = await machine.step('events-arriving');
  expect([state, command]).toEqual(['fail', null]);
  expect(remedy).toContain('the steps before this one');
  expect((await machine.step('configuration')).remedy).toContain('fleetctl');
  machine.result();
  expect((await machine.step('events-arriving')).state).toBe('pass');
});

it('the cure of a log that is silent shows what osquery says, and with its first result it is well', async () => {
  const machine = new Machine({ [CONF]: `{"packs":{"user-behavior":"${PACK}"}}`, [PACK]: '{"queries":{}}' });
  const wrong = await cured(machine, 'events-arriving', ({ command }) => {
    expect(command).toContain('journalctl');
    machine.result();
  });
  expect(wrong).toEqual(['The log has no result yet.']);
});

it('the cure of a log that is not there is an osquery that logs', async () => {
  const machine = new Machine().remove('/var/log/osquery');
  const wrong = await cured(machine, 'log-readable', () => {
    mkdirSync(join(machine.root, '/var/log/osquery'));
    machine.result();
  });
  expect(wrong).toEqual([expect.stringContaining('nor does its folder')]);
});

const canChange = process.getuid?.() === 0 && spawnSync('which', ['setfacl']).status === 0;
it.skipIf(!canChange)('the cure of a log that may not be read lets another user read it, and the log after it', () => {
  const machine = new Machine();
  const log = join(machine.root, '/var/log/osquery/osqueryd.results.log');
  const home = join(machine.root, '..', `${machine.root.split('/').at(-1)!}-home`);
  machine.result();
  chmodSync(log, 0o640);
  const look = (): DoctorReport['steps'][number] => {
    const ran = spawnSync(process.execPath, ['src-main/cli.ts', 'doctor', '--json', '--log', log], {
      encoding: 'utf8',
      uid: 65_534,
      gid: 65_534,
      env: { PATH: '/usr/bin:/bin', HOME: home, XDG_STATE_HOME: home, XDG_CONFIG_HOME: home },
    });
    const { steps } = JSON.parse(ran.stdout) as DoctorReport;
    return steps.find(({ id }) => id === 'log-readable')!;
  };
  const before = look();
  expect(before.state).toBe('fail');
  machine.run(before.command!);
  expect(look()).toMatchObject({ state: 'pass' });
  // osquery makes its log again with the mode 0640.
  writeFileSync(`${log}.new`, '', { mode: 0o640 });
  const read = spawnSync('cat', [`${log}.new`], { uid: 65_534, gid: 65_534, cwd: '/' });
  expect(read.status).toBe(0);
});

/** Advised for a desktop, and carried out on a real one, by these: a machine made of files has neither panel nor packages. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'xfce4-panel --add=systray': 'desktop/app/checks/cures.ts',
  'sudo apt-get install xfce4-notifyd': 'desktop/cures/install-notifications.ts',
};

it.each(Object.entries(ELSEWHERE))('%s is carried out by %s', (command, file) => {
  expect(readFileSync(join(import.meta.dirname, '..', file), 'utf8')).toContain(`'${command}'`);
});

afterAll(() => {
  // Every command that stands in the doctor's files, by its first words.
  const advised = readdirSync(doctorFolder).flatMap((name) =>
    [
      ...readFileSync(join(doctorFolder, name), 'utf8')
        .replaceAll('${ubad}', 'ubad')
        .matchAll(/['`]((?:sudo|ubad|xfce4-panel) [a-z0-9-]+(?: (?:[a-z-]|=)+)?)/g),
    ].map(([, command]) => command!.trim()),
  );
  expect(advised.length).toBeGreaterThan(5);
  const tried = [...carriedOut, ...Object.keys(ELSEWHERE)];
  const left = advised.filter((command) => !tried.some((one) => one.startsWith(command) || command.startsWith(one)));
  if (canChange) expect(left, 'a cure that nothing here carries out').toEqual([]);
});
