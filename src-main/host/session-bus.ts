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

export interface NotificationServer {
  readonly name: string;
  readonly version: string;
  readonly capabilities: readonly string[];
}

/** Who shows notifications, and what they may have; undefined: nobody. */
export async function notificationServer(): Promise<NotificationServer | undefined> {
  const ask = (method: string) =>
    askBus(`--dest=${notifications}`, '/org/freedesktop/Notifications', `${notifications}.${method}`);
  const [server, abilities] = await Promise.all([ask('GetServerInformation'), ask('GetCapabilities')]);
  if (server === undefined || abilities === undefined) return undefined;
  const [name = '?', , version = ''] = textsIn(server);
  return { name, version, capabilities: textsIn(abilities) };
}

/** The strings of a reply, in order. */
const textsIn = (reply: string): string[] => [...reply.matchAll(/string "([^"]*)"/g)].map((match) => match[1]!);
