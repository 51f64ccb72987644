import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, it, vi } from 'vitest';

import { doctorSteps, type DoctorStep, type DoctorStepId } from '../../src-main/contract/doctor.ts';
import { examine, type Patient } from '../../src-main/host/doctor/examine.ts';
import { quoted } from '../../src-main/host/doctor/shell.ts';
import { newFolder, NOW } from '../engine/store/store-at.ts';

/** A machine made of files, as a real one's are. */
class Made {
  readonly root = newFolder();
  readonly log = join(this.root, 'var/log/osquery/osqueryd.results.log');

  put(path: string, content: string, mode = 0o644): this {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
    return this;
  }

  async look(more: Partial<Patient> = {}): Promise<Record<DoctorStepId, DoctorStep>> {
    const { root, log } = this;
    const patient: Patient = {
      root,
      log,
      host: 'terminal',
      status: null,
      now: NOW,
      user: 'ann',
      path: ['/opt/osquery/bin'],
      ...more,
    };
    const { steps } = await examine(patient);
    expect(steps.map(({ id }) => id)).toEqual(doctorSteps);
    // What fails says what to do; what is well does not.
    for (const { state, remedy, why } of steps) {
      expect(why).toMatch(/\.$/);
      if (state === 'fail' || state === 'warn') expect(remedy).not.toBeNull();
      if (state === 'pass') expect(remedy).toBeNull();
    }
    return Object.fromEntries(steps.map((step) => [step.id, step])) as Record<DoctorStepId, DoctorStep>;
  }
}

const well = (): Made =>
  new Made()
    .put('opt/osquery/bin/osqueryd', '#!/bin/sh\necho osqueryd version 5.23.0\n', 0o755)
    .put('proc/1/comm', 'systemd\n')
    .put('proc/77/comm', 'osqueryd\n')
    .put('var/log/osquery/osqueryd.results.log', `{"name":"pack_user-behavior_heartbeat","unixTime":${NOW - 100}}\n`);

const users = (...names: string[]): Patient['status'] => ({
  users: names.map((name) => ({
    name,
    actions: 1,
    lastSeen: NOW,
    openAlerts: 0,
    waitingAlerts: 0,
    newAlerts: 0,
    model: { state: 'learning', progress: 0 },
  })),
});

it('passes a machine on which all is as it must be', async () => {
  const steps = await well().look({ status: users('alice', 'host:desk') });
  const passed = doctorSteps.slice(0, 6).map((id) => [id, steps[id].state]);
  expect(passed).toEqual(doctorSteps.slice(0, 6).map((id) => [id, 'pass']));
  expect(steps['osquery-installed'].why).toContain('version 5.23.0');
  expect(steps['osquery-running'].why).toContain('process 77');
  expect(steps.tray.state).toBe('not-applicable');
});

it('tells a machine without osquery, and one on which it does not run', async () => {
  const none = await new Made().put('proc/1/comm', 'systemd').look();
  expect(none['osquery-installed'].state).toBe('fail');
  expect(none['osquery-running']).toMatchObject({
    state: 'fail',
    command: expect.stringContaining('systemctl') as string,
  });
  expect(none['log-readable'].why).toContain('nor does its folder');
  expect(none['events-arriving'].state).toBe('unknown');
  const hidden = await new Made().look();
  expect(hidden['osquery-running'].state, 'others’ processes are hidden').toBe('unknown');
});

it.skipIf(process.getuid?.() === 0)(
  'gives the commands that let this user read the log, and they can be pasted',
  async () => {
    const made = well();
    chmodSync(made.log, 0o000);
    const { 'log-readable': step } = await made.look({ user: "o'neil" });
    expect(step).toMatchObject({ state: 'fail', why: expect.stringMatching(/mode 0000 \(EACCES\)/) as string });
    expect(step.command!.split(' && ')).toEqual([
      `sudo setfacl -m u:'o'\\''neil':rx ${dirname(made.log)}`,
      `sudo setfacl -d -m u:'o'\\''neil':r ${dirname(made.log)}`,
      `sudo setfacl -m u:'o'\\''neil':r ${made.log}`,
    ]);
  },
);

it('quotes what a shell would take for more than a word', () => {
  expect(['a', '/x/y-z.log', 'two words', '$(id)', "it's", ''].map(quoted)).toEqual([
    ...['a', '/x/y-z.log', "'two words'", "'$(id)'", String.raw`'it'\''s'`, "''"],
  ]);
});

it('tells how old the last result is', async () => {
  const aged = async (age: number) =>
    (
      await well()
        .put('var/log/osquery/osqueryd.results.log', `{"name":"x","unixTime":"${NOW - age}"}\n{"name":`)
        .look()
    )['events-arriving'];
  expect(await aged(60)).toMatchObject({ state: 'pass', why: 'The last result is 60 seconds old.' });
  expect(await aged(3 * 3600)).toMatchObject({ state: 'warn', why: 'The last result is 3 hours old.' });
  expect(await aged(5 * 86_400)).toMatchObject({ state: 'fail', why: 'The last result is 5 days old.' });
  const empty = await well().put('var/log/osquery/osqueryd.results.log', '').look();
  expect(empty['events-arriving'].state).toBe('fail');
});

it('does not take one result of the future for a fresh one', async () => {
  const result = (time: number): string => `{"name":"x","unixTime":${time}}\n`;
  const look = async (...times: number[]) =>
    (await well().put('var/log/osquery/osqueryd.results.log', times.map(result).join('')).look())['events-arriving'];
  expect(await look(NOW - 3 * 3600, 4_102_444_800)).toMatchObject({
    state: 'warn',
    why: 'The last result is 3 hours old. 1 of the last 2 claim a time in the future.',
  });
  expect(await look(4_102_444_800)).toMatchObject({
    state: 'warn',
    why: expect.stringContaining('claim a time in the future') as string,
  });
  expect(await look(NOW + 30)).toMatchObject({ state: 'pass' });
});

it.each([
  ['osquery’s status log', 'I0725 17:20:00.123456  4711 scheduler.cpp:105] Executing scheduled query\n'.repeat(9)],
  ['the log of another program', 'Jul 25 17:20:00 desk kernel: usb 1-1: new device\n'.repeat(9)],
  ['no results of osquery', '{"level":"info"}\n'.repeat(9)],
])('calls a log that is %s by its name, and does not advise to wait', async (what, content) => {
  const steps = await well().put('var/log/osquery/osqueryd.results.log', content).look({ status: users() });
  expect(steps['events-arriving']).toMatchObject({
    state: 'fail',
    why: expect.stringContaining(what) as string,
    remedy: expect.stringContaining('osqueryd.results.log') as string,
  });
  const advice = Object.values(steps).map(({ remedy }) => remedy ?? '');
  expect(advice.filter((text) => /wait (for a few|five) minutes/i.test(text))).toEqual([]);
});

it('reads results out of a shipper’s wrapper, and says so', async () => {
  const line = `Jul 25 17:20:00 desk osqueryd[7]: {"name":"x","unixTime":${NOW - 60}}\n`;
  const steps = await well().put('var/log/osquery/osqueryd.results.log', line).look();
  expect(steps['events-arriving']).toMatchObject({
    state: 'pass',
    why: expect.stringContaining('were unwrapped') as string,
  });
});

it('tells an osquery that is too old for the pack', async () => {
  const versioned = async (version: string) =>
    (await well().put('opt/osquery/bin/osqueryd', `#!/bin/sh\necho osqueryd version ${version}\n`, 0o755).look())[
      'osquery-installed'
    ];
  expect(await versioned('5.4.0')).toMatchObject({ state: 'fail', why: expect.stringContaining('5.5.1') as string });
  for (const version of ['5.5.1', '5.10.0', '6.0.0']) expect((await versioned(version)).state).toBe('pass');
});

it('finds the pack in the configuration where the log has no result of it yet', async () => {
  const other = '{"name":"other","unixTime":1}\n';
  const made = () => well().put('var/log/osquery/osqueryd.results.log', other);
  const look = async (configuration: string, more = (machine: Made) => machine) =>
    (await more(made().put('etc/osquery/osquery.conf', configuration)).look()).configuration;
  const named = '# ours\n{"packs": {"user-behavior": "/usr/share/ubad/conf/user-behavior.json"}}';
  const withPack = (machine: Made) => machine.put('usr/share/ubad/conf/user-behavior.json', '{}');
  expect((await made().look()).configuration).toMatchObject({
    state: 'fail',
    why: expect.stringContaining('There is no') as string,
  });
  expect(await look('{"packs": {"it": "/x.json"}}')).toMatchObject({
    state: 'fail',
    why: expect.stringContaining('does not name') as string,
  });
  expect(await look(named)).toMatchObject({ state: 'fail', why: expect.stringContaining('is not there') as string });
  expect(await look(named, withPack)).toMatchObject({ state: 'warn', command: 'sudo systemctl restart osqueryd' });
  expect(await look('{"packs": ')).toMatchObject({
    state: 'fail',
    why: expect.stringContaining('is not JSON') as string,
  });
  const elsewhere = made()
    .put('etc/osquery/osquery.flags', '--config_path=/etc/mine.conf\n')
    .put('etc/mine.conf', named);
  expect((await withPack(elsewhere).look()).configuration.why).toContain('/etc/mine.conf');
});

it('tells people from machines, and names from numbers', async () => {
  const state = async (...names: string[]) => (await well().look({ status: users(...names) }))['users-known'];
  expect((await state('host:desk')).state).toBe('warn');
  expect(await state('alice', 'uid:1001')).toMatchObject({
    state: 'warn',
    why: '1 of 2 users are known by number only: uid:1001.',
  });
});

it('asks for tray and autostart where there is a desktop', async () => {
  const look = async (tray: boolean | null, autostart: boolean) => {
    const steps = await well().look({ host: 'desktop', tray, autostart });
    return [steps.tray.state, steps.autostart.state];
  };
  expect(await look(true, true)).toEqual(['pass', 'pass']);
  expect(await look(null, false)).toEqual(['unknown', 'warn']);
  expect((await look(false, true))[0]).toBe('warn');
});

it('gives a command for the tray where it can be carried out', async () => {
  const look = async (session: string) => (await well().look({ host: 'desktop', tray: false, session })).tray;
  expect(await look('XFCE')).toMatchObject({ state: 'warn', command: 'xfce4-panel --add=systray' });
  expect(await look('ubuntu:GNOME')).toMatchObject({
    command: null,
    remedy: expect.stringContaining('AppIndicator') as string,
  });
});

it('gives a command for a notification server where there is apt-get', async () => {
  vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nonexistent/bus');
  const look = async (made: Made) => (await made.look({ host: 'desktop', path: ['/usr/bin'] })).notifications;
  expect(await look(well())).toMatchObject({ state: 'fail', command: null });
  const debian = well().put('usr/bin/apt-get', '', 0o755);
  expect((await look(debian)).command).toBe('sudo apt-get install xfce4-notifyd');
  vi.unstubAllEnvs();
});
