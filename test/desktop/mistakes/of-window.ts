import { checkCalled, type Mistake } from './mistake.ts';

const closed = checkCalled('the window is destroyed');
const follows = checkCalled('an open window follows');
const isolated = checkCalled('the page has no Node');
const stays = checkCalled('the page goes nowhere');
const sender = checkCalled('another page');

/** Mistakes in the window, its page, and what the page may do. */
export const mistakesOfWindow: readonly Mistake[] = [
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
];
