import { checkCalled, type Mistake } from './mistake.ts';

const icon = checkCalled('the tray icon is on the bus');
const line = checkCalled('a line of the log');
const pause = checkCalled('a pause is kept');
const autostart = checkCalled('start at login');
const noTray = checkCalled('without a tray');
const button = checkCalled('something strange notifies');
const replaced = checkCalled('one cause has one');
const second = checkCalled('a second start');
const killed = checkCalled('an engine that is killed');
const quit = checkCalled('Quit in the menu');

/** Mistakes in tray, notifications, settings and the life of the processes. */
export const mistakesOfDesktop: readonly Mistake[] = [
  {
    name: 'the menu is set once only',
    file: 'tray.ts',
    from: '  tray.setContextMenu(',
    to: "  if (status.engine === 'running' && status.events > 0) return;\n  tray.setContextMenu(",
    check: line,
    says: /Last: bob/,
  },
  {
    name: 'the icon does not change',
    file: 'tray.ts',
    from: "last === undefined ? 'tray' : 'tray-alert'",
    to: "'tray'",
    check: line,
    says: /an icon of colour #c62828/,
  },
  {
    name: 'every line notifies',
    file: 'worker.ts',
    from: "action.includes('strange')",
    to: "action !== ''",
    check: line,
    says: /it says "2 events, 1 alerts/,
  },
  {
    name: 'the tray icon is made before the application is ready',
    file: 'main.ts',
    from: 'let tray: Tray | undefined;',
    to: 'let tray: Tray | undefined = createTray({ open: () => undefined, redraw: () => undefined });',
    check: icon,
    says: /it ended with 1:[^]*before app is ready/,
  },
  {
    name: 'the main module waits for ready at its top level',
    file: 'main.ts',
    from: 'void app.whenReady().then(start);',
    to: 'await app.whenReady();\nawait start();',
    check: icon,
    says: /it ended with 13:/,
  },
  {
    name: '--hidden is not heeded',
    file: 'main.ts',
    from: "!process.argv.includes('--hidden')",
    to: "process.argv.includes('--hidden')",
    check: icon,
    says: /a window has opened/,
  },
  {
    name: 'a member of Electron is used that the stand-in has not',
    file: 'main.ts',
    from: '  serveBundle();',
    to: '  app.setBadgeCount(1);\n  serveBundle();',
    check: icon,
    says: /app.setBadgeCount is not among/,
  },
  {
    name: 'nobody sees it where there is no tray',
    file: 'main.ts',
    from: ' || !(await hasTrayHost())',
    to: '',
    check: noTray,
    says: /1 visible window/,
  },
  {
    name: 'a pause is not heeded',
    file: 'main.ts',
    from: 'if (!settings.paused) notifier',
    to: 'notifier',
    check: pause,
    says: /notified in a pause/,
  },
  {
    name: 'a pause is not kept',
    file: 'settings.ts',
    from: 'writeFileSync(this.#file, JSON.stringify({ paused }));',
    to: '',
    check: pause,
    says: /still paused/,
  },
  {
    name: 'the path for autostart is not quoted',
    file: 'autostart.ts',
    from: '`Exec="${program}" --hidden`',
    to: '`Exec=${program} --hidden`',
    check: autostart,
    says: /the autostart file does not name the program/,
  },
  {
    name: 'autostart names the mounted program instead of the AppImage',
    file: 'autostart.ts',
    from: 'process.env.APPIMAGE ?? ',
    to: '',
    check: autostart,
    says: /the autostart file does not name the program/,
  },
  {
    name: 'the notification is referenced by nobody',
    file: 'notifier.ts',
    from: 'this.#shown.set(alert.id, notification);',
    to: '',
    check: button,
    says: /1 visible window/,
  },
  {
    name: 'the notification’s button is not listened to',
    file: 'notifier.ts',
    from: "notification.on('action'",
    to: "notification.on('reply'",
    check: button,
    says: /1 visible window/,
  },
  {
    name: 'the notification is critical, which no “do not disturb” holds back',
    file: 'notifier.ts',
    from: "urgency: 'normal'",
    to: "urgency: 'critical'",
    check: button,
    says: /urgency: 2/,
  },
  {
    name: 'each time has a notification of its own',
    file: 'notifier.ts',
    from: 'this.#shown.get(alert.id) ?? this.#create(alert)',
    to: 'this.#create(alert)',
    check: replaced,
    says: /2 notification\(s\) on the screen: there are 3/,
  },
  {
    name: 'there is no lock for a single instance',
    file: 'main.ts',
    from: '!app.requestSingleInstanceLock()',
    to: "process.argv.includes('--never')",
    check: second,
    says: /the application to end/,
  },
  {
    name: 'a second start is not heard',
    file: 'main.ts',
    from: "app.on('second-instance'",
    to: "app.on('activate'",
    check: second,
    says: /1 visible window/,
  },
  {
    name: 'the engine’s death is not noticed',
    file: 'engine.ts',
    from: 'this.#listener.onStopped();',
    to: '',
    check: killed,
    says: /engine stopped/,
  },
  {
    name: 'the engine is not started again',
    file: 'engine.ts',
    from: 'this.start();',
    to: '',
    check: killed,
    says: /it says "1 events, 0 alerts, engine stopped"/,
  },
  {
    name: 'the engine speaks as a child of Node does',
    file: 'worker.ts',
    from: 'process.parentPort.postMessage(message);',
    to: 'process.send!(message);',
    check: icon,
    says: /engine stopped/,
  },
  {
    name: 'Quit is refused by a window that wants to stay',
    file: 'window.ts',
    from: "window.on('closed', () => {",
    to: "window.on('close', (event) => {\n      event.preventDefault();\n    });\n    window.on('closed', () => {",
    check: quit,
    says: /the application to end/,
  },
];
