import { lifeChecks } from '../checks/life.ts';
import { notificationChecks } from '../checks/notifications.ts';
import { trayChecks } from '../checks/tray.ts';
import { windowChecks } from '../checks/window.ts';
import type { Check } from '../checks/check.ts';

/** A change of the sample's source that somebody could make by mistake, and how it shows. */
export interface Mistake {
  readonly name: string;
  /** A file of the sample, what stands there and what is put in its place. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The check that has to fail… */
  readonly check: Check;
  /** …and what it then says: failing for another reason does not count. */
  readonly says: RegExp;
}

const all = [...trayChecks, ...notificationChecks, ...windowChecks, ...lifeChecks];
const check = (beginning: string): Check => {
  const found = all.find((one) => one.name.startsWith(beginning));
  if (found === undefined) throw new Error(`no check begins with "${beginning}"`);
  return found;
};

const icon = check('the tray icon is on the bus');
const line = check('a line of the log');
const pause = check('a pause is kept');
const autostart = check('start at login');
const noTray = check('without a tray');
const button = check('something strange notifies');
const replaced = check('one cause has one');
const closed = check('the window is destroyed');
const follows = check('an open window follows');
const isolated = check('the page has no Node');
const stays = check('the page goes nowhere');
const sender = check('another page');
const second = check('a second start');
const killed = check('an engine that is killed');
const quit = check('Quit in the menu');

export const mistakes: readonly Mistake[] = [
  {
    name: 'context isolation is off',
    ...{ file: 'window.ts', from: 'contextIsolation: true', to: 'contextIsolation: false' },
    ...{ check: isolated, says: /sandboxed, isolated and without Node/ },
  },
  {
    name: 'the page has Node',
    ...{ file: 'window.ts', from: 'nodeIntegration: false', to: 'nodeIntegration: true' },
    ...{ check: isolated, says: /sandboxed, isolated and without Node/ },
  },
  {
    name: 'the sandbox is off',
    ...{ file: 'window.ts', from: 'sandbox: true', to: 'sandbox: false' },
    ...{ check: isolated, says: /sandboxed, isolated and without Node/ },
  },
  {
    name: 'the preload script’s path is wrong',
    ...{ file: 'window.ts', from: "'preload.cjs'", to: "'preload.js'" },
    ...{ check: isolated, says: /Unable to load preload script/ },
  },
  {
    name: 'the preload script wants a module of Node',
    ...{
      file: 'preload.ts',
      from: "const questions = ['status', 'open'];",
      to: "import { readFileSync } from 'node:fs';\nconst questions = ['status', 'open', readFileSync.name];",
    },
    ...{ check: isolated, says: /#status to say/ },
  },
  {
    name: 'the preload script lets any question through',
    ...{
      file: 'preload.ts',
      from: 'if (!questions.includes(question)) throw',
      to: 'if (questions.length === 0) throw',
    },
    ...{ check: isolated, says: /No handler registered for/ },
  },
  {
    name: 'the policy allows scripts in the page',
    ...{ file: 'bundle.ts', from: "script-src 'self'", to: "script-src 'self' 'unsafe-inline'" },
    ...{ check: isolated, says: /a script of the page’s own ran/ },
  },
  {
    name: 'there is no policy',
    ...{ file: 'bundle.ts', from: ", 'content-security-policy': policy", to: '' },
    ...{ check: isolated, says: /a script of the page’s own ran/ },
  },
  {
    name: 'the page can read files beside its own',
    ...{ file: 'bundle.ts', from: ' || !path.startsWith(page + sep)', to: '' },
    ...{ check: isolated, says: /a file outside the page’s folder was read/ },
  },
  {
    name: 'the page is granted every permission',
    ...{ file: 'main.ts', from: '  refusePermissions();\n  serve', to: '  serve' },
    ...{ check: isolated, says: /the page has permissions/ },
  },
  {
    name: 'any URL is opened',
    ...{ file: 'answers.ts', from: "!url.startsWith('https://')", to: "url === ''" },
    ...{ check: isolated, says: /Missing expected rejection/ },
  },
  {
    name: 'whoever asks is answered',
    ...{
      file: 'answers.ts',
      from: "if (senderFrame?.url.startsWith('app://bundle/') !== true)",
      to: 'if (senderFrame === null)',
    },
    ...{ check: sender, says: /Missing expected rejection/ },
  },
  {
    name: 'a question has no handler',
    ...{ file: 'answers.ts', from: "'ask:status'", to: "'ask:state'" },
    ...{ check: follows, says: /No handler registered for 'ask:status'/ },
  },
  {
    name: 'an answer cannot be cloned',
    ...{ file: 'answers.ts', from: 'return status();', to: 'return { ...status(), ask: () => status() };' },
    ...{ check: follows, says: /#status to say/ },
  },
  {
    name: 'the scheme is not registered as standard',
    ...{ file: 'main.ts', from: 'standard: true, ', to: '' },
    ...{ check: follows, says: /has to be registered as standard and secure|the page index.html/ },
  },
  {
    name: 'the page may go anywhere',
    ...{ file: 'window.ts', from: "if (!url.startsWith('app://bundle/')) event", to: "if (url === '') event" },
    ...{ check: stays, says: /the page has gone elsewhere/ },
  },
  {
    name: 'popups are dropped',
    ...{ file: 'window.ts', from: "if (url.startsWith('https://')) void", to: "if (url === '') void" },
    ...{ check: stays, says: /the popup in the browser outside/ },
  },
  {
    name: 'the window hides instead of going',
    ...{
      file: 'window.ts',
      from: "window.on('closed', () => {",
      to: "window.on('close', (event) => {\n      event.preventDefault();\n      window.hide();\n    });\n    window.on('closed', () => {",
    },
    ...{ check: closed, says: /the page to be gone, not only hidden/ },
  },
  {
    name: 'the window that is gone is not forgotten',
    ...{ file: 'window.ts', from: 'this.#window = undefined;', to: '' },
    ...{ check: closed, says: /Object has been destroyed/ },
  },
  {
    name: 'the application ends with its window',
    ...{ file: 'main.ts', from: "app.on('window-all-closed', () => undefined);", to: '' },
    ...{ check: closed, says: /the application has ended with its window|an item in the tray/ },
  },
  {
    name: 'the open window is not told of news',
    ...{ file: 'main.ts', from: "window.send('status', status);", to: '' },
    ...{ check: follows, says: /it says "0 events, 0 alerts"/ },
  },
  {
    name: 'the menu is set once only',
    ...{
      file: 'tray.ts',
      from: '  tray.setContextMenu(',
      to: "  if (status.engine === 'running' && status.events > 0) return;\n  tray.setContextMenu(",
    },
    ...{ check: line, says: /Last: bob/ },
  },
  {
    name: 'the icon does not change',
    ...{ file: 'tray.ts', from: "last === undefined ? 'tray' : 'tray-alert'", to: "'tray'" },
    ...{ check: line, says: /an icon of colour #c62828/ },
  },
  {
    name: 'every line notifies',
    ...{ file: 'worker.ts', from: "action.includes('strange')", to: "action !== ''" },
    ...{ check: line, says: /it says "2 events, 1 alerts/ },
  },
  {
    name: 'the tray icon is made before the application is ready',
    ...{
      file: 'main.ts',
      from: 'let tray: Tray | undefined;',
      to: 'let tray: Tray | undefined = createTray({ open: () => undefined, redraw: () => undefined });',
    },
    ...{ check: icon, says: /it ended with 1:[^]*before app is ready/ },
  },
  {
    name: 'the main module waits for ready at its top level',
    ...{ file: 'main.ts', from: 'void app.whenReady().then(start);', to: 'await app.whenReady();\nawait start();' },
    ...{ check: icon, says: /it ended with 13:/ },
  },
  {
    name: '--hidden is not heeded',
    ...{ file: 'main.ts', from: "!process.argv.includes('--hidden')", to: "process.argv.includes('--hidden')" },
    ...{ check: icon, says: /a window has opened/ },
  },
  {
    name: 'a member of Electron is used that the stand-in has not',
    ...{ file: 'main.ts', from: '  serveBundle();', to: '  app.setBadgeCount(1);\n  serveBundle();' },
    ...{ check: icon, says: /app.setBadgeCount is not among/ },
  },
  {
    name: 'nobody sees it where there is no tray',
    ...{ file: 'main.ts', from: ' || !(await hasTrayHost())', to: '' },
    ...{ check: noTray, says: /1 visible window/ },
  },
  {
    name: 'a pause is not heeded',
    ...{ file: 'main.ts', from: 'if (!settings.paused) notifier', to: 'notifier' },
    ...{ check: pause, says: /notified in a pause/ },
  },
  {
    name: 'a pause is not kept',
    ...{ file: 'settings.ts', from: 'writeFileSync(this.#file, JSON.stringify({ paused }));', to: '' },
    ...{ check: pause, says: /still paused/ },
  },
  {
    name: 'the path for autostart is not quoted',
    ...{ file: 'autostart.ts', from: '`Exec="${program}" --hidden`', to: '`Exec=${program} --hidden`' },
    ...{ check: autostart, says: /the autostart file does not name the program/ },
  },
  {
    name: 'autostart names the mounted program instead of the AppImage',
    ...{ file: 'autostart.ts', from: 'process.env.APPIMAGE ?? ', to: '' },
    ...{ check: autostart, says: /the autostart file does not name the program/ },
  },
  {
    name: 'the notification is referenced by nobody',
    ...{ file: 'notifier.ts', from: 'this.#shown.set(alert.id, notification);', to: '' },
    ...{ check: button, says: /1 visible window/ },
  },
  {
    name: 'the notification’s button is not listened to',
    ...{ file: 'notifier.ts', from: "notification.on('action'", to: "notification.on('reply'" },
    ...{ check: button, says: /1 visible window/ },
  },
  {
    name: 'the notification is critical, which no “do not disturb” holds back',
    ...{ file: 'notifier.ts', from: "urgency: 'normal'", to: "urgency: 'critical'" },
    ...{ check: button, says: /urgency: 2/ },
  },
  {
    name: 'each time has a notification of its own',
    ...{ file: 'notifier.ts', from: 'this.#shown.get(alert.id) ?? this.#create(alert)', to: 'this.#create(alert)' },
    ...{ check: replaced, says: /2 notification\(s\) on the screen: there are 3/ },
  },
  {
    name: 'there is no lock for a single instance',
    ...{ file: 'main.ts', from: '!app.requestSingleInstanceLock()', to: "process.argv.includes('--never')" },
    ...{ check: second, says: /the application to end/ },
  },
  {
    name: 'a second start is not heard',
    ...{ file: 'main.ts', from: "app.on('second-instance'", to: "app.on('activate'" },
    ...{ check: second, says: /1 visible window/ },
  },
  {
    name: 'the engine’s death is not noticed',
    ...{ file: 'engine.ts', from: 'this.#listener.onStopped();', to: '' },
    ...{ check: killed, says: /engine stopped/ },
  },
  {
    name: 'the engine is not started again',
    ...{ file: 'engine.ts', from: 'this.start();', to: '' },
    ...{ check: killed, says: /it says "1 events, 0 alerts, engine stopped"/ },
  },
  {
    name: 'the engine speaks as a child of Node does',
    ...{ file: 'worker.ts', from: 'process.parentPort.postMessage(message);', to: 'process.send!(message);' },
    ...{ check: icon, says: /engine stopped/ },
  },
  {
    name: 'Quit is refused by a window that wants to stay',
    ...{
      file: 'window.ts',
      from: "window.on('closed', () => {",
      to: "window.on('close', (event) => {\n      event.preventDefault();\n    });\n    window.on('closed', () => {",
    },
    ...{ check: quit, says: /the application to end/ },
  },
];
