/** Makes the packages that the tests look at: an older version's .deb, and all of the present one's. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { whyNoPackages } from './needs.ts';

export const OLDER = '0.0.9';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where they are; empty where none can be made. */
    readonly packages: string;
  }
}

const root = resolve(import.meta.dirname, '..', '..');

export default function make(project: TestProject): () => void {
  const why = whyNoPackages();
  if (why !== undefined) {
    console.log(`SKIPPED, THE PACKAGES: ${why}`);
    project.provide('packages', '');
    return () => undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'ubad-packages-'));
  chmodSync(folder, 0o755); // who runs the AppImage is not who made it
  project.provide('packages', folder);
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  pack('--out', join(folder, 'old'), '--version', OLDER, '--target', 'deb', '--arch', arch);
  pack('--out', join(folder, 'new'), '--arch', arch);
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Prints what was packed with: the stand-ins say so. */
function pack(...args: readonly string[]): void {
  const script = join(root, 'scripts', 'pack.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm run pack failed:\n${stdout}${stderr}`);
  console.log(
    stdout
      .split('\n')
      .filter((line) => line.startsWith('##'))
      .join('\n'),
  );
}
