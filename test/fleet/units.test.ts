import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { scratch } from '../scratch.ts';
import { describeWithNats, NatsServer } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';

const root = join(import.meta.dirname, '..', '..');
const unitOf = (name: string): string => readFileSync(join(root, 'build', 'linux', 'systemd', name), 'utf8');
const units = ['worker@', 'gateway', 'inbox', 'forward', 'bridge'] as const;
const settingsOf = (unit: string): readonly string[] => unit.split('\n').filter((line) => /^[A-Z]\w+=/.test(line));
const hasCommand = (name: string): boolean => spawnSync('which', [name]).status === 0;

/** What a unit of the fleet may do that the machine's own service may not: it speaks to other machines. */
const FOR_NETWORK = ['PrivateNetwork=yes', 'IPAddressDeny=any', 'RestrictAddressFamilies=AF_UNIX'];

describe('the units of a fleet', () => {
  it.each(units)('%s is hardened as the machine’s own service is, but for the network', (name) => {
    const own = settingsOf(unitOf('system.service'));
    const hardening = own.slice(own.indexOf('NoNewPrivileges=yes')).filter((line) => !FOR_NETWORK.includes(line));
    expect(hardening.length).toBeGreaterThan(20);
    expect(settingsOf(unitOf(`${name}.service`))).toEqual(
      expect.arrayContaining([...hardening, 'User=ubad', 'UMask=0077', 'Type=notify']),
    );
  });

  it.each(units)('%s runs a command that there is', (name) => {
    const command = /^ExecStart=\/usr\/bin\/ubad (.+)$/m.exec(unitOf(`${name}.service`))![1]!;
    const words = command
      .replaceAll('%l', 'desk')
      .replaceAll('%i', '1')
      .replace('/etc/ubad', '/nonexistent')
      .split(' ');
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'src-main', 'cli.ts'), ...words], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toMatchObject({ status: 4, stderr: expect.stringContaining('fleet.json') as unknown });
  });

  it.skipIf(!hasCommand('systemd-analyze'))('are taken by systemd', () => {
    const folder = scratch();
    for (const name of units) {
      const file = join(folder, `ubad-${name}.service`);
      writeFileSync(file, unitOf(`${name}.service`).replace('/usr/bin/ubad', '/bin/true'));
      const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
      expect((stdout + stderr).split('\n').filter((line) => line.includes(folder) || line.includes('ubad'))).toEqual(
        [],
      );
    }
  });

  it('are shipped, and none is enabled', () => {
    const packed = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
    for (const name of units)
      expect(packed).toContain(`systemd/${name}.service=/usr/lib/systemd/system/ubad-${name}.service`);
    expect(readFileSync(join(root, 'build', 'linux', 'postinst.sh'), 'utf8')).not.toMatch(/enable/);
  });
});

const withSocket = hasCommand('socat') && hasCommand('systemd-notify') ? describeWithNats : describe.skip;
withSocket('a worker under a service manager', () => {
  it('is ready while it waits for NATS, says so, and says that it stops', async () => {
    const server = await NatsServer.start();
    onTestFinished(() => server.stop());
    const fleet = await TestFleet.make(server, 'unit', { partitions: 1 });
    await server.kill();
    const at = (name: string): string => join(fleet.folder, name);
    const started: ChildProcess[] = [];
    onTestFinished(() => {
      for (const child of started) child.kill('SIGKILL');
    });
    const heard = openSync(at('heard'), 'w');
    started.push(spawn('socat', ['-u', `UNIX-RECV:${at('socket')}`, 'STDOUT'], { stdio: ['ignore', heard, 'ignore'] }));
    const told = (): string => readFileSync(at('heard'), 'utf8');
    await until('the socket', () => spawnSync('test', ['-S', at('socket')]).status === 0);
    const words = ['fleet', 'worker', '--name', 'desk-1', '--state', at('own'), '--config', fleet.configOf('asked')];
    const worker = spawn(process.execPath, [join(root, 'src-main', 'cli.ts'), ...words], {
      env: { ...process.env, NOTIFY_SOCKET: at('socket'), WATCHDOG_USEC: '1000000' },
      stdio: 'ignore',
    });
    started.push(worker);
    await until('it says that it waits', () => told().includes('READY=1\nSTATUS=NATS cannot be reached'));
    await server.begin();
    await until('it works', () => told().includes('STATUS=worker desk-1 of the fleet unit is ready'));
    await until('it has its partition in its own folder', () =>
      execFileSync('find', [fleet.folder, '-name', 'ubad.db'], { encoding: 'utf8' }).includes(at('own/0000')),
    );
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    await until('it says that it stops', () => told().includes('STOPPING=1'));
    expect(told()).toContain('WATCHDOG=1');
  });
});
