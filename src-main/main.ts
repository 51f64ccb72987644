/**
 * The desktop program's entry. Nothing is awaited at the top level: Electron is ready only after this module has been
 * evaluated, so waiting for it here would wait for ever.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { app } from 'electron';

import { cacheFolder, configFile } from './config.ts';
import { HIDDEN } from './desktop/autostart.ts';
import { handlersOn } from './desktop/calls.ts';
import { Desktop } from './desktop/desktop.ts';
import { answerWindow } from './desktop/ipc.ts';
import { lockDown, registerScheme, serveWindow } from './desktop/security.ts';

/** This file lies in out/ beside the others. */
const out = import.meta.dirname;

function boot(): void {
  lockDown();
  serveWindow(join(out, 'window'));
  const desktop = new Desktop({
    ...{ worker: join(out, 'worker.mjs'), preload: join(out, 'preload.cjs'), icons: join(out, '..', 'build', 'icons') },
  });
  answerWindow(
    handlersOn(desktop),
    (name, input) => desktop.askEngine(name, input),
    () => desktop.window.contents,
  );
  app.on('second-instance', (_event, argv) => {
    // The autostart of a program that somebody has started already is nobody's wish for a window.
    if (!argv.includes(HIDDEN)) desktop.show('#/alerts');
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
  desktop.start(process.argv.includes(HIDDEN));
}

const settingsFolder = dirname(configFile());
mkdirSync(settingsFolder, { recursive: true, mode: 0o700 });
app.setPath('userData', settingsFolder);
app.setPath('sessionData', cacheFolder());
registerScheme();
// The tray stays when the window is closed.
app.on('window-all-closed', () => undefined);
// One program for one user: a second start only shows the first one's window.
if (app.requestSingleInstanceLock()) void app.whenReady().then(boot);
else app.quit();
