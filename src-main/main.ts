/**
 * The desktop program's entry. Nothing is awaited at the top level: Electron is ready only after this module has been
 * evaluated, so waiting for it here would wait for ever.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { app } from 'electron';

import { cacheFolder, configFile } from './config.ts';
import { handlersOn } from './desktop/calls.ts';
import { Desktop } from './desktop/desktop.ts';
import { answerWindow } from './desktop/ipc.ts';
import { commandOf } from './desktop/launch.ts';
import { lockDown, registerScheme, serveWindow } from './desktop/security.ts';

/** This file lies in out/ beside the others. */
const out = import.meta.dirname;

function boot(): void {
  lockDown();
  serveWindow(join(out, 'window'));
  const desktop = new Desktop({
    ...{ worker: join(out, 'worker.mjs'), preload: join(out, 'preload.cjs'), icons: join(out, '..', 'build', 'icons') },
  });
  process.on('uncaughtExceptionMonitor', (error) => {
    desktop.side.ownLog.failed(error);
  });
  answerWindow(
    handlersOn(desktop),
    (name, input) => desktop.askEngine(name, input),
    () => desktop.window.contents,
  );
  const obey = (argv: readonly string[]): void => {
    const command = commandOf(argv);
    if (command !== undefined) desktop.run(command);
  };
  app.on('second-instance', (_event, argv) => {
    obey(argv);
  });
  let state: 'running' | 'stopping' | 'stopped' = 'running';
  app.on('before-quit', (event) => {
    if (state === 'stopped') return;
    event.preventDefault();
    if (state === 'stopping') return;
    state = 'stopping';
    void desktop.stop().finally(() => {
      state = 'stopped';
      app.quit();
    });
  });
  desktop.start();
  obey(process.argv);
}

const settingsFolder = dirname(configFile());
mkdirSync(settingsFolder, { recursive: true, mode: 0o700 });
app.setPath('userData', settingsFolder);
app.setPath('sessionData', cacheFolder());
registerScheme();
// The tray stays when the window is closed.
app.on('window-all-closed', () => undefined);
// One program for one user: a second start only tells the first one what was asked for.
if (app.requestSingleInstanceLock()) void app.whenReady().then(boot);
else app.quit();
