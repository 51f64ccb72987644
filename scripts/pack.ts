/**
 * `npm run pack`: makes the packages, their checksums and a bill of materials in dist/, with the real Electron, fpm and
 * AppImage runtime where they can be downloaded, else with stand-ins; says loudly which it was.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { isBuildFresh } from './bootstrap/build-stamp.mjs';
import packageJson from '../package.json' with { type: 'json' };
import { readOptions } from './options.ts';
import { SUMS, writeBillOfMaterials, writeSums } from './pack/beside.ts';
import { bundledPackages } from './pack/bundled.ts';
import { generate } from './pack/generate.ts';
import { sign, signingPrograms } from './pack/sign.ts';
import { pathOf, whatIsMissing } from './pack/stand-in/programs.ts';
import { makeStandInTools, realTools, type Tools } from './pack/stand-in/tools.ts';

const USAGE = `npm run pack -- [option…]

  --arch A        x64 or arm64; may be given again (both)
  --target T      deb, AppImage or tar.gz; may be given again (all)
  --out FOLDER    (dist)
  --version V     another one than package.json's
  --sign KEY      signs the sums with this key of gpg, and lays out a Debian repository in FOLDER/apt
  --stand-in      never asks for the network
  --release       refuses stand-ins, changed files and what is still to be filled in`;

const { values } = readOptions(USAGE, () =>
  parseArgs({
    options: {
      arch: { type: 'string', multiple: true, default: ['x64', 'arm64'] },
      target: { type: 'string', multiple: true, default: ['deb', 'AppImage', 'tar.gz'] },
      out: { type: 'string', default: 'dist' },
      /** Another version than package.json's: what an upgrade is tested from. */
      version: { type: 'string', default: packageJson.version },
      sign: { type: 'string' },
      /** Never asks for the network. */
      'stand-in': { type: 'boolean', default: false },
      /** For giving away: refuses stand-ins, changed files and what is still to be filled in. */
      release: { type: 'boolean', default: false },
    },
  }),
);
const root = resolve(import.meta.dirname, '..');
const dist = resolve(root, values.out);

const unready = values.release ? whyNoRelease() : [];
if (unready.length > 0) {
  console.error(['This is no release:', ...unready].join('\n  '));
  process.exitCode = 1;
} else {
  const real = !values['stand-in'] && (await canDownload());
  const reason = whyNoSignature() ?? (real ? undefined : whyNoStandIn());
  if (reason === undefined) packWith(real ? realTools : makeStandInTools(root, packageJson.devDependencies.electron));
  else {
    console.error(reason);
    process.exitCode = 1;
  }
}

function whyNoSignature(): string | undefined {
  const missing = signingPrograms.filter((program) => values.sign !== undefined && pathOf(program) === program);
  return missing.length === 0
    ? undefined
    : `--sign needs ${missing.join(' and ')}. To install: sudo apt-get install gpg apt-utils.`;
}

function whyNoStandIn(): string | undefined {
  if (values.release) return 'A release needs the real Electron, and it cannot be downloaded here.';
  return whatIsMissing(values.target);
}

function packWith(tools: Tools): void {
  try {
    pack(tools);
  } catch (error) {
    // A program that failed has said itself why.
    if (!(error instanceof Error) || !('status' in error)) throw error;
    console.error(`No packages were made: ${error.message.split('\n')[0]}`);
    process.exitCode = 1;
  } finally {
    if (tools.folder !== undefined) rmSync(tools.folder, { recursive: true, force: true });
  }
}

function pack(tools: Tools): void {
  // Whoever tests beside it runs what is built: only what is old is made again.
  if (values.release || !isBuildFresh(root)) run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  const bundled = bundledPackages(root);
  generate(root, bundled);
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const configuration = [
    `-c.directories.output=${dist}`,
    `-c.extraMetadata.version=${values.version}`,
    ...tools.arguments,
  ];
  const what = ['--linux', ...values.target, ...values.arch.map((arch) => `--${arch}`), '--publish', 'never'];
  run(process.execPath, [builder, ...what, ...configuration], tools.environment);
  writeBillOfMaterials(root, dist, values.version, bundled);
  const files = writeSums(dist, values.version);
  const signed = values.sign === undefined ? [] : sign(dist, values.version, values.sign);
  const line = '#'.repeat(110);
  console.log([line, ...tools.says.map((text) => `## ${text}`), line].join('\n'));
  console.log(['', ...files, SUMS, ...signed].join('\n  '));
}

function run(command: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
  execFileSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
}

/** Whether Electron's release can be had: what its package would download. */
async function canDownload(): Promise<boolean> {
  const version = packageJson.devDependencies.electron;
  const file = `https://github.com/electron/electron/releases/download/v${version}/SHASUMS256.txt`;
  try {
    return (await fetch(file, { method: 'HEAD', signal: AbortSignal.timeout(10_000) })).ok;
  } catch {
    return false;
  }
}

function whyNoRelease(): string[] {
  const changed = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).stdout.trim();
  return [
    ...(changed === '' ? [] : ['files are changed and not committed']),
    ...(packageJson.homepage.endsWith('.invalid') ? ['package.json: "homepage" is not filled in'] : []),
  ];
}
