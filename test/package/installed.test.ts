/** The life of an installation, in order: an older version, the upgrade, a day at the desk, the end. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { example } from '../desktop/app/checks/check.ts';
import type { Application } from '../desktop/driver/application.ts';
import { packaged } from '../desktop/driver/electron.ts';
import { giveTo } from '../desktop/session/account.ts';
import { Desktop } from '../desktop/session/desktop.ts';
import { setPatience, until } from '../desktop/until.ts';
import { fencesFor } from '../documents/fences.ts';
import { driveToAlert, end, execOf, prepare, switchAutostartOn } from './drive.ts';
import { administrator, asRoot, isInstalled, traces } from './machine.ts';
import { OLDER } from './make.ts';
import { made } from './made.ts';
import { whyNoDriving, whyNoInstallation } from './needs.ts';

const why = whyNoInstallation() ?? whyNoDriving();
if (why !== undefined) console.log(`SKIPPED, THE INSTALLATION: ${why}`);

const root = join(import.meta.dirname, '..', '..');
const MENU_ENTRY = '/usr/share/applications/ubad.desktop';
const OSQUERY = '/etc/osquery';
const byHand = '{\n  "packs": {\n    "it": "/opt/it.conf"\n  }\n}\n';

describe.skipIf(why !== undefined)('the .deb', () => {
  let desktop: Desktop;
  let state: string;
  let ours = false;
  let tracesBefore: readonly string[];

  const asUser = (command: string, ...args: string[]): Promise<string> =>
    desktop.processes.run(command, args, desktop.env, 150_000);
  const install = (file: string): string =>
    asRoot('apt-get', 'install', '--yes', '--no-install-recommends', '--allow-downgrades', file);

  beforeAll(async () => {
    // A person's own installation is not for tests.
    if (isInstalled()) throw new Error('ubad is installed on this machine: the tests of its package would remove it.');
    if (existsSync(OSQUERY))
      throw new Error('osquery is set up on this machine: the tests of the package would change that.');
    tracesBefore = traces();
    ours = true;
    desktop = await Desktop.start();
    setPatience(30_000);
    console.log(packaged(desktop.account, made('new', '.AppImage')).says);
  });
  afterAll(async () => {
    if (!ours) return;
    await desktop.stop();
    if (isInstalled()) asRoot('apt-get', 'purge', '--yes', 'ubad');
    rmSync(OSQUERY, { recursive: true, force: true });
  });

  it('installs with apt, and works from the command line without a screen', async () => {
    install(made('old', '.deb'));
    expect(asRoot('dpkg-query', '--show', '--showformat=${Version}', 'ubad')).toBe(OLDER);
    expect(await asUser('env', '-u', 'DISPLAY', 'ubad', 'start', '--algorithm', 'ocsvm')).toContain('attacks found');
    expect(asRoot('man', '--where', 'ubad')).toContain('/usr/share/man/man1/ubad.1.gz');
    expect(asRoot('getent', 'passwd', 'ubad')).toMatch(/:\/var\/lib\/ubad:.*nologin$/m);
  });

  it('brings units that systemd takes', () => {
    const units = [
      ['system', 'ubad'],
      ['user', 'ubad'],
      ['system', 'ubad-worker@'],
      ['system', 'ubad-gateway'],
      ['system', 'ubad-inbox'],
      ['system', 'ubad-forward'],
      ['system', 'ubad-bridge'],
    ] as const;
    for (const [kind, name] of units) {
      const { stdout, stderr } = spawnSync(
        'systemd-analyze',
        ['verify', `--${kind}`, `/usr/lib/systemd/${kind}/${name}.service`],
        {
          encoding: 'utf8',
          env: { ...process.env, XDG_RUNTIME_DIR: join(desktop.folder, 'run') },
        },
      );
      const about = (stdout + stderr).split('\n').filter((line) => line.includes('ubad'));
      expect(about).toEqual([]);
    }
  });

  it('upgrades, and keeps what was learned, stored and set', async () => {
    const log = join(desktop.folder, 'past.log');
    writeFileSync(log, example.past.map((line) => `${line}\n`).join(''));
    giveTo(desktop.account, log);
    state = join(desktop.folder, 'learned');
    const config = join(desktop.folder, 'home', '.config', 'kept.json');
    await asUser('ubad', 'train', '--log', log, '--algorithm', 'lstm', '--state', state);
    await asUser('ubad', 'config', 'set', 'alertsPerWeek', '0.5', '--config', config);
    mkdirSync('/etc/ubad', { recursive: true });
    writeFileSync('/etc/ubad/config.json', '{"keepDays": 90}');
    const before = await asUser('ubad', 'models', 'list', '--json', '--state', state);

    install(made('new', '.deb'));
    expect(await asUser('ubad', '--version')).toBe(packageJson.version);
    expect(await asUser('ubad', 'models', 'list', '--json', '--state', state)).toBe(before);
    const other = join(desktop.folder, 'other-engine');
    await asUser('ubad', 'train', '--log', log, '--algorithm', 'ocsvm', '--engine', 'libsvm-js', '--state', other);
    expect(await asUser('ubad', 'models', 'list', '--state', other)).toContain('ocsvm');
    expect(await asUser('ubad', 'config', 'get', 'alertsPerWeek', '--config', config)).toBe('0.5');
    expect(readFileSync('/etc/ubad/config.json', 'utf8')).toContain('90');
  });

  describe('at the desk', () => {
    let application: Application;
    const noSandbox = (): Readonly<Record<string, string>> => packaged(desktop.account, '/opt/ubad/ubad').env;
    /** As a menu starts it: what the entry says, without a word more. */
    const fromMenu = (entry: string): void => {
      desktop.processes.start('gio', ['launch', entry], { ...desktop.env, ...noSandbox() });
    };
    const quit = async (): Promise<void> => {
      await application.tray.choose(/^Quit/);
      await until('the tray to be empty', async () => (await application.tray.items()).length === 0);
    };

    it('starts from its menu entry, notifies, and obeys the entry’s actions', async () => {
      application = await prepare(desktop, '/opt/ubad/ubad', state);
      try {
        fromMenu(MENU_ENTRY);
        await until('the tray icon', async () => (await application.tray.items()).length > 0, { within: 60_000 });
        await application.windows.waitFor(1);
        await driveToAlert(application, 'installed');

        const entry = readFileSync(MENU_ENTRY, 'utf8');
        const [, pause = ''] = /\[Desktop Action Pause\][^[]*?^Exec=(.+)$/m.exec(entry) ?? [];
        expect(pause).toBe('/opt/ubad/ubad --pause');
        await desktop.processes.run('/opt/ubad/ubad', ['--pause'], { ...desktop.env, ...noSandbox() });
        await until('the menu to say that it pauses', async () =>
          (await application.tray.labels()).some((label) => label.startsWith('Paused until')),
        );
        await quit();
      } finally {
        await end(application);
      }
    });

    it('starts at login, hidden, from the entry that it writes', async () => {
      application = await prepare(desktop, '/opt/ubad/ubad', state);
      try {
        await application.startAndWait();
        const entry = await switchAutostartOn(application);
        expect(execOf(entry)).toEqual(['/opt/ubad/ubad', '--hidden']);
        await quit();
        fromMenu(application.configPath('autostart', 'ubad.desktop'));
        await until('the tray icon', async () => (await application.tray.items()).length > 0, { within: 60_000 });
        expect(await application.windows.visible()).toEqual([]);
        await quit();
      } finally {
        await end(application);
      }
    });
  });

  it('is checked, installed, set up and served as the documents say', () => {
    const fences = fencesFor(root, 'test/package/installed.test.ts');
    expect(fences.length).toBeGreaterThan(3);
    const tools = administrator(desktop.folder);
    // As osquery's own package leaves it.
    mkdirSync(OSQUERY);
    const isSetUp = (): boolean => existsSync(join(OSQUERY, 'osquery.conf'));
    for (const { commands } of fences) {
      for (const command of commands) {
        // On a terminal, where a yes is asked for.
        const { status, stdout } = spawnSync('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
          cwd: dirname(made('new', '.deb')),
          encoding: 'utf8',
          env: { ...process.env, PATH: `${tools}:${process.env.PATH ?? ''}`, SUDO_UID: '4321' },
          input: 'y\n',
        });
        expect(status, `${command}\n${stdout}`).toBe(0);
        if (command.includes('ubad setup')) expect(isSetUp(), stdout).toBe(!command.endsWith('--undo'));
      }
    }
    asRoot('ubad', 'setup', '--undo');
    expect(isSetUp()).toBe(false);
    rmSync(OSQUERY, { recursive: true });
  });

  it('sets osquery up, and undoes that when it is removed; purged, it leaves nothing', () => {
    mkdirSync(OSQUERY);
    writeFileSync(join(OSQUERY, 'osquery.conf'), byHand);
    asRoot('ubad', 'setup', '--yes', '--user', '4321');
    expect(readFileSync(join(OSQUERY, 'osquery.conf'), 'utf8')).toContain('user-behavior');
    asRoot('apt-get', 'purge', '--yes', 'ubad');
    expect(readFileSync(join(OSQUERY, 'osquery.conf'), 'utf8')).toBe(byHand);
    expect(existsSync(join(OSQUERY, 'packs'))).toBe(false);
    expect(traces().filter((path) => !tracesBefore.includes(path))).toEqual([]);
    expect(spawnSync('getent', ['passwd', 'ubad']).status).not.toBe(0);
    expect(existsSync('/opt/ubad')).toBe(false);
    // What was learned is its user's.
    expect(existsSync(join(state, 'ubad.db'))).toBe(true);
  });
});
