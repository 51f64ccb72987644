import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app } from 'electron';

const file = (): string => join(app.getPath('appData'), 'autostart', 'bench-sample.desktop');

export function isAutostarted(): boolean {
  return existsSync(file());
}

/** On Linux autostart is a file; an AppImage has to name itself, not the folder that it is mounted on. */
export function setAutostart(on: boolean): void {
  if (!on) {
    rmSync(file(), { force: true });
    return;
  }
  const program = process.env.APPIMAGE ?? process.execPath;
  mkdirSync(dirname(file()), { recursive: true });
  const lines = ['[Desktop Entry]', 'Type=Application', 'Name=BenchSample', `Exec="${program}" --hidden`];
  writeFileSync(file(), `${lines.join('\n')}\n`);
}
