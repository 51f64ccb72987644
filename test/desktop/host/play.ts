import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, becomeReady, takeOverProcess } from './app.ts';
import { lifecycle, type Manifest } from './lifecycle.ts';

export interface Start {
  /** As `app.getAppPath()` tells it. */
  readonly appPath: string;
  readonly argv: readonly string[];
  readonly switches: readonly string[];
}

/** Runs an application as Electron would. @param folder where its files are */
export async function play(folder: string, { appPath, argv, switches }: Start): Promise<void> {
  const own = pathToFileURL(join(import.meta.dirname, 'index.ts')).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'electron' || specifier === 'electron/main'
        ? { url: own, shortCircuit: true, format: 'module-typescript' }
        : next(specifier, context),
  });
  console.error('electron stand-in: NOT ELECTRON, but Node and Chromium playing its part for tests');

  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  lifecycle.boot = { appPath, manifest, node: process.execPath, switches: [...switches] };
  app.name = manifest.productName ?? manifest.name ?? app.name;
  process.argv = [...argv];
  Object.assign(process.versions, { electron: 'stand-in', chrome: 'stand-in' });
  Object.assign(process, { type: 'browser', resourcesPath: join(appPath, 'resources') });
  takeOverProcess();

  process.on('exit', (code) => {
    // Node's own code for a top-level await that can never end.
    if (code === 13)
      console.error('electron stand-in: the main module awaits `ready` at its top level; Electron hangs there');
  });
  await import(pathToFileURL(join(folder, manifest.main ?? 'index.js')).href);
  becomeReady();
}
