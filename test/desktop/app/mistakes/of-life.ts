import { checkOf, inDesktop, inHost, inIntake, type AppMistake } from './mistake.ts';

const page = checkOf('the page has no Node');
const asks = checkOf('the page can ask');
const nowhere = checkOf('the page goes nowhere');
const other = checkOf('another page in the window');
const told = checkOf('an open window is told');
const closed = checkOf('the window is destroyed');
const crashed = checkOf('a page that crashes');
const secondStart = checkOf('a second start opens');
const killed = checkOf('a worker that is killed');
const full = checkOf('a full disk');
const quit = checkOf('Quit with a window open');
const broken = checkOf('a broken settings file');
const brokenLater = checkOf('a settings file that is broken while');
const autostart = checkOf('start at login');
const readOnly = checkOf('an autostart entry that cannot');
const place = checkOf('the window comes back');
const noTray = checkOf('the doctor’s command for a panel');
const trayGone = checkOf('the doctor misses a tray');

/** Mistakes in the window's walls, and in the life of the processes. */
export const mistakesOfLife: readonly AppMistake[] = [
  {
    name: 'any page in the window is answered',
    ...inDesktop('ipc', 'if (!isOurs(event, ownContents()))', 'if (event.senderFrame === null)'),
    check: other,
    says: /another page was answered/,
  },
  {
    name: 'the page may close the engine',
    ...inDesktop('ipc', 'Object.hasOwn(viewCalls, name) ?', "Object.hasOwn(viewCalls, name) || name === 'close' ?"),
    check: asks,
    says: /the page may ask close/,
  },
  {
    name: 'the page’s input is not checked',
    entry: 'main',
    file: 'src-main/contract/contract.ts',
    from: "v.url(), v.startsWith('https://')",
    to: 'v.url()',
    check: asks,
    says: /openExternal took/,
  },
  {
    name: 'the page’s world is not isolated',
    ...inDesktop('window', 'contextIsolation: true', 'contextIsolation: false'),
    check: page,
    says: /it ended with 1:[^]*isolated/,
  },
  {
    name: 'the page has no sandbox',
    ...inDesktop('window', 'sandbox: true', 'sandbox: false'),
    check: page,
    says: /it ended with 1:[^]*sandboxed/,
  },
  {
    name: 'the page gets all of ipcRenderer',
    entry: 'preload',
    file: 'src-main/preload.ts',
    from: "contextBridge.exposeInMainWorld('bridge', bridge);",
    to: "contextBridge.exposeInMainWorld('bridge', { ...bridge, invoke: (c: string) => ipcRenderer.invoke(c) });",
    check: page,
    says: /the page has more than a bridge/,
  },
  {
    name: 'the policy lets the page’s own scripts run',
    ...inHost('page-files', `"script-src 'self'"`, `"script-src 'self' 'unsafe-inline'"`),
    check: page,
    says: /a script of the page’s own ran/,
  },
  {
    name: 'files outside of the window’s folder are served',
    ...inHost('page-files', 'file.startsWith(normalize(folder) + sep) && ', ''),
    check: page,
    says: /was read/,
  },
  {
    name: 'the page has permissions',
    ...inDesktop(
      'security',
      'decide(false);\n  });\n  defaultSession.setPermissionCheckHandler(() => false);',
      'decide(true);\n  });\n  defaultSession.setPermissionCheckHandler(() => true);',
    ),
    check: page,
    says: /the page has permissions/,
  },
  {
    name: 'the page may leave its address',
    ...inDesktop('security', "contents.on('will-navigate', stay);", ''),
    check: nowhere,
    says: /the page has gone elsewhere/,
  },
  {
    name: 'addresses that are not encrypted are opened',
    ...inDesktop('security', "URL.parse(address)?.protocol === 'https:'", "address !== ''"),
    check: nowhere,
    says: /something else was opened/,
  },
  {
    name: 'a listener is never taken away',
    entry: 'preload',
    file: 'src-main/preload.ts',
    from: 'ipcRenderer.off(channel, heard);',
    to: '',
    check: told,
    says: /still listening/,
  },
  {
    name: 'the window is not told of incidents',
    ...inHost('host', 'this.#options.send(event, value as Events[K]);', ''),
    check: told,
    says: /the page to hear of it/,
  },
  {
    name: 'the window is hidden instead of destroyed',
    ...inDesktop(
      'window',
      "window.on('close', () => {",
      "window.on('close', (event) => {\n      event.preventDefault();\n      window.hide();",
    ),
    check: closed,
    says: /not only hidden/,
  },
  {
    name: 'the program ends with its window',
    entry: 'main',
    file: 'src-main/main.ts',
    from: "app.on('window-all-closed', () => undefined);",
    to: '',
    check: closed,
    says: /the application has ended|the worker has ended|a notification/,
  },
  {
    name: 'a page that crashed stays',
    ...inDesktop('window', "on('render-process-gone', () => {", "on('render-process-gone', () => {\n      return;"),
    check: crashed,
    says: /visible window/,
  },
  {
    name: 'the window’s place is forgotten',
    ...inDesktop('desktop', 'remembered: () => this.#memory.all.window', 'remembered: () => null'),
    check: place,
    says: /it was at/,
  },
  {
    name: 'there is no lock for a single instance',
    entry: 'main',
    file: 'src-main/main.ts',
    from: 'if (app.requestSingleInstanceLock())',
    to: 'if (process.pid > 0)',
    check: secondStart,
    says: /the application to end/,
  },
  {
    name: 'a second start is not heard',
    entry: 'main',
    file: 'src-main/main.ts',
    from: "app.on('second-instance'",
    to: "app.on('activate'",
    check: secondStart,
    says: /1 visible window/,
  },
  {
    name: 'a second hidden start opens a window',
    entry: 'main',
    file: 'src-main/main.ts',
    from: 'obey(argv);',
    to: 'obey([]);',
    check: secondStart,
    says: /a hidden start has opened a window/,
  },
  {
    name: 'the worker’s death is not shown',
    ...inHost('worker-link', "this.#tell({ state: 'down', cause, again: Date.now() + wait });", ''),
    // Who does not know that it is down does not start it again either.
    check: killed,
    says: /another worker|the tray to say .*The engine stopped/,
  },
  {
    name: 'the worker is not started again',
    ...inHost(
      'worker-link',
      'this.#timer = setTimeout(() => {\n      this.start();',
      'this.#timer = setTimeout(() => {',
    ),
    check: killed,
    says: /another worker/,
  },
  {
    name: 'a batch is sent again that is stored',
    ...inIntake('ingestor', 'const ingested =', 'await engine.ingest(batch);\n      const ingested ='),
    check: killed,
    says: /something was read twice/,
  },
  {
    name: 'reading resumes where the main process believes, not where the worker stored',
    ...inIntake(
      'ingestor',
      'const from = await engine.checkpoint(path);',
      "const known = globalThis as { from?: unknown };\n    if (!('from' in known)) known.from = await engine.checkpoint(path);\n    const from = known.from as Awaited<ReturnType<typeof engine.checkpoint>>;",
    ),
    check: killed,
    says: /something was read twice/,
  },
  {
    name: 'a full disk is not told of',
    ...inIntake('ingest', 'onProblem(problem);', ''),
    check: full,
    says: /the tray to say .*The disk is full/,
  },
  {
    name: 'what a full disk cannot take is dropped',
    ...inIntake('ingest', 'await pauseFor(retryMs, signal);\n    if (signal.aborted) return;', 'return;'),
    check: full,
    says: /The disk is full|a notification .*alice/,
  },
  {
    name: 'Quit never comes to its end',
    entry: 'main',
    file: 'src-main/main.ts',
    from: "state = 'stopped';",
    to: '',
    check: quit,
    says: /the application to end/,
  },
  {
    name: 'a broken settings file is thrown away',
    entry: 'main',
    file: 'src-main/settings/config.ts',
    from: '  renameSync(file, aside);',
    to: '  renameSync(file, `${file}.gone`);',
    check: broken,
    says: /config\.json\.broken/,
  },
  {
    name: 'a settings file that is broken later stops the program',
    ...inDesktop(
      'settings',
      '      } catch {',
      '      } catch (error) {\n        if (error instanceof Error) throw error;',
    ),
    check: brokenLater,
    says: /waited/,
  },
  {
    name: 'Hidden=true is not honoured',
    ...inDesktop('autostart', '&& !/^', '&& !/^never'),
    check: autostart,
    says: /Hidden=true is not honoured/,
  },
  {
    name: 'what cannot be written at login hinders the start',
    ...inDesktop(
      'autostart',
      'return undefined;\n    } catch (error) {',
      'return undefined;\n    } catch (error) {\n      throw error;',
    ),
    check: readOnly,
    says: /./,
  },
  {
    name: 'autostart names the mounted program instead of the AppImage',
    ...inDesktop('autostart', "if (image?.startsWith('/')) return [image];", ''),
    check: autostart,
    says: /Exec/,
  },
  {
    name: 'what the doctor advises for a tray adds something else to the panel',
    ...inHost('doctor/desktop', 'xfce4-panel --add=systray', 'xfce4-panel --add=separator'),
    check: noTray,
    says: /waited \d+ ms for the doctor to find the tray/,
  },
  {
    name: 'a tray that was there once is there for ever',
    ...inDesktop('desktop', '(await hasTrayHost()) || (this.#trayHost === null ? null : false)', 'this.#trayHost'),
    check: trayGone,
    says: /the doctor still sees the tray/,
  },
];
