/** A tiny tray application that does everything ubad's will have to do on a desktop. */
import { app, protocol, session, type Tray } from 'electron';
import { serveBundle } from './bundle.ts';
import { Engine } from './engine.ts';
import { answerPage } from './answers.ts';
import type { Alert, Status } from './messages.ts';
import { Notifier } from './notifier.ts';
import { Settings } from './settings.ts';
import { hasTrayHost } from './tray-host.ts';
import { createTray, showInTray } from './tray.ts';
import { MainWindow } from './window.ts';

if (!app.requestSingleInstanceLock()) {
  app.quit();
  process.exit(0);
}
protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);

let status: Status = { events: 0, alerts: [], engine: 'stopped' };
let tray: Tray | undefined;
const window = new MainWindow();
const settings = new Settings(app.getPath('userData'));
const notifier = new Notifier((id) => {
  window.open(`#/alerts/${id}`);
});

function change(part: Partial<Status>): void {
  status = { ...status, ...part };
  window.send('status', status);
  if (tray !== undefined) showInTray(tray, status, settings, actions);
}

function onStrange(user: string, action: string): void {
  const before = status.alerts.find((one) => one.user === user);
  const alert: Alert = { id: before?.id ?? status.alerts.length + 1, user, action, count: (before?.count ?? 0) + 1 };
  change({ alerts: [...status.alerts.filter((one) => one !== before), alert] });
  if (!settings.paused) notifier.show(alert);
}

const actions = {
  open: (hash?: string): void => {
    window.open(hash);
  },
  redraw: (): void => {
    change({});
  },
};

const engine = new Engine(process.env.SAMPLE_LOG ?? '', {
  onRead: (events) => {
    change({ events, engine: 'running' });
  },
  onStrange,
  onStopped: () => {
    change({ engine: 'stopped' });
  },
});

// The window goes when it is closed; the application stays in the tray.
app.on('window-all-closed', () => undefined);
app.on('second-instance', () => {
  window.open();
});
app.on('before-quit', () => {
  engine.stop();
});

/** Without these Electron grants whatever a page asks for. */
function refusePermissions(): void {
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
}

async function start(): Promise<void> {
  refusePermissions();
  serveBundle();
  answerPage(() => status);
  tray = createTray(actions);
  engine.start();
  change({});
  if (!process.argv.includes('--hidden') || !(await hasTrayHost())) window.open();
}

void app.whenReady().then(start);
