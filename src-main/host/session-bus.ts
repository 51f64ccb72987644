import { execFile } from 'node:child_process';

const TIMEOUT_MS = 3000;
const watcher = 'org.kde.StatusNotifierWatcher';
const notifications = 'org.freedesktop.Notifications';

/** Asks the session bus by D-Bus's own tool: two questions are no reason for a library. Undefined: no answer. */
function askBus(...words: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const all = ['--session', '--print-reply', `--reply-timeout=${TIMEOUT_MS}`, ...words];
    execFile('dbus-send', all, { timeout: TIMEOUT_MS + 500 }, (error, output) => {
      resolve(error ? undefined : output);
    });
  });
}

/** Whether something on the desktop shows tray icons now. */
export async function hasTrayHost(): Promise<boolean> {
  const reply = await askBus(
    `--dest=${watcher}`,
    '/StatusNotifierWatcher',
    'org.freedesktop.DBus.Properties.Get',
    `string:${watcher}`,
    'string:IsStatusNotifierHostRegistered',
  );
  return reply?.includes('boolean true') ?? false;
}

/** Whether notifications may have buttons. Xfce's server says no while "do not disturb" is on. */
export async function hasNotificationButtons(): Promise<boolean> {
  const reply = await askBus(
    `--dest=${notifications}`,
    '/org/freedesktop/Notifications',
    `${notifications}.GetCapabilities`,
  );
  return reply?.includes('"actions"') ?? false;
}
