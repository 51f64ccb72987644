/** The newcomer's way, word by word: two commands, and what docs/fleet.md says of them. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { readFleetConfig } from '../../src-main/fleet/config.ts';
import { fencesFor } from '../documents/fences.ts';
import { scratch } from '../scratch.ts';
import { describeWithNats } from './nats-server.ts';
import { visit } from './page-visit.ts';
import { until } from './processes.ts';

const root = join(import.meta.dirname, '..', '..');
const cli = join(root, 'src-main', 'cli.ts');
/** What docs/fleet.md prints: its words after `npm exec ubad -- fleet`. */
const printed = fencesFor(root, 'test/fleet/newcomer.test.ts')
  .flatMap(({ commands }) => commands)
  .map((command) => command.replace('npm exec ubad -- fleet ', '').split(' '));
const [init = [], up = []] = printed;
const home = scratch();
mkdirSync(join(home, 'run'), { mode: 0o700 });
const env = {
  ...process.env,
  HOME: home,
  XDG_STATE_HOME: join(home, 'state'),
  XDG_CONFIG_HOME: join(home, 'config'),
  XDG_RUNTIME_DIR: join(home, 'run'),
};
const folder = join(home, 'state', 'ubad', 'fleet');
const ubad = (...words: string[]) => spawnSync(process.execPath, [cli, 'fleet', ...words], { env, encoding: 'utf8' });

class Up {
  readonly process: ChildProcess;
  output = '';

  constructor() {
    // Fewer machines and days than it feeds by itself: that takes minutes.
    const words = [...up, '--hosts', '4', '--days', '2'];
    this.process = spawn(process.execPath, [cli, 'fleet', ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout, this.process.stderr])
      stream!.on('data', (text: Buffer) => (this.output += text.toString()));
  }

  async said(what: RegExp): Promise<string> {
    const hasEnded = (): boolean => this.process.exitCode !== null;
    await until(`${what.source} in:\n${this.output}`, () => what.test(this.output) || hasEnded());
    expect(this.output).toMatch(what);
    return what.exec(this.output)![1] ?? '';
  }

  /** As Ctrl-C does. @returns its exit code */
  async stop(signal: NodeJS.Signals): Promise<number | null> {
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });

let running: Up | undefined;
afterAll(async () => {
  if (running?.process.exitCode === null) await running.stop('SIGTERM');
});

it('says what is missing: the first command, then nats-server', () => {
  expect(printed).toEqual([['init', '--local'], ['up']]);
  const early = ubad(...up);
  expect([early.status, early.stderr]).toEqual([
    1,
    `ubad: There is no fleet in ${folder} yet. Lay it out with: ubad fleet init --local\n`,
  ]);
  const made = ubad(...init);
  expect([made.status, made.stderr]).toEqual([0, '']);
  expect(made.stdout).toContain(`laid out in ${folder}`);
  expect(made.stdout).toContain('Start it with: ubad fleet up');
  const without = spawnSync(process.execPath, [cli, 'fleet', 'up'], {
    env: { ...env, UBAD_NATS_SERVER: '/nowhere/nats-server' },
    encoding: 'utf8',
  });
  expect(without.status).toBe(1);
  expect(without.stderr).toContain('sudo apt install nats-server');
});

describeWithNats('with nats-server', () => {
  it('says that a clone is to be built, before it starts anything', () => {
    const clone = scratch();
    for (const part of ['src-main', 'models', 'conf', 'package.json'])
      cpSync(join(root, part), join(clone, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
    const own = { ...env, XDG_STATE_HOME: join(clone, 'state') };
    const [made, unbuilt] = [init, up].map((words) =>
      spawnSync(process.execPath, [join(clone, 'src-main', 'cli.ts'), 'fleet', ...words], {
        env: own,
        encoding: 'utf8',
      }),
    );
    expect([made!.status, unbuilt!.status]).toEqual([0, 1]);
    expect(unbuilt!.stderr).toMatch(/^ubad: The page is not built: .*fleet-window is missing\. Run: npm run build\n$/);
    expect(existsSync(join(clone, 'state', 'ubad', 'fleet', 'up.log'))).toBe(false);
  });

  it(
    'runs a whole fleet, feeds it once, answers in a browser, and ends all of it in order',
    { timeout: 400_000 },
    async () => {
      running = new Up();
      const address = await running.said(/the fleet is at (http:\/\/127\.0\.0\.1:\d+\/#key=[\w-]+)/);
      await running.said(/4 invented machines \(ubad simulate\): nothing of this machine is read/);
      const fed = Number(await running.said(/Fed: (\d+) lines/));
      expect(fed).toBeGreaterThan(4000);

      const page = await visit(address);
      expect(await page.me(undefined)).toMatchObject({ role: 'admin', tenant: 'local' });
      const lines = async (): Promise<number> =>
        (await page.hosts(undefined)).rows.reduce((sum, host) => sum + host.lines, 0);
      await until('all lines are read', async () => (await lines()) === fed, 300);
      const { rows: hosts } = await page.hosts(undefined);
      expect(hosts.map(({ host, state, lost, lag }) => ({ host, state, lost, lag }))).toEqual(
        [1, 2, 3, 4].map((h) => ({ host: `desk-000${h}`, state: 'approved', lost: 0, lag: 0 })),
      );
      // Shares settle: who came second gets its own from who came first.
      await until('both workers have two partitions', async () => {
        const { workers, partitions } = await page.workers(undefined);
        const shares = workers.map(({ id, partitions: own }) => `${id.split('.')[0]} ${own.length}`);
        return shares.join() === 'local-1 2,local-2 2' && partitions.every(({ owner }) => owner !== null);
      });
      const { rows: people } = await page.who({ text: '' });
      expect(people.map(({ user }) => user)).toEqual(expect.arrayContaining(['alice', 'bob', 'carol', 'dave']));

      for (const file of ['fed.json', 'up.log', 'local.nk', 'inbox/inbox.db'])
        expect(statSync(join(folder, file)).mode & 0o077, file).toBe(0);
      expect(readFileSync(join(folder, 'up.log'), 'utf8')).not.toContain('#key=');
      // Without --config it is meant; and a second address is given.
      expect(ubad('status').stdout).toContain('fleet local, nats-server');
      const again = await visit(/http:\S+/.exec(ubad('serve').stdout)![0]);
      expect(await again.me(undefined)).toMatchObject({ role: 'admin' });
      expect(ubad('up').stderr).toContain(`is writing to ${folder}`);

      const { servers, gateway, page: at } = readFleetConfig(join(folder, 'fleet.json'));
      const ports = [new URL(servers[0]!).port, gateway.listen.split(':')[1], at.port].map(Number);
      expect(await Promise.all(ports.map(listens))).toEqual([true, true, true]);
      expect(await running.stop('SIGINT')).toBe(0);
      expect(await Promise.all(ports.map(listens))).toEqual([false, false, false]);
      // Nobody was killed: partitions were given back, the inbox was closed.
      expect(existsSync(join(folder, 'inbox', 'ubad.running'))).toBe(false);
      expect(existsSync(join(folder, 'ubad.running'))).toBe(false);
    },
  );

  it('starts again on what is there, and is fed no more', { timeout: 200_000 }, async () => {
    running = new Up();
    const page = await visit(await running.said(/the fleet is at (http:\S+)/));
    await until('hosts are known', async () => (await page.hosts(undefined)).rows.some(({ lines }) => lines > 0));
    expect(running.output).not.toContain('invented machines');
    expect(await running.stop('SIGTERM')).toBe(0);
    // Once more: what a start changes of a server's streams shows at the next one.
    running = new Up();
    const again = await visit(await running.said(/the fleet is at (http:\S+)/));
    await until('hosts are known', async () => (await again.hosts(undefined)).rows.some(({ lines }) => lines > 0));
    expect(await running.stop('SIGTERM')).toBe(0);
    expect(readFileSync(join(folder, 'up.log'), 'utf8')).not.toContain('tried again');
  });
});
