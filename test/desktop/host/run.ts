/**
 * `node --expose-gc run.ts [--switches] <folder> [arguments]`: the command line of `electron <folder>`, on plain Node with
 * Debian's Chromium. It is a stand-in for where no Electron binary can be had, and says so.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, becomeReady, takeOverProcess } from './app.ts';
import { lifecycle, type Manifest } from './lifecycle.ts';

const own = pathToFileURL(join(import.meta.dirname, 'index.ts')).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/main'
      ? { url: own, shortCircuit: true, format: 'module-typescript' }
      : next(specifier, context),
});

console.error('electron stand-in: NOT ELECTRON, but Node and Chromium playing its part for tests');

const args = process.argv.slice(2);
const position = args.findIndex((arg) => !arg.startsWith('-'));
const appPath = resolve(args[position] ?? '.');
const manifest = JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8')) as Manifest;

lifecycle.boot = { appPath, manifest, switches: args.slice(0, Math.max(position, 0)) };
app.name = manifest.productName ?? manifest.name ?? app.name;
process.argv = [process.execPath, ...args];
Object.assign(process.versions, { electron: 'stand-in', chrome: 'stand-in' });
Object.assign(process, { type: 'browser', defaultApp: true, resourcesPath: join(appPath, 'resources') });
takeOverProcess();

process.on('exit', (code) => {
  // Node's own code for a top-level await that can never end.
  if (code === 13)
    console.error('electron stand-in: the main module awaits `ready` at its top level; Electron hangs there');
});
await import(pathToFileURL(join(appPath, manifest.main ?? 'index.js')).href);
becomeReady();
