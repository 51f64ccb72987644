import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const property = ['org.kde.StatusNotifierWatcher', 'IsStatusNotifierHostRegistered'];
const call = ['--session', '--print-reply', '--dest=org.kde.StatusNotifierWatcher', '/StatusNotifierWatcher'];

/** Whether anything shows tray icons. An application that nobody sees has to show its window. */
export async function hasTrayHost(): Promise<boolean> {
  const args = [...call, 'org.freedesktop.DBus.Properties.Get', ...property.map((one) => `string:${one}`)];
  try {
    return (await execute('dbus-send', args)).stdout.includes('boolean true');
  } catch {
    return false;
  }
}
