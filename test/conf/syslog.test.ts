/** The snippets for syslog daemons, read by the real ones, which write through a pipe what osquery's table reads. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { scratch } from '../scratch.ts';

/** A daemon that can be started here, with what it needs. */
interface Daemon {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
  /** A configuration around the snippet, which reads messages from `socket`. */
  readonly around: (socket: string, snippet: string) => string;
  readonly check: readonly string[];
  readonly run: (folder: string) => readonly string[];
}

const isThere = (command: string): boolean => spawnSync('which', [command]).status === 0;
const sbin: NodeJS.ProcessEnv = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };

const rsyslog = (): Daemon | string =>
  spawnSync('which', ['rsyslogd'], { env: sbin }).status === 0
    ? {
        command: 'rsyslogd',
        env: sbin,
        args: [],
        around: (socket, snippet) =>
          `module(load="imuxsock" SysSock.Use="off")\ninput(type="imuxsock" Socket="${socket}" CreatePath="on")\n${snippet}`,
        check: ['-N1', '-f'],
        run: (folder) => ['-n', '-i', join(folder, 'pid'), '-f'],
      }
    : 'no rsyslogd (apt-get install rsyslog)';

/** Debian installs one of the two: this one is only unpacked, where it is not there. */
function syslogNg(): Daemon | string {
  const own = { command: 'syslog-ng', env: sbin, args: [] as string[] };
  if (!isThere('syslog-ng')) {
    if (process.env.UBAD_SYSTEM_PACKAGES === 'keep' || !isThere('apt-get')) return 'no syslog-ng, and none is fetched';
    const folder = scratch();
    const packages = ['syslog-ng-core', 'libivykis0', 'libnet1', 'libjson-c5', 'libwrap0', 'libpcre3'];
    const got = spawnSync('apt-get', ['download', ...packages], { cwd: folder, encoding: 'utf8' });
    if (got.status !== 0) return `no syslog-ng, and apt-get has none (${got.stderr.trim().split('\n').at(-1)})`;
    for (const file of readdirSync(folder))
      spawnSync('dpkg-deb', ['--extract', join(folder, file), join(folder, 'root')]);
    const root = join(folder, 'root');
    const modules = join(root, 'usr/lib/syslog-ng');
    const libraries = [modules, join(root, 'usr/lib/x86_64-linux-gnu'), join(root, 'lib/x86_64-linux-gnu')];
    own.command = join(root, 'usr/sbin/syslog-ng');
    own.env = { ...sbin, LD_LIBRARY_PATH: libraries.join(':') };
    own.args = ['--module-path', join(modules, readdirSync(modules).find((name) => /^\d/.test(name)) ?? '')];
  }
  const { stdout } = spawnSync(own.command, [...own.args, '--version'], { encoding: 'utf8', env: own.env });
  const version = /\((\d+\.\d+)/.exec(stdout)?.[1] ?? /Config version: (\d+\.\d+)/.exec(stdout)?.[1];
  if (version === undefined) return 'syslog-ng does not start here';
  return {
    ...own,
    around: (socket, snippet) => `@version: ${version}\nsource s_src { unix-dgram("${socket}"); };\n${snippet}`,
    check: ['--syntax-only', '-f'],
    run: (folder) => [
      ...['-F', '--no-caps', '-p', join(folder, 'pid'), '-c', join(folder, 'ctl'), '-R', join(folder, 'persist')],
      '-f',
    ],
  };
}

/** As programs send them: a logger's own quotes, a new line, another facility. */
const MESSAGES = [
  '<38>Nov 29 20:00:00 sshd[12]: Accepted "key" for alice\n"forged","line"',
  '<86>Nov 29 20:00:00 su: (to root) bob on pts/1',
  '<14>Nov 29 20:00:00 other[1]: not for osquery',
];

it.for([
  ['rsyslog', rsyslog],
  ['syslog-ng', syslogNg],
] as const)('%s takes its snippet and writes CSV of login and sudo into the pipe', async ([name, find], { skip }) => {
  const daemon = find();
  if (typeof daemon === 'string') return skip(daemon);
  const folder = scratch();
  const at = (file: string): string => join(folder, file);
  const shipped = readFileSync(resolve('conf', `${name}-osquery.conf`), 'utf8');
  expect(shipped).toContain('/var/osquery/syslog_pipe');
  writeFileSync(at('shipped.conf'), daemon.around(at('socket'), shipped));
  const checked = spawnSync(daemon.command, [...daemon.args, ...daemon.check, at('shipped.conf')], {
    encoding: 'utf8',
    env: daemon.env,
  });
  expect(checked.status, checked.stderr).toBe(0);

  expect(spawnSync('mkfifo', [at('pipe')]).status).toBe(0);
  writeFileSync(
    at('own.conf'),
    daemon.around(
      at('socket'),
      shipped.replace('/var/osquery/syslog_pipe', () => at('pipe')),
    ),
  );
  let got = '';
  const reader = spawn('cat', [at('pipe')], { stdio: ['ignore', 'pipe', 'inherit'] });
  reader.stdout.on('data', (data: Buffer) => (got += data.toString()));
  const child = spawn(daemon.command, [...daemon.args, ...daemon.run(folder), at('own.conf')], {
    env: daemon.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(async () => {
    for (const one of [child, reader]) {
      if (one.exitCode !== null || one.signalCode !== null) continue;
      one.kill('SIGKILL');
      await once(one, 'exit');
    }
  });
  await expect.poll(() => existsSync(at('socket')), { timeout: 20_000 }).toBe(true);
  for (const message of MESSAGES) {
    const sent = spawnSync('socat', ['-u', '-', `UNIX-SENDTO:${at('socket')}`], { input: message });
    expect(sent.status).toBe(0);
  }
  await expect.poll(() => got, { timeout: 20_000 }).toContain('bob on pts/1');
  const lines = got.trim().split('\n');
  expect(lines).toHaveLength(2);
  const columns = lines.map((line) => {
    expect(line).toMatch(/^"(?:[^"]|"")*"(?:,"(?:[^"]|"")*"){5}$/);
    return [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(([, value]) => value!.replaceAll('""', '"'));
  });
  expect(columns[0]!.slice(2, 5)).toEqual(['6', 'auth', 'sshd[12]:']);
  expect(columns[0]![5]).toContain('Accepted "key" for alice');
  expect(columns[1]!.slice(2, 5)).toEqual(['6', 'authpriv', 'su:']);
  expect(Date.parse(columns[0]![0]!)).not.toBeNaN();
});
