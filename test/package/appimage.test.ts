/** The AppImage and the tar.gz: nothing is installed. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { example } from '../desktop/app/checks/check.ts';
import { packaged } from '../desktop/driver/electron.ts';
import { giveTo } from '../desktop/session/account.ts';
import { Desktop } from '../desktop/session/desktop.ts';
import { setPatience, until } from '../desktop/until.ts';
import { driveToAlert, end, execOf, giveFile, prepare, switchAutostartOn } from './drive.ts';
import { made } from './made.ts';
import { whyNoDriving } from './needs.ts';

const why = whyNoDriving();

describe.skipIf(why !== undefined)('without installing', () => {
  let desktop: Desktop;
  let state: string;
  let folder: string;

  beforeAll(async () => {
    desktop = await Desktop.start();
    setPatience(30_000);
    folder = join(desktop.folder, 'unpacked');
    mkdirSync(folder);
    execFileSync('tar', ['--extract', '--strip-components=1', '--file', made('new', '.tar.gz'), '--directory', folder]);
    giveTo(desktop.account, folder);
  });
  afterAll(() => desktop.stop());

  it('the tar.gz brings the command line program, wherever it is unpacked', async () => {
    const ubad = join(folder, 'bin', 'ubad');
    const run = (...words: string[]): Promise<string> => desktop.processes.run(ubad, words, desktop.env, 150_000);
    expect(await run('--version')).toBe(packageJson.version);
    const log = join(desktop.folder, 'past.log');
    writeFileSync(log, example.past.map((line) => `${line}\n`).join(''));
    giveTo(desktop.account, log);
    state = join(desktop.folder, 'learned');
    await run('train', '--log', log, '--algorithm', 'lstm', '--state', state);
    // What ships of the optional engines is found without any package.
    const few = join(desktop.folder, 'few.log');
    writeFileSync(
      few,
      example.past
        .slice(0, 300)
        .map((line) => `${line}\n`)
        .join(''),
    );
    giveTo(desktop.account, few);
    const scored = await run('score', '--log', few, '--engine', 'tfjs', '--algorithm', 'lstm', '--state', state);
    expect(scored).toContain('"window"');
    await run('train', '--log', log, '--algorithm', 'ocsvm', '--engine', 'libsvm-js', '--state', `${state}-2`);
    expect(await run('completion', 'bash')).toContain('complete -F');
  });

  it('the AppImage starts, notifies, and starts again at login by its own path', async () => {
    const image = giveFile(desktop, made('new', '.AppImage'), 'ubad.AppImage');
    chmodSync(image, 0o755);
    const application = await prepare(desktop, image, state);
    const quit = async (): Promise<void> => {
      await application.tray.choose(/^Quit/);
      await until('the tray to be empty', async () => (await application.tray.items()).length === 0);
    };
    try {
      await application.startAndWait();
      await driveToAlert(application, 'appimage');
      const entry = await switchAutostartOn(application);
      expect(execOf(entry)).toEqual([image, '--hidden']);
      await quit();

      const env = { ...desktop.env, ...packaged(desktop.account, image).env };
      desktop.processes.start('gio', ['launch', application.configPath('autostart', 'ubad.desktop')], env);
      await until('the tray icon', async () => (await application.tray.items()).length > 0, { within: 60_000 });
      await quit();
    } finally {
      await end(application);
    }
  });
});
