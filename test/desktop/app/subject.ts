import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application, Subject } from '../driver/application.ts';
import { giveTo } from '../session/account.ts';

/** What the settings file says beside the log's path. */
export type OwnSettings = Readonly<Record<string, unknown>>;

/** Below one of the XDG folders of the application's desktop. */
export const pathIn = ({ desktop }: Application, variable: string, ...parts: readonly string[]): string =>
  join(desktop.env[variable]!, 'ubad', ...parts);

/**
 * The application with a trained model of each user, and nothing else yet.
 *
 * @param folder the unpacked archive
 * @param state a state folder, which is copied
 */
export const appSubject = (folder: string, state: string, settings: OwnSettings = {}): Subject => ({
  folder,
  title: /(^| )ubad$/,
  page: '/index.html',
  data: [
    ['XDG_CACHE_HOME', 'ubad'],
    ['XDG_CACHE_HOME', 'ubad/chromium'],
  ],
  layOut(application) {
    const { account } = application.desktop;
    for (const variable of ['XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME']) {
      rmSync(pathIn(application, variable), { recursive: true, force: true, maxRetries: 5 });
    }
    const stateFolder = pathIn(application, 'XDG_STATE_HOME');
    cpSync(state, stateFolder, { recursive: true });
    writeConfig(application, { log: application.log, ...settings });
    giveTo(account, stateFolder);
    return {};
  },
});

/** Writes what the main process remembers, before a start. */
export function rememberBefore(application: Application, remembered: OwnSettings): void {
  const file = pathIn(application, 'XDG_CONFIG_HOME', 'desktop.json');
  writeFileSync(file, JSON.stringify(remembered), { mode: 0o600 });
  giveTo(application.desktop.account, file);
}

/** Writes the settings file, before a start. */
export function writeConfig(application: Application, settings: OwnSettings | string): void {
  const folder = pathIn(application, 'XDG_CONFIG_HOME');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Who judges, and which line of the log alarms, is not to move with everything that is learned better.
  const text = typeof settings === 'string' ? settings : JSON.stringify({ algorithm: 'lstm', alarm: 3.5, ...settings });
  writeFileSync(join(folder, 'config.json'), text, { mode: 0o600 });
  giveTo(application.desktop.account, folder);
}
