/** What is in the packages, without installing them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { extractAll } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { faultsOf } from '../desktop/package/check-package.ts';
import { made } from './made.ts';
import { whyNoPackages } from './needs.ts';

const MEGABYTE = 1_000_000;
/** A fuse of the wire that is on: the character 1. */
const ON = '1'.charCodeAt(0);

/** Of Electron's distribution: not ours to count, nor to list. */
const electrons =
  /^opt\/ubad\/(ubad|chrome-sandbox|chrome_crashpad_handler|version|[^/]+\.(pak|dat|bin|so|so\.1|json)|locales\/[^/]+\.pak|LICENSE\.electron\.txt|LICENSES\.chromium\.html)$/;

/** Every file that may ship, and what for. */
const ours: readonly RegExp[] = [
  /^opt\/ubad\/bin\/ubad$/, // the command line program
  /^opt\/ubad\/resources\/(app\.asar|apparmor-profile)$/,
  /^opt\/ubad\/resources\/app\.asar\.unpacked\/(THIRD-PARTY-NOTICES|out\/[\w./-]+|data\/example\/((past|week)\.log\.gz|labels\.jsonl|SHA256SUMS)|models\/shipped\/\w+\/[\w.]+)$/,
  /^(opt\/ubad\/resources\/app\.asar\.unpacked|usr\/share\/ubad)\/conf\/(user-behavior(-events)?\.json|osquery\.(conf|flags)|(rsyslog|syslog-ng)-osquery\.conf)$/,
  /^usr\/bin\/ubad$/,
  /^usr\/lib\/(systemd\/(system|user)\/ubad\.service|systemd\/system\/ubad-(worker@|gateway|inbox|forward|bridge)\.service|sysusers\.d\/ubad\.conf)$/,
  /^usr\/share\/(applications\/ubad\.desktop|metainfo\/ubad\.metainfo\.xml|polkit-1\/actions\/ubad\.policy)$/,
  /^usr\/share\/icons\/hicolor\/\d+x\d+\/apps\/ubad\.png$/,
  /^usr\/share\/(man\/man1\/ubad\.1\.gz|doc\/ubad\/(copyright|changelog\.gz)|lintian\/overrides\/ubad)$/,
  /^usr\/share\/(bash-completion\/completions\/ubad|zsh\/vendor-completions\/_ubad|fish\/vendor_completions\.d\/ubad\.fish)$/,
];

const run = (command: string, ...args: string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
};

describe.skipIf(whyNoPackages() !== undefined)('the .deb', () => {
  let folder: string;
  let files: readonly string[];
  const at = (path: string): string => join(folder, path);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ubad-contents-'));
    execFileSync('dpkg-deb', ['--extract', made('new', '.deb'), folder]);
    files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (path) => !lstatSync(at(path)).isDirectory(),
    );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds what is used, and nothing else', () => {
    const own = files.filter((path) => !electrons.test(path));
    expect(own.filter((path) => !ours.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(ours.filter((pattern) => !own.some((path) => pattern.test(path)))).toEqual([]);
    expect(files.filter((path) => /\.(map|ts)$|node_modules|test\//.test(path))).toEqual([]);
  });

  // A fleet is .9 MB of it, .2 in the package.
  it('is under 19 MB without Electron', () => {
    const bytes = files
      .filter((path) => !electrons.test(path))
      .reduce((sum, path) => sum + lstatSync(at(path)).size, 0);
    console.log(`without Electron: ${(bytes / MEGABYTE).toFixed(1)} MB, unpacked`);
    expect(bytes).toBeLessThan(19 * MEGABYTE);
  });

  it('brings an application that is whole and safe, without any package beside it', () => {
    const app = join(folder, 'app');
    extractAll(at('opt/ubad/resources/app.asar'), app);
    expect(faultsOf(app)).toEqual([]);
    const notices = readFileSync(join(app, 'THIRD-PARTY-NOTICES'), 'utf8');
    for (const name of ['commander', 'svelte']) expect(notices).toMatch(new RegExp(`^${name} .*MIT`, 'm'));
    expect(notices).toMatch(/^@tensorflow\/tfjs-core .*Apache-2\.0/m);
    rmSync(app, { recursive: true });
  });

  it('has Electron’s fuses set', async () => {
    const wire = await getCurrentFuseWire(at('opt/ubad/ubad'));
    const on = (fuse: FuseV1Options): boolean => Number(wire[fuse]) === ON;
    expect({
      runAsNode: on(FuseV1Options.RunAsNode),
      cookies: on(FuseV1Options.EnableCookieEncryption),
      nodeOptions: on(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: on(FuseV1Options.EnableNodeCliInspectArguments),
      onlyAsar: on(FuseV1Options.OnlyLoadAppFromAsar),
      fileProtocol: on(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: true,
      cookies: true,
      nodeOptions: false,
      inspect: false,
      onlyAsar: true,
      fileProtocol: false,
    });
  });

  it('passes lintian', () => {
    expect(run('lintian', '--fail-on', 'error,warning', made('new', '.deb'))).toMatchObject({ status: 0 });
  });

  it('has a desktop file and metainfo that their validators take', () => {
    expect(run('desktop-file-validate', at('usr/share/applications/ubad.desktop'))).toEqual({ status: 0, output: '' });
    const { status, output } = run('appstreamcli', 'validate', '--no-net', at('usr/share/metainfo/ubad.metainfo.xml'));
    expect({ status, output }).toMatchObject({ status: 0 });
    expect(readFileSync(at('usr/share/metainfo/ubad.metainfo.xml'), 'utf8')).toContain(
      `version="${packageJson.version}"`,
    );
  });

  it.each([
    ['system/ubad', 1],
    // A user's own service manager cannot do most of it.
    ['user/ubad', 6.5],
    // They speak to NATS and to hosts.
    ['system/ubad-worker@', 1.7],
    ['system/ubad-gateway', 1.7],
    ['system/ubad-inbox', 1.7],
    ['system/ubad-forward', 1.7],
    ['system/ubad-bridge', 1.7],
    ['system/ubad-bridge', 1.7],
  ])('has a unit %s that is exposed by at most %d of 10', (name, most) => {
    const unit = at(`usr/lib/systemd/${name}.service`);
    const { output } = run('systemd-analyze', 'security', '--offline=yes', `--threshold=${most * 10}`, unit);
    const exposure = Number(/exposure level for [^:]+: ([\d.]+)/.exec(output)?.[1]);
    expect(exposure).toBeLessThanOrEqual(most);
  });

  it('has a manual that man sets, and shells take the completions', () => {
    const page = join(folder, 'ubad.1');
    writeFileSync(page, execFileSync('zcat', [at('usr/share/man/man1/ubad.1.gz')]));
    expect(run('man', '--warnings', '-l', page).output).toContain('ubad watch');
    expect(run('bash', '-n', at('usr/share/bash-completion/completions/ubad'))).toEqual({ status: 0, output: '' });
  });

  it('goes with sums that fit, and a bill of all that ships', () => {
    const dist = dirname(made('new', '.deb'));
    expect(spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: dist }).status).toBe(0);
    const sums = readFileSync(join(dist, 'SHA256SUMS'), 'utf8');
    for (const ending of ['.deb', '.AppImage', '.tar.gz', '.cdx.json']) expect(sums).toContain(ending);
    const bom = JSON.parse(readFileSync(made('new', '.cdx.json'), 'utf8')) as {
      readonly bomFormat: string;
      readonly components: readonly { readonly name: string; readonly version: string }[];
    };
    const names = bom.components.map(({ name }) => name);
    expect(bom.bomFormat).toBe('CycloneDX');
    expect(names).toEqual(expect.arrayContaining(['electron', 'commander', 'conf', 'valibot', 'ajv']));
    expect(names).not.toContain('vite');
  });
});
