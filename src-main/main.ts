/**
 * The desktop program's entry. Nothing is awaited at the top level: Electron is ready only after this module has been
 * evaluated, so waiting for it here would wait for ever.
 */
import { dirname, join } from 'node:path';

import { app, dialog } from 'electron';

import { cacheFolder, configFile } from './settings/config.ts';
import { handlersOn } from './desktop/calls.ts';
import { Desktop } from './desktop/desktop.ts';
import { answerWindow } from './desktop/ipc.ts';
import { argumentsAgain, commandOf } from './desktop/launch.ts';
import { folderProblem } from './desktop/own-folder.ts';
import { lockDown, registerScheme, serveWindow } from './desktop/security.ts';
import { report } from './terminal/terminal.ts';

/** This file lies in out/ beside the others. */
const out = import.meta.dirname;

function boot(): void {
  lockDown();
  serveWindow(join(out, 'window'));
  const desktop = new Desktop({
    worker: join(out, 'worker.mjs'),
    preload: join(out, 'preload.cjs'),
    icons: join(out, '..', 'build', 'icons'),
    root: join(out, '..'),
  });
  process.on('uncaughtExceptionMonitor', (error) => {
    desktop.host.supervisor.ownLog.failed(error);
  });
  answerWindow(
    handlersOn(desktop),
    (name, input) => desktop.host.ask(name, input),
    () => desktop.window.contents,
  );
  const obey = (argv: readonly string[]): void => {
    const command = commandOf(argv);
    if (command !== undefined) desktop.run(command);
  };
  let state: 'running' | 'stopping' | 'stopped' = 'running';
  let meanwhile: readonly string[] | undefined;
  app.on('second-instance', (_event, argv) => {
    // Who starts a program that is quitting wants it to be there: it comes back when it has ended.
    if (state === 'running') obey(argv);
    else meanwhile = argv;
  });
  app.on('before-quit', (event) => {
    if (state === 'stopped') return;
    event.preventDefault();
    if (state === 'stopping') return;
    state = 'stopping';
    void desktop.stop().finally(() => {
      state = 'stopped';
      if (meanwhile) startAgain(meanwhile);
      app.quit();
    });
  });
  desktop.start();
  obey(process.argv);
}

function startAgain(asking: readonly string[]): void {
  // An AppImage's own program is gone with its mount.
  const execPath = process.env.APPIMAGE;
  app.relaunch({ args: argumentsAgain(process.argv, asking), ...(execPath !== undefined && { execPath }) });
}

/** With no folder of its own the program can neither keep anything nor know whether it runs already. */
function giveUp(why: string): void {
  report(why);
  void app.whenReady().then(() => {
    dialog.showErrorBox('ubad cannot start', why);
    app.exit(1);
  });
}

const settingsFolder = dirname(configFile());
const problem = folderProblem(settingsFolder);
registerScheme();
// The tray stays when the window is closed.
app.on('window-all-closed', () => undefined);
if (problem === undefined) {
  app.setPath('userData', settingsFolder);
  app.setPath('sessionData', cacheFolder());
  // One program for one user: a second start only tells the first one what was asked for.
  if (app.requestSingleInstanceLock()) void app.whenReady().then(boot);
  else app.quit();
} else giveUp(problem);
