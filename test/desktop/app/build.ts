import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { build, type InlineConfig, type Plugin } from 'vite';
import { isBuildFresh } from '../../../scripts/bootstrap/build-stamp.mjs';
import { repository } from '../session/desktop.ts';

/** Builds out/ where it is older than its sources. @throws Error with what the build said */
export function ensureBuilt(): void {
  if (isBuildFresh(repository)) return;
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: repository, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm run build failed:\n${stderr}`);
}

export type Entry = 'main' | 'preload' | 'worker';

/** A change of one source file, made while it is bundled: what stands there once, and what is put in its place. */
export interface Change {
  readonly entry: Entry;
  /** Relative to the repository. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Copies an application folder and builds one of its programs again, with a change in it.
 *
 * @throws Error when what is to be changed does not stand there exactly once: the source has moved on
 */
export async function buildChanged(app: string, change: Change, to: string): Promise<void> {
  cpSync(app, to, { recursive: true });
  const { builds } = (await import(join(repository, 'vite.config.js'))) as { builds: readonly InlineConfig[] };
  const config = builds.find(({ build: options }) => {
    return Object.keys((options?.rolldownOptions?.input ?? {}) as object).includes(change.entry);
  });
  let changed = 0;
  const changes: Plugin = {
    name: 'a deliberate mistake',
    enforce: 'pre',
    transform(code, id) {
      if (id !== join(repository, change.file)) return undefined;
      const parts = code.split(change.from);
      changed = parts.length - 1;
      return parts.join(change.to);
    },
  };
  const outDir = join(to, 'out');
  const quiet = {
    root: repository,
    configFile: false,
    logLevel: 'error' as const,
    plugins: [changes],
  } satisfies InlineConfig;
  await build({ ...config, ...quiet, build: { ...config?.build, outDir, emptyOutDir: false, sourcemap: false } });
  if (changed !== 1) throw new Error(`${change.file} has ${changed} times "${change.from}" instead of once`);
}
