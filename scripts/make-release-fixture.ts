/**
 * `node scripts/make-release-fixture.ts`: keeps what this version leaves on a disk, for test/releases/ to open for ever after.
 * Made once a release, by the version itself: settings, and a store with a trained model of a user of the shipped example.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

import packageJson from '../package.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'ubad-release-'));
try {
  const log = join(folder, 'past.log');
  const lines = gunzipSync(readFileSync(join(root, 'data', 'example', 'past.log.gz')))
    .toString()
    .split('\n');
  writeFileSync(
    log,
    lines
      .slice(0, 2_500)
      .map((line) => `${line}\n`)
      .join(''),
  );
  const config = join(folder, 'left', 'config', 'config.json');
  const ubad = (...words: string[]): void => {
    execFileSync(process.execPath, [join(root, 'src-main', 'cli.ts'), ...words], { stdio: 'inherit' });
  };
  ubad('config', 'set', 'alertsPerWeek', '0.5', '--config', config);
  ubad('config', 'set', 'scores', '{"net_out": 3}', '--config', config);
  const state = join(folder, 'left', 'state');
  ubad('train', '--log', log, '--subject', 'alice', '--algorithm', 'both', '--state', state, '--config', config);
  // The window's place and a pause, as the tray program remembers them.
  const remembered = { pausedUntil: 1_795_600_000_000, window: { x: 10, y: 40, width: 900, height: 700 } };
  writeFileSync(join(folder, 'left', 'config', 'desktop.json'), JSON.stringify(remembered));

  const target = join(root, 'test', 'fixtures', 'releases');
  mkdirSync(target, { recursive: true });
  const name = join(target, `${packageJson.version}.tar.gz`);
  const same = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
  execFileSync('tar', ['--create', '--gzip', ...same, '--file', name, '--directory', join(folder, 'left'), '.']);
  console.log(name);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
